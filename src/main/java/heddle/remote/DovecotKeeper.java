package heddle.remote;

import heddle.dns.Answer;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection to Dovecot: makes it, waits for its end, makes the next, from its beginning
 * to {@link #close}. Safe to share.
 */
final class DovecotKeeper implements AutoCloseable {
  private static final Duration OPENING = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  /** As Dovecot's own clients do: AUTH_SERVER_RECONNECT_TIMEOUT_SECS. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** Process ids on Linux stay below. */
  private static final int PID_BITS = 22;

  private static final AtomicLong KEEPERS = new AtomicLong();

  private final DovecotAsker.Endpoint where;
  private final boolean allowPlaintext;
  private final Taker taker;
  private final long pid = pid();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private volatile Set<String> mechanisms = Set.of();
  private volatile String trouble = "no connection yet";
  private @Nullable DovecotLink link;
  private volatile boolean closed;

  /** What begins to speak on a new connection. */
  @FunctionalInterface
  interface Taker {
    DovecotLink take(SocketChannel channel, long pid);
  }

  DovecotKeeper(
      DovecotAsker.Endpoint where, boolean allowPlaintext, Taker taker, ThreadFactory threads) {
    this.where = where;
    this.allowPlaintext = allowPlaintext;
    this.taker = taker;
    this.thread = threads.newThread(this::keep);
    thread.start();
  }

  /**
   * Our process id for the first of us. Where logins are picked up by a master, Dovecot refuses a
   * connection that has the id of another (auth_client_input_cpid); elsewhere it does not care.
   */
  private static long pid() {
    long process = ProcessHandle.current().pid() & ((1L << PID_BITS) - 1);
    long others = KEEPERS.getAndIncrement() & 0x3ff;
    return Math.max(1, process | others << PID_BITS);
  }

  /** What was announced last. */
  Set<String> mechanisms() {
    return mechanisms;
  }

  /** Why there is no connection. */
  String trouble() {
    return "no connection to Dovecot at " + where + ": " + trouble;
  }

  /** The connection there is, waited for where there is none; empty when the deadline is over. */
  Optional<DovecotLink> link(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (long left = deadline.left().toNanos(); !closed; left = changed.awaitNanos(left)) {
        if (link != null && link.isOpen()) {
          return Optional.of(link);
        }
        if (left <= 0) {
          break;
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void keep() {
    Duration pause = FIRST_PAUSE;
    try {
      while (!closed) {
        Deadline lasting = Deadline.in(LONGEST_PAUSE);
        attempt();
        // What ended at once would end at once again.
        pause = lasting.over() ? FIRST_PAUSE : pause;
        Thread.sleep(pause);
        pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
      }
    } catch (InterruptedException closing) {
      // Only close() interrupts it.
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void attempt() throws InterruptedException {
    try {
      Deadline deadline = Deadline.in(OPENING);
      DovecotLink made = taker.take(connect(deadline), pid);
      try {
        mechanisms = made.greeting(deadline).mechanisms();
        publish(made);
        trouble = made.awaitEnd();
      } finally {
        made.cut("closed");
      }
    } catch (IOException | RuntimeException failed) {
      trouble = String.valueOf(failed.getMessage());
    }
    // An interrupt may have closed the channel instead of waking a wait.
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private void publish(DovecotLink made) {
    lock.lock();
    try {
      if (closed) {
        made.cut("closed");
      }
      link = made;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private SocketChannel connect(Deadline deadline) throws IOException {
    return switch (where) {
      case DovecotAsker.Unix unix -> {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
          channel.connect(UnixDomainSocketAddress.of(unix.path()));
        } catch (IOException | RuntimeException no) {
          channel.close();
          throw no;
        }
        yield channel;
      }
      case DovecotAsker.Tcp tcp -> {
        List<InetAddress> addresses = addresses(tcp, deadline);
        IOException last = new IOException("no connection in time");
        for (int i = 0; i < addresses.size() && !deadline.over(); i++) {
          // An address that swallows packets must leave time for those behind it.
          Duration share = deadline.left().dividedBy(addresses.size() - i);
          try {
            yield call(new InetSocketAddress(addresses.get(i), tcp.port()), Deadline.in(share));
          } catch (IOException no) {
            last = no;
          }
        }
        throw last;
      }
    };
  }

  private List<InetAddress> addresses(DovecotAsker.Tcp tcp, Deadline deadline) throws IOException {
    List<InetAddress> found =
        switch (tcp.names().addresses(tcp.host(), deadline)) {
          case Answer.Found<List<InetAddress>>(var addresses) -> addresses;
          case Answer.None<List<InetAddress>> none -> throw new IOException("no such name");
          case Answer.Unknown<List<InetAddress>>(var why) -> throw new IOException(why);
        };
    // The protocol has no TLS: whoever stood in between would hear passwords, and could say yes.
    List<InetAddress> fit =
        found.stream().filter(each -> allowPlaintext || each.isLoopbackAddress()).toList();
    if (fit.isEmpty()) {
      throw new IOException("it is not on this machine, and the protocol has no TLS");
    }
    return fit;
  }

  private static SocketChannel call(InetSocketAddress address, Deadline deadline)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.socket().connect(address, deadline.millisLeft());
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      return channel;
    } catch (IOException | RuntimeException no) {
      channel.close();
      throw no;
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      trouble = "closed";
      if (link != null) {
        link.cut("closed");
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
