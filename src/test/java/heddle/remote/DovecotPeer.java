package heddle.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The server's side of Dovecot's auth-client protocol on a real socket, as strict with its client
 * as auth-client-connection.c and auth-request-handler.c are; what it answers is the test's.
 */
public final class DovecotPeer implements AutoCloseable {
  static final List<String> USUAL =
      List.of(
          "PLAIN\tplaintext",
          "LOGIN\tplaintext",
          "CRAM-MD5\tdictionary\tactive",
          "SCRAM-SHA-256\tmutual-auth");

  /** What it does with one connection. */
  @FunctionalInterface
  public interface Script {
    void play(Wire wire) throws Exception;
  }

  private final ServerSocketChannel ear;
  private final List<SocketChannel> channels = new CopyOnWriteArrayList<>();
  private final LinkedBlockingQueue<String> ends = new LinkedBlockingQueue<>();

  private DovecotPeer(ServerSocketChannel ear, Script script) {
    this.ear = ear;
    Thread.ofVirtual().start(() -> serve(script));
  }

  static DovecotPeer on(Path socket, Script script) throws IOException {
    Files.deleteIfExists(socket);
    ServerSocketChannel ear = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    ear.bind(UnixDomainSocketAddress.of(socket), 100);
    return new DovecotPeer(ear, script);
  }

  public static DovecotPeer onPort(Script script) throws IOException {
    ServerSocketChannel ear = ServerSocketChannel.open();
    ear.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new DovecotPeer(ear, script);
  }

  public int port() throws IOException {
    SocketAddress address = ear.getLocalAddress();
    return ((InetSocketAddress) address).getPort();
  }

  /** How many connections there were. */
  int calls() {
    return channels.size();
  }

  private void serve(Script script) {
    while (true) {
      try {
        SocketChannel channel = ear.accept();
        channels.add(channel);
        Thread.ofVirtual().start(() -> one(script, channel));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void one(Script script, SocketChannel channel) {
    try (channel) {
      script.play(new Wire(channel));
      ends.add("");
    } catch (Throwable trouble) {
      ends.add(trouble.toString());
    }
  }

  /** Waits for the end of a conversation; fails where the script failed. */
  void played() throws Exception {
    String end = ends.poll(5, TimeUnit.SECONDS);
    if (end == null || !end.isEmpty()) {
      throw new AssertionError(end == null ? "the peer is still playing" : end);
    }
  }

  /** As a server that stops: no more calls, and every connection is at its end. */
  @Override
  public void close() throws IOException {
    ear.close();
    for (SocketChannel each : channels) {
      each.close();
    }
  }

  /** A request, as the server reads it. */
  public record Auth(String id, String mechanism, List<String> fields) {
    /** The initial response as it stands; null where there is none. */
    public String initial() {
      String last = fields.getLast();
      return last.startsWith("resp=") ? last.substring(5) : null;
    }

    /** Name and password of PLAIN. */
    public List<String> plain() {
      return List.of(text(Base64.getDecoder().decode(initial())).split("\0", -1));
    }
  }

  static String text(byte[] octets) {
    return new String(octets, StandardCharsets.UTF_8);
  }

  public static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The server's end of a connection. */
  public static final class Wire {
    private final SocketChannel channel;
    private final InputStream in;
    private final Set<String> ids = new HashSet<>();
    List<String> greeting = List.of();

    Wire(SocketChannel channel) {
      this.channel = channel;
      this.in = Channels.newInputStream(channel);
    }

    public void say(String... lines) throws IOException {
      raw(String.join("\n", lines) + "\n");
    }

    synchronized void raw(String text) throws IOException {
      var octets = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (octets.hasRemaining()) {
        channel.write(octets);
      }
    }

    /** Hears VERSION and CPID, says all that comes before the first question. */
    public Wire greet(int minor, List<String> mechanisms) throws IOException {
      say("VERSION\t1\t" + minor);
      List<String> version = hear();
      List<String> pid = hear();
      if (!version.subList(0, 2).equals(List.of("VERSION", "1")) || !pid.get(0).equals("CPID")) {
        throw new AssertionError(version + ", " + pid);
      }
      greeting = List.of(version.get(2), pid.get(1));
      mechanisms.forEach(
          each -> {
            try {
              say("MECH\t" + each);
            } catch (IOException gone) {
              throw new java.io.UncheckedIOException(gone);
            }
          });
      say("SPID\t4711", "CUID\t1", "COOKIE\t0123456789abcdef0123456789abcdef", "DONE");
      return this;
    }

    Wire greet() throws IOException {
      return greet(2, USUAL);
    }

    /** The fields of the next line; null at the end. */
    public List<String> hear() throws IOException {
      var line = new ByteArrayOutputStream();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          return null;
        }
        line.write(c);
      }
      if (line.size() >= 16 * 1024) {
        throw new AssertionError("BUG: Auth client sent us more than 16384 bytes");
      }
      return fields(text(line.toByteArray()));
    }

    /** A reading of its own of the escapes. */
    static List<String> fields(String line) {
      return Arrays.stream(line.split("\t", -1))
          .map(each -> each.replace("\0010", "\0").replace("\001t", "\t"))
          .map(each -> each.replace("\001r", "\r").replace("\001n", "\n"))
          .map(each -> each.replace("\0011", "\001"))
          .toList();
    }

    public Auth auth() throws IOException {
      List<String> line = hear();
      if (line == null) {
        throw new AssertionError("hung up before an AUTH");
      }
      List<String> fields = line.subList(Math.min(3, line.size()), line.size());
      long responses = fields.stream().filter(each -> each.startsWith("resp=")).count();
      if (!line.getFirst().equals("AUTH")
          || !line.get(1).matches("[1-9]\\d*")
          || !ids.add(line.get(1))
          || fields.stream().noneMatch(each -> each.startsWith("service="))
          || responses > 1
          || (responses == 1 && !fields.getLast().startsWith("resp="))) {
        throw new AssertionError("BUG: " + line);
      }
      return new Auth(line.get(1), line.get(2), fields);
    }

    public List<String> expect(String verb) throws IOException {
      List<String> line = hear();
      if (line == null || !line.getFirst().equals(verb)) {
        throw new AssertionError("wanted " + verb + ", came " + line);
      }
      return line;
    }

    /** Hears on until the client hangs up. */
    void stay() throws IOException {
      while (hear() != null) {
        // It may say what it likes.
      }
    }
  }
}
