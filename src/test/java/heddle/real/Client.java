package heddle.real;

import heddle.talks.TrustAll;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A client that says what it is told to, over implicit TLS. */
final class Client implements AutoCloseable {
  private static final SSLContext TRUSTING = trusting();
  private final SSLSocket socket;
  private final InputStream in;
  private final OutputStream out;

  Client(int port) throws IOException {
    this(port, "127.0.0.1");
  }

  /**
   * @param from the address of loopback to come from
   */
  Client(int port, String from) throws IOException {
    this(port, from, "");
  }

  /**
   * @param header of a proxy, before all else
   */
  Client(int port, String from, String header) throws IOException {
    Socket plain = new Socket();
    plain.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    plain.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 30_000);
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(60_000);
    plain.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
    socket = (SSLSocket) TRUSTING.getSocketFactory().createSocket(plain, "localhost", port, true);
    socket.startHandshake();
    in = new BufferedInputStream(socket.getInputStream(), 512);
    out = socket.getOutputStream();
    expect(220);
  }

  /** A handshake by somebody who takes any certificate. */
  static SSLSocket secured(int port) throws IOException {
    Socket plain = new Socket("127.0.0.1", port);
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(20_000);
    SSLSocket tls =
        (SSLSocket) TRUSTING.getSocketFactory().createSocket(plain, "localhost", port, true);
    tls.startHandshake();
    return tls;
  }

  Client login() throws IOException {
    return login(ServerProcess.USER, ServerProcess.PASSWORD);
  }

  Client login(String user, String password) throws IOException {
    command("EHLO client", 250);
    String plain =
        Base64.getEncoder()
            .encodeToString(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
    command("AUTH PLAIN " + plain, 235);
    return this;
  }

  void command(String line, int code) throws IOException {
    write(line + "\r\n");
    expect(code);
  }

  void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  void write(byte[] octets) throws IOException {
    out.write(octets);
    out.flush();
  }

  /** Hands over a message; the last line of the reply. */
  String send(String to, byte[] stuffed) throws IOException {
    command("MAIL FROM:<" + ServerProcess.USER + ">", 250);
    command("RCPT TO:<" + to + ">", 250);
    command("DATA", 354);
    write(stuffed);
    write(".\r\n");
    return expect(250);
  }

  String expect(int code) throws IOException {
    String line = line();
    while (line.length() > 3 && line.charAt(3) == '-') {
      line = line();
    }
    if (!line.startsWith(code + " ")) {
      throw new IOException("heard \"" + line + "\", not " + code);
    }
    return line;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server hung up");
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      // As wished.
    }
  }

  private static SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
      return context;
    } catch (java.security.GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
