package heddle.talks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A client in clear, behind a UNIX socket, or under TLS as the test wants it. */
public final class Visitor implements AutoCloseable {
  private final AutoCloseable line;
  private final InputStream in;
  private final OutputStream out;

  private Visitor(AutoCloseable line, InputStream in, OutputStream out) {
    this.line = line;
    this.in = in;
    this.out = out;
  }

  /** Connected, and no more: nothing was heard yet. */
  static Visitor at(TestServer server, String listener) throws IOException {
    return at("127.0.0.1", server.port(listener));
  }

  static Visitor at(String address, int port) throws IOException {
    return of(new Socket(address, port));
  }

  /**
   * As {@link #at(String, int)}, at 127.0.0.1.
   *
   * @param own the address of loopback to come from
   */
  public static Visitor from(String own, int port) throws IOException {
    InetAddress here = InetAddress.ofLiteral(own);
    return of(new Socket(InetAddress.ofLiteral("127.0.0.1"), port, here, 0));
  }

  private static Visitor of(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    socket.setTcpNoDelay(true);
    return new Visitor(socket, socket.getInputStream(), socket.getOutputStream());
  }

  /** How long it waits for a reply, in place of 20 seconds. */
  public Visitor patient(Duration patience) throws IOException {
    if (line instanceof Socket socket) {
      socket.setSoTimeout((int) patience.toMillis());
    }
    return this;
  }

  /** Behind a UNIX socket of this file; nothing was heard yet. */
  static Visitor at(Path file) throws IOException {
    var channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
    return new Visitor(
        channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
  }

  /** As {@link #at(Path)}; the banner was heard. */
  static Visitor local(Path file) throws IOException {
    Visitor visitor = at(file);
    visitor.hear();
    return visitor;
  }

  /** Under implicit TLS, has heard the banner and said EHLO. */
  static Visitor named(TestServer server, String name, KeyManager... keys) throws Exception {
    Visitor visitor = at(server, "submissions").tls(keys);
    visitor.hear();
    visitor.ask("EHLO " + name);
    return visitor;
  }

  public Visitor tls(KeyManager... keys) throws Exception {
    return tls("mail.example.org", _ -> {}, keys);
  }

  /**
   * The client's handshake on this line; any certificate is taken.
   *
   * @param name whom the client wants to speak to
   */
  Visitor tls(String name, Consumer<SSLParameters> wishes, KeyManager... keys) throws Exception {
    if (!(line instanceof Socket plain)) {
      throw new IllegalStateException("no TCP");
    }
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new TrustAll()}, new SecureRandom());
    var socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, name, plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    wishes.accept(parameters);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new Visitor(socket, socket.getInputStream(), socket.getOutputStream());
  }

  /** The port of this end. */
  int port() {
    return line instanceof Socket socket ? socket.getLocalPort() : 0;
  }

  /** Says no more, but still listens. */
  void finish() throws IOException {
    if (line instanceof SocketChannel channel) {
      channel.shutdownOutput();
    }
  }

  void send(byte[] octets) throws IOException {
    out.write(octets);
    out.flush();
  }

  /** One line, or several in one packet. */
  public void say(String... lines) throws IOException {
    send((String.join("\r\n", lines) + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The lines of a reply, joined by a bar; {@code gone} where there is none any more. */
  public String hear() throws IOException {
    List<String> lines = new ArrayList<>();
    do {
      var octets = new ByteArrayOutputStream();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          return "gone";
        }
        octets.write(c);
      }
      lines.add(octets.toString(StandardCharsets.UTF_8).replace("\r", ""));
    } while (lines.getLast().length() > 3 && lines.getLast().charAt(3) == '-');
    return String.join("|", lines);
  }

  public String ask(String line) throws IOException {
    say(line);
    return hear();
  }

  /** Says it in base64. */
  public String answer(String text) throws IOException {
    return ask(Speaker.base64(text));
  }

  /** AUTH with an initial response. */
  public String auth(String mechanism, String initial) throws IOException {
    return ask("AUTH " + mechanism + " " + Speaker.base64(initial));
  }

  public String plain(String user, String password) throws IOException {
    return auth("PLAIN", "\0" + user + "\0" + password);
  }

  @Override
  public void close() throws Exception {
    line.close();
  }
}
