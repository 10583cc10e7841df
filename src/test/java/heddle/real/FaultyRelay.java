package heddle.real;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a server of loopback, hands on what they say and notes all of it. It
 * can be told to stand in the way: then what the server answers does not arrive as it was said,
 * until {@link #heal}.
 */
final class FaultyRelay implements AutoCloseable {
  /** Where in the answers. */
  sealed interface Point {
    /** So many octets of a connection's answers have arrived. */
    record After(long octets) implements Point {}

    /** In the middle of this text, which the server writes at once. */
    record Amid(String text) implements Point {}
  }

  /** What comes there in place of the rest. */
  sealed interface Then {
    /** Nothing; the end, when the server hangs up. */
    record Silence() implements Then {}

    /** The end of the connection. */
    record End() implements Then {}

    /** These octets, and nothing behind them. */
    record Noise(byte[] octets) implements Then {}
  }

  /** It happens to each connection that gets there. */
  private record Mishap(Point at, Then then, CountDownLatch happened) {}

  /** Below those that the system gives to callers, so that nobody takes it in the meantime. */
  private static final int LOWEST_PORT = 20_000;

  private static final int HIGHEST_PORT = 32_000;
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  private final InetSocketAddress peer;
  private final int port;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile ServerSocket ear;
  private volatile @Nullable Mishap mishap;

  /**
   * @param address the server's, of loopback
   */
  FaultyRelay(String address, int peer) throws IOException {
    this.peer = new InetSocketAddress(InetAddress.ofLiteral(address), peer);
    this.ear = open();
    this.port = ear.getLocalPort();
    listen();
  }

  private static ServerSocket open() throws IOException {
    for (int i = 0; ; i++) {
      int chosen = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try {
        return new ServerSocket(chosen, 50, HERE);
      } catch (IOException taken) {
        if (i == 100) {
          throw taken;
        }
      }
    }
  }

  FaultyRelay(int peer) throws IOException {
    this("127.0.0.1", peer);
  }

  private void listen() {
    ServerSocket open = ear;
    Thread.ofVirtual()
        .start(
            () -> {
              while (true) {
                try {
                  new Call(open.accept()).begin();
                } catch (IOException closed) {
                  return;
                }
              }
            });
  }

  int port() {
    return port;
  }

  /** Ends all connections and takes no more. */
  void refuse() throws IOException {
    ear.close();
    cut();
  }

  /** From here on, on connections old and new. */
  void misbehave(Point at, Then then) {
    mishap = new Mishap(at, then, new CountDownLatch(1));
  }

  /** Waits until a connection has got there. */
  void awaitMishap() throws InterruptedException {
    Mishap now = mishap;
    if (now == null || !now.happened().await(20, TimeUnit.SECONDS)) {
      throw new AssertionError("nothing has happened");
    }
  }

  /** New connections get through again; those to which something happened end. */
  void heal() throws IOException {
    mishap = null;
    calls.stream().filter(call -> call.spoilt).forEach(Call::close);
    if (ear.isClosed()) {
      var again = new ServerSocket();
      again.setReuseAddress(true);
      again.bind(new InetSocketAddress(HERE, port));
      ear = again;
      listen();
    }
  }

  /** Ends all connections. */
  void cut() {
    calls.forEach(Call::close);
  }

  /** Forgets what was noted. */
  void rewind() {
    calls.forEach(Call::forget);
    calls.removeIf(call -> call.over);
  }

  /** Octets of the longest answer noted, all of a connection's taken together. */
  long longestAnswer() {
    return calls.stream().mapToLong(call -> call.answered().length).max().orElse(0);
  }

  /** All that the clients said, connection behind connection. */
  byte[] said() {
    var all = new ByteArrayOutputStream();
    calls.forEach(call -> all.writeBytes(call.said()));
    return all.toByteArray();
  }

  /** Whether it went by, in either direction: as it is, in base64 or in hexadecimal digits. */
  boolean shows(String secret) {
    byte[] octets = secret.getBytes(StandardCharsets.UTF_8);
    String hex = HexFormat.of().formatHex(octets);
    for (Call call : calls) {
      for (byte[] tape : List.of(call.said(), call.answered())) {
        String text = new String(tape, StandardCharsets.ISO_8859_1);
        if (text.contains(new String(octets, StandardCharsets.ISO_8859_1))
            || text.toLowerCase(java.util.Locale.ROOT).contains(hex)
            || showsCoded(text, octets)) {
          return true;
        }
      }
    }
    return false;
  }

  /** At any of the three places where it may begin among the octets that are coded together. */
  private static boolean showsCoded(String text, byte[] secret) {
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + secret.length];
      System.arraycopy(secret, 0, shifted, before, secret.length);
      String coded = Base64.getEncoder().encodeToString(shifted);
      // What shares its digit with a neighbour is left out.
      int from = before == 0 ? 0 : 4;
      int end = shifted.length / 3 * 4;
      if (text.contains(coded.substring(from, end))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    ear.close();
    cut();
  }

  /** One connection of a client, and ours to the server. */
  private final class Call {
    private final Socket client;
    private final Socket server = new Socket();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ByteArrayOutputStream answered = new ByteArrayOutputStream();
    private @Nullable Mishap meant;
    private long passed;
    private volatile boolean spoilt;
    private volatile boolean over;

    Call(Socket client) {
      this.client = client;
    }

    void begin() throws IOException {
      client.setTcpNoDelay(true);
      calls.add(this);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  server.setTcpNoDelay(true);
                  server.connect(peer, 5_000);
                  Thread.ofVirtual().start(() -> copy(client, server, said, this::forth));
                  copy(server, client, answered, this::back);
                } catch (IOException nobodyThere) {
                  close();
                }
              });
    }

    @FunctionalInterface
    private interface Way {
      void go(byte[] octets) throws IOException;
    }

    private void copy(Socket from, Socket to, ByteArrayOutputStream tape, Way way) {
      try {
        byte[] block = new byte[16_384];
        for (int came = from.getInputStream().read(block);
            came > 0;
            came = from.getInputStream().read(block)) {
          byte[] octets = Arrays.copyOf(block, came);
          synchronized (tape) {
            tape.write(octets);
          }
          way.go(octets);
        }
        to.shutdownOutput();
        if (from == server) {
          close();
        }
      } catch (IOException gone) {
        close();
      }
    }

    private void forth(byte[] octets) throws IOException {
      server.getOutputStream().write(octets);
    }

    private void back(byte[] octets) throws IOException {
      Mishap now = mishap;
      if (now != meant) {
        meant = now;
        passed = 0;
      }
      if (spoilt) {
        return;
      }
      int good = now == null ? octets.length : before(now.at(), octets);
      client.getOutputStream().write(octets, 0, good);
      passed += good;
      if (now != null && good < octets.length) {
        spoilt = true;
        switch (now.then()) {
          case Then.Silence _ -> {}
          case Then.End _ -> close();
          case Then.Noise(byte[] noise) -> client.getOutputStream().write(noise);
        }
        now.happened().countDown();
      }
    }

    /** How many of these octets go on. */
    private int before(Point at, byte[] octets) {
      return switch (at) {
        case Point.After(long most) -> (int) Math.min(octets.length, most - passed);
        case Point.Amid(String text) -> {
          int found = new String(octets, StandardCharsets.ISO_8859_1).indexOf(text);
          yield found < 0 ? octets.length : found + text.length() / 2;
        }
      };
    }

    byte[] said() {
      synchronized (said) {
        return said.toByteArray();
      }
    }

    byte[] answered() {
      synchronized (answered) {
        return answered.toByteArray();
      }
    }

    void forget() {
      synchronized (said) {
        said.reset();
      }
      synchronized (answered) {
        answered.reset();
      }
    }

    void close() {
      over = true;
      for (Socket each : List.of(client, server)) {
        try {
          each.close();
        } catch (IOException closedAllTheSame) {
          // Both learn of it.
        }
      }
    }
  }
}
