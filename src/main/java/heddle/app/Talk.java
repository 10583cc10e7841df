package heddle.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A scripted conversation: plays the client's part and holds the server to its own. What may stand
 * in it, docs/hooks.md tells. Used once.
 */
public final class Talk {
  /** The conversation went another way. The message names file and line. */
  public static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }
  }

  private static final String CONFIG = "config: ";

  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final Pattern BASE64 = Pattern.compile("\\$\\{b64:([^}]*)}");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(x[0-9A-Fa-f]{2}|.)");
  private static final Pattern REPEAT = Pattern.compile("\\$\\{repeat:(\\d{1,6}):([^}]*)}");
  private final Path file;
  private final List<String> lines;
  private final ToIntFunction<String> ports;
  private @Nullable Socket socket;
  private List<String> reply = List.of();
  private int at;

  /**
   * @param ports from a listener's name to its port on loopback
   */
  public Talk(Path file, List<String> lines, ToIntFunction<String> ports) {
    this.file = file;
    this.lines = List.copyOf(lines);
    this.ports = ports;
  }

  /** What a talk wants in the configuration of its server. */
  public static List<String> config(List<String> lines) {
    return lines.stream()
        .filter(l -> l.startsWith(CONFIG))
        .map(l -> l.substring(CONFIG.length()))
        .toList();
  }

  public void run() throws Failed, IOException {
    try {
      for (at = 0; at < lines.size(); at++) {
        try {
          step(lines.get(at));
        } catch (SocketTimeoutException silent) {
          throw failed("the server said nothing");
        } catch (SocketException | SSLException gone) {
          throw failed("the connection broke: " + gone.getMessage());
        }
      }
    } finally {
      if (socket != null) {
        socket.close();
      }
    }
  }

  private Failed failed(String how) {
    return new Failed(file.getFileName() + ":" + (at + 1) + ": " + how);
  }

  private void demand(boolean holds, String otherwise) throws Failed {
    if (!holds) {
      throw failed(otherwise);
    }
  }

  private Socket line() throws Failed {
    Socket open = socket;
    if (open == null) {
      throw failed("nobody has connected yet; a talk begins with: connect LISTENER");
    }
    return open;
  }

  private void step(String line) throws Failed, IOException {
    if (line.isBlank() || line.startsWith("#") || line.startsWith(CONFIG)) {
      return;
    }
    String rest = line.length() > 3 ? line.substring(3) : "";
    if (line.startsWith("connect ")) {
      connect(line.substring("connect ".length()).strip());
    } else if (line.equals("TLS")) {
      socket = tls(line());
    } else if (line.equals("EOF")) {
      demand(end().isEmpty(), "expected the end of the connection");
    } else if (line.equals("QUIET")) {
      quiet();
    } else if (line.startsWith("C:")) {
      say(octets(rest + "\r\n"));
    } else if (line.startsWith("C>")) {
      say(octets(rest));
    } else if (line.startsWith("S:")) {
      String heard = hear();
      demand(heard.equals(rest), "heard \"" + heard + "\", not \"" + rest + "\"");
    } else if (line.startsWith("S~")) {
      String heard = hear();
      demand(matches(heard, rest), "heard \"" + heard + "\", not " + rest);
    } else if (line.startsWith("S*")) {
      reply = hearReply();
      demand(reply.getLast().startsWith(rest + " "), "heard " + reply + ", not " + rest);
    } else if (line.startsWith("S-")) {
      demand(said(rest), "\"" + rest + "\" is missing in " + reply);
    } else if (line.startsWith("S!")) {
      demand(!said(rest), "\"" + rest + "\" stands in " + reply);
    } else {
      throw failed("not understood: " + line);
    }
  }

  private boolean matches(String heard, String regex) throws Failed {
    try {
      return heard.matches(regex);
    } catch (PatternSyntaxException wrong) {
      throw failed("no regular expression: " + wrong.getDescription());
    }
  }

  private void connect(String listener) throws Failed, IOException {
    int port;
    try {
      port = ports.applyAsInt(listener);
    } catch (IllegalArgumentException unknown) {
      throw failed("there is no listener " + listener);
    }
    if (socket != null) {
      socket.close();
    }
    Socket open = new Socket(LOOPBACK, port);
    open.setSoTimeout(10_000);
    open.setTcpNoDelay(true);
    socket = open;
  }

  /** Any certificate is taken: the server is at hand, and its certificate is its own. */
  private static SSLSocket tls(Socket plain) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
      SSLSocket tls =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(plain, "mail.example.org", plain.getPort(), true);
      tls.startHandshake();
      return tls;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private boolean said(String words) {
    return reply.stream().anyMatch(l -> l.substring(4).equals(words));
  }

  private List<String> hearReply() throws Failed, IOException {
    List<String> heard = new ArrayList<>();
    do {
      heard.add(hear());
    } while (heard.getLast().length() > 3 && heard.getLast().charAt(3) == '-');
    return heard;
  }

  private void say(byte[] octets) throws Failed, IOException {
    line().getOutputStream().write(octets);
    line().getOutputStream().flush();
  }

  private String hear() throws Failed, IOException {
    var words = new ByteArrayOutputStream();
    InputStream in = line().getInputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw failed("the server hung up after \"" + words + "\"");
      }
      words.write(c);
    }
    String text = words.toString(StandardCharsets.UTF_8);
    demand(text.endsWith("\r"), "a line without CR: " + text);
    return text.substring(0, text.length() - 1);
  }

  private String end() throws Failed, IOException {
    try {
      int c = line().getInputStream().read();
      return c < 0 ? "" : (char) c + "…";
    } catch (SocketException | SSLException cut) {
      return "";
    }
  }

  private void quiet() throws Failed, IOException {
    line().setSoTimeout(200);
    try {
      int c = line().getInputStream().read();
      throw failed("the server went on speaking: " + (char) c);
    } catch (SocketTimeoutException quiet) {
      line().setSoTimeout(10_000);
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
    Matcher escape = ESCAPE.matcher(text);
    var out = new ByteArrayOutputStream();
    int from = 0;
    while (escape.find()) {
      out.writeBytes(text.substring(from, escape.start()).getBytes(StandardCharsets.UTF_8));
      String what = escape.group(1);
      switch (what) {
        case "r" -> out.write('\r');
        case "n" -> out.write('\n');
        case "0" -> out.write(0);
        default -> {
          if (what.length() == 3) {
            out.write(Integer.parseInt(what, 1, 3, 16));
          } else {
            out.writeBytes(what.getBytes(StandardCharsets.UTF_8));
          }
        }
      }
      from = escape.end();
    }
    out.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
