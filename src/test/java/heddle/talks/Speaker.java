package heddle.talks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A client that says what a test wants, behind implicit TLS. */
final class Speaker implements AutoCloseable {
  private final SSLSocket socket;
  private final BufferedReader in;

  Speaker(TestServer server, KeyManager... keys) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new TrustAll()}, new SecureRandom());
    var plain = new Socket("127.0.0.1", server.port("submissions"));
    plain.setSoTimeout(20_000);
    plain.setTcpNoDelay(true);
    socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(plain, "mail.example.org", plain.getPort(), true);
    socket.startHandshake();
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    reply();
  }

  /** Has said EHLO already, under this name. */
  static Speaker named(TestServer server, String name, KeyManager... keys) throws Exception {
    var speaker = new Speaker(server, keys);
    speaker.ask("EHLO " + name);
    return speaker;
  }

  void say(String line) throws IOException {
    socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** The lines of a reply, joined by a bar. */
  String reply() throws IOException {
    List<String> lines = new ArrayList<>();
    do {
      String line = in.readLine();
      if (line == null) {
        return lines.isEmpty() ? "gone" : String.join("|", lines) + "|gone";
      }
      lines.add(line);
    } while (lines.getLast().length() > 3 && lines.getLast().charAt(3) == '-');
    return String.join("|", lines);
  }

  String ask(String line) throws IOException {
    say(line);
    return reply();
  }

  /** Says it in base64. */
  String answer(String text) throws IOException {
    return ask(base64(text));
  }

  String plain(String user, String password) throws IOException {
    return ask("AUTH PLAIN " + base64("\0" + user + "\0" + password));
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What a 334 asks. */
  static String prompt(String reply) {
    return new String(
        Base64.getDecoder().decode(reply.substring("334 ".length())), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
