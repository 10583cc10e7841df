import heddle.hook.Connection;
import heddle.hook.PasswordHook;
import heddle.mail.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Asks another SMTP server, by logging in there. What it cannot tell is an exception and so a 454:
 * a client forgets its password at a 535.
 */
public final class SmtpLookup implements PasswordHook {
  private static final String HOST = System.getProperty("lookup.host", "mail.example.net");
  private static final int PORT = Integer.getInteger("lookup.port", 465);
  private static final int MILLIS = 4_000;

  @Override
  public boolean authPlain(
      String authz,
      String authc,
      Secret password,
      Connection connection,
      ConcurrentMap<String, Object> attributes)
      throws IOException {
    try (Socket socket = connect();
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      OutputStream out = socket.getOutputStream();
      expect(in, 220);
      say(out, "EHLO localhost");
      expect(in, 250);
      say(out, "AUTH PLAIN " + password.use(octets -> plain(authz, authc, octets)));
      int code = reply(in);
      say(out, "QUIT");
      if (code != 235 && code != 535) {
        throw new IOException("the other server says " + code);
      }
      return code == 235;
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(HOST, PORT), MILLIS);
    socket.setSoTimeout(MILLIS);
    if (PORT != 465) {
      return socket; // a look-up on this machine
    }
    SSLSocket tls =
        (SSLSocket)
            ((SSLSocketFactory) SSLSocketFactory.getDefault())
                .createSocket(socket, HOST, PORT, true);
    var parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    tls.setSSLParameters(parameters);
    return tls;
  }

  private static String plain(String authz, String authc, byte[] password) {
    byte[] names = (authz + "\0" + authc + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[names.length + password.length];
    System.arraycopy(names, 0, all, 0, names.length);
    System.arraycopy(password, 0, all, names.length, password.length);
    return Base64.getEncoder().encodeToString(all);
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void expect(BufferedReader in, int code) throws IOException {
    int heard = reply(in);
    if (heard != code) {
      throw new IOException("the other server says " + heard);
    }
  }

  private static int reply(BufferedReader in) throws IOException {
    while (true) {
      String line = in.readLine();
      if (line == null || !line.matches("[2-5][0-9]{2}.*")) {
        throw new IOException("the other server makes no sense");
      }
      if (line.length() == 3 || line.charAt(3) != '-') {
        return Integer.parseInt(line.substring(0, 3));
      }
    }
  }
}
