package heddle.dial;

import heddle.dns.Names;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server on a real socket that does what a test has written down for it. */
public final class Peer implements AutoCloseable {
  public static final Duration SHORT = Duration.ofMillis(400);

  /** What it does with one connection. */
  @FunctionalInterface
  public interface Script {
    void play(Wire wire) throws Exception;
  }

  private final ServerSocket ear;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<Optional<Throwable>> ends = new LinkedBlockingQueue<>();
  public final Dialer dialer = new Dialer(Names.of(List.of(), Optional.empty()));

  private Peer(ServerSocket ear) {
    this.ear = ear;
  }

  public static Peer playing(Script script) throws IOException {
    return playing(script, 0);
  }

  /** On a port that is known already. */
  public static Peer playing(Script script, int port) throws IOException {
    var peer = new Peer(new ServerSocket(port, 50, InetAddress.ofLiteral("127.0.0.1")));
    Thread.ofVirtual().start(() -> peer.serve(script));
    return peer;
  }

  private void serve(Script script) {
    while (true) {
      try {
        Socket socket = ear.accept();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> one(script, socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void one(Script script, Socket socket) {
    try (socket) {
      script.play(new Wire(socket));
      ends.add(Optional.empty());
    } catch (Throwable trouble) {
      ends.add(Optional.of(trouble));
    }
  }

  /** Waits for the end of a conversation; fails where the script failed. */
  public void played() throws Exception {
    Optional<Throwable> end = ends.poll(5, TimeUnit.SECONDS);
    if (end == null) {
      throw new AssertionError("the peer is still playing");
    }
    if (end.isPresent()) {
      throw new AssertionError("the peer's script failed", end.get());
    }
  }

  public int port() {
    return ear.getLocalPort();
  }

  public Target clear() {
    return target(Security.NONE, new Trust.Public());
  }

  public Target target(Security security, Trust trust) {
    return Target.of("localhost", port(), security, trust);
  }

  @Override
  public void close() throws IOException {
    ear.close();
    for (Socket each : sockets) {
      each.close();
    }
  }

  /** The server's end of a connection. */
  public static final class Wire {
    private final Socket plain;
    private InputStream in;
    private OutputStream out;

    Wire(Socket plain) throws IOException {
      this.plain = plain;
      plain.setSoTimeout(5000);
      this.in = new BufferedInputStream(plain.getInputStream());
      this.out = plain.getOutputStream();
    }

    public void say(String text) throws IOException {
      raw(text + "\r\n");
    }

    /** As it stands, without a CRLF. */
    public void raw(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** A line without its CRLF; null at the end. */
    public String hear() throws IOException {
      var line = new ByteArrayOutputStream();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          return null;
        }
        line.write(c);
      }
      return line.toString(StandardCharsets.UTF_8).strip();
    }

    public String expect(String start) throws IOException {
      String line = hear();
      if (line == null || !line.startsWith(start)) {
        throw new AssertionError("wanted " + start + ", came " + line);
      }
      return line;
    }

    public byte[] octets(int count) throws IOException {
      return in.readNBytes(count);
    }

    /** Up to the line with the lone dot, which is taken off; dots stay doubled. */
    public String untilDot() throws IOException {
      var all = new StringBuilder();
      while (!(all.length() == 3 && all.charAt(0) == '.' && all.charAt(1) == '\r')) {
        int c = in.read();
        if (c < 0) {
          throw new AssertionError("the text never ended: " + all.length());
        }
        all.append((char) c);
        int end = all.length();
        if (c == '\n' && end >= 5 && all.substring(end - 5).equals("\r\n.\r\n")) {
          break;
        }
      }
      return all.substring(0, all.length() - 3);
    }

    public void greet(String... extensions) throws IOException {
      say("220 peer.example ESMTP");
      expect("EHLO client.example");
      offer(extensions);
    }

    public void offer(String... extensions) throws IOException {
      var text = new StringBuilder("peer.example");
      for (String each : extensions) {
        text.append("\r\n250-").append(each);
      }
      String all = "250-" + text;
      int last = all.lastIndexOf("250-");
      say(all.substring(0, last) + "250 " + all.substring(last + 4));
    }

    /** Nothing more is said; the other side is waited for. */
    public void stayStill() throws IOException {
      while (hear() != null) {
        // As it may say what it likes.
      }
    }

    public void secure(SSLContext context) throws IOException {
      var tls = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
      tls.setUseClientMode(false);
      tls.startHandshake();
      in = new BufferedInputStream(tls.getInputStream());
      out = tls.getOutputStream();
    }

    public void hangUp() throws IOException {
      plain.close();
    }
  }
}
