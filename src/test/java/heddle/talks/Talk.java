package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Plays the client's part of a talk and holds the server to its own. See the README beside it. */
final class Talk {
  private static final Pattern BASE64 = Pattern.compile("\\$\\{b64:([^}]*)}");
  private static final Pattern REPEAT = Pattern.compile("\\$\\{repeat:(\\d+):([^}]*)}");
  private final Path file;
  private final List<String> lines;
  private final TestServer server;
  private Socket socket;
  private List<String> reply = List.of();
  private int at;

  Talk(Path file, List<String> lines, TestServer server) {
    this.file = file;
    this.lines = lines;
    this.server = server;
  }

  void run() throws Exception {
    try {
      for (at = 0; at < lines.size(); at++) {
        try {
          step(lines.get(at));
        } catch (SocketTimeoutException silent) {
          fail(where() + "the server said nothing");
        } catch (SocketException | SSLException gone) {
          fail(where() + "the connection broke: " + gone.getMessage());
        }
      }
    } finally {
      if (socket != null) {
        socket.close();
      }
    }
  }

  private String where() {
    return file.getFileName() + ":" + (at + 1) + ": ";
  }

  private void step(String line) throws Exception {
    if (line.isBlank() || line.startsWith("#") || line.startsWith("config: ")) {
      return;
    }
    String rest = line.length() > 3 ? line.substring(3) : "";
    if (line.startsWith("connect ")) {
      socket = new Socket("127.0.0.1", server.port(line.substring("connect ".length())));
      socket.setSoTimeout(10_000);
      socket.setTcpNoDelay(true);
    } else if (line.equals("TLS")) {
      socket = server.tls(socket);
    } else if (line.equals("EOF")) {
      assertEquals("", end(), where() + "expected the end of the connection");
    } else if (line.equals("QUIET")) {
      quiet();
    } else if (line.startsWith("C:")) {
      say(octets(rest + "\r\n"));
    } else if (line.startsWith("C>")) {
      say(octets(rest));
    } else if (line.startsWith("S:")) {
      assertEquals(rest, hear(), where());
    } else if (line.startsWith("S~")) {
      String heard = hear();
      assertTrue(heard.matches(rest), where() + "heard \"" + heard + "\", not " + rest);
    } else if (line.startsWith("S*")) {
      reply = hearReply();
      assertTrue(reply.getLast().startsWith(rest + " "), where() + "heard " + reply);
    } else if (line.startsWith("S-")) {
      assertTrue(said(rest), where() + "\"" + rest + "\" is missing in " + reply);
    } else if (line.startsWith("S!")) {
      assertFalse(said(rest), where() + "\"" + rest + "\" stands in " + reply);
    } else {
      fail(where() + "not understood: " + line);
    }
  }

  private boolean said(String words) {
    return reply.stream().anyMatch(l -> l.substring(4).equals(words));
  }

  private List<String> hearReply() throws IOException {
    List<String> heard = new ArrayList<>();
    do {
      heard.add(hear());
    } while (heard.getLast().length() > 3 && heard.getLast().charAt(3) == '-');
    return heard;
  }

  private void say(byte[] octets) throws IOException {
    socket.getOutputStream().write(octets);
    socket.getOutputStream().flush();
  }

  private String hear() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = socket.getInputStream().read(); c != '\n'; c = socket.getInputStream().read()) {
      if (c < 0) {
        return fail(where() + "the server hung up after \"" + line + "\"");
      }
      line.write(c);
    }
    String text = line.toString(StandardCharsets.UTF_8);
    assertTrue(text.endsWith("\r"), where() + "a line without CR: " + text);
    return text.substring(0, text.length() - 1);
  }

  private String end() throws IOException {
    try {
      int c = socket.getInputStream().read();
      return c < 0 ? "" : (char) c + "…";
    } catch (SocketException | SSLException cut) {
      return "";
    }
  }

  private void quiet() throws IOException {
    socket.setSoTimeout(200);
    try {
      int c = socket.getInputStream().read();
      fail(where() + "the server went on speaking: " + (char) c);
    } catch (SocketTimeoutException quiet) {
      socket.setSoTimeout(10_000);
    }
  }

  /** Escapes and insertions, as the README has them. */
  private static byte[] octets(String text) {
    Matcher repeat = REPEAT.matcher(text);
    String repeated =
        repeat.replaceAll(
            m -> Matcher.quoteReplacement(m.group(2).repeat(Integer.parseInt(m.group(1)))));
    Matcher base64 = BASE64.matcher(repeated);
    var out = new ByteArrayOutputStream();
    int from = 0;
    while (base64.find()) {
      out.writeBytes(unescaped(repeated.substring(from, base64.start())));
      out.writeBytes(Base64.getEncoder().encode(unescaped(base64.group(1))));
      from = base64.end();
    }
    out.writeBytes(unescaped(repeated.substring(from)));
    return out.toByteArray();
  }

  private static byte[] unescaped(String text) {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        out.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      i++;
      switch (text.charAt(i)) {
        case 'r' -> out.write('\r');
        case 'n' -> out.write('\n');
        case '0' -> out.write(0);
        case 'x' -> {
          out.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
          i += 2;
        }
        default -> out.write(text.charAt(i));
      }
    }
    return out.toByteArray();
  }
}
