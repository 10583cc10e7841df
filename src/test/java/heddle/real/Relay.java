package heddle.real;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An ear before a server: it lets through what is said, notes what the callers say, counts their
 * connections, and can keep the server's words from them.
 */
final class Relay implements AutoCloseable {
  /** A connection counts when it is as old as this: what ended before it is out of the count. */
  private static final Duration SETTLED = Duration.ofMillis(50);

  private final int port;
  private final InetSocketAddress server;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger still = new AtomicInteger();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private volatile Duration delay = Duration.ZERO;
  private volatile ServerSocket ear;

  /** At 127.0.0.1. */
  Relay(int port, InetSocketAddress server) throws IOException {
    this.port = port;
    this.server = server;
    open();
  }

  /** Hears callers again. */
  void open() throws IOException {
    ServerSocket fresh = new ServerSocket(port, 100, InetAddress.ofLiteral("127.0.0.1"));
    ear = fresh;
    Thread.ofVirtual().start(() -> serve(fresh));
  }

  /** Hears no callers any more; those who are there may stay. */
  void shut() throws IOException {
    ear.close();
  }

  /** Each connection is held for so long before the server's first word. */
  void delay(Duration longer) {
    delay = longer;
  }

  /** The next caller hears nothing, for as long as he likes. */
  void silence() {
    still.incrementAndGet();
  }

  int calls() {
    return calls.get();
  }

  /** How many connections there were at one time, since it was asked last. */
  int most() {
    return most.getAndSet(now.get());
  }

  /** What callers said so far. */
  String said() {
    synchronized (said) {
      return said.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private void serve(ServerSocket at) {
    while (true) {
      try {
        Socket caller = at.accept();
        calls.incrementAndGet();
        Thread.ofVirtual().start(() -> call(caller));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void call(Socket caller) {
    boolean silent = still.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    try (caller) {
      Thread.sleep(SETTLED);
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      try (Socket there = new Socket()) {
        there.connect(server, 5_000);
        caller.setTcpNoDelay(true);
        there.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> answer(there, caller, silent));
        copy(caller.getInputStream(), there.getOutputStream(), true);
      } finally {
        now.decrementAndGet();
      }
    } catch (IOException | InterruptedException gone) {
      // So is the conversation.
    }
  }

  private void answer(Socket there, Socket caller, boolean silent) {
    try (caller) {
      if (silent) {
        there.getInputStream().transferTo(OutputStream.nullOutputStream());
      } else {
        Thread.sleep(delay);
        copy(there.getInputStream(), caller.getOutputStream(), false);
      }
    } catch (IOException | InterruptedException gone) {
      // So is the conversation.
    }
  }

  private void copy(InputStream in, OutputStream out, boolean noted) throws IOException {
    byte[] block = new byte[8192];
    for (int came = in.read(block); came > 0; came = in.read(block)) {
      if (noted) {
        synchronized (said) {
          said.write(block, 0, came);
        }
      }
      out.write(block, 0, came);
    }
  }

  @Override
  public void close() throws IOException {
    ear.close();
  }
}
