package heddle.remote;

import heddle.wire.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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
 *
 * <p>A connection is replaced while it is well, too: when Dovecot reads its settings anew or stops,
 * its old auth process lives on for as long as a client stays (auth_die in auth/main.c: "do
 * nothing. auth clients should disconnect soon"), and would answer by the old settings.
 */
final class DovecotKeeper implements AutoCloseable {
  private static final Duration OPENING = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  /** As Dovecot's own clients do: AUTH_SERVER_RECONNECT_TIMEOUT_SECS. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** Process ids on Linux stay below. */
  private static final int PID_BITS = 22;

  private static final AtomicLong PIDS = new AtomicLong();

  /** A connection that is given no new exchanges. */
  private record Old(DovecotLink link, Deadline until) {}

  private final DovecotDialer dialer;
  private final DovecotAsker.Times times;
  private final ThreadFactory threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition asked = lock.newCondition();
  private final List<Old> old = new ArrayList<>();
  private final Thread thread;
  private volatile Set<String> mechanisms = Set.of();
  private volatile String trouble = "not yet";
  private volatile boolean closed;
  private @Nullable DovecotLink link;

  /** Whether somebody has come to a place without a connection. */
  private boolean wanted;

  DovecotKeeper(DovecotDialer dialer, DovecotAsker.Times times, ThreadFactory threads) {
    this.dialer = dialer;
    this.times = times;
    this.threads = threads;
    this.thread = threads.newThread(this::keep);
    thread.start();
  }

  /**
   * Our process id for the first connection, and another for each that follows. Where logins are
   * picked up by a master, Dovecot refuses a connection that has the id of another
   * (auth_client_input_cpid); elsewhere it does not care.
   */
  private static long pid() {
    long process = ProcessHandle.current().pid() & ((1L << PID_BITS) - 1);
    long others = PIDS.getAndIncrement() & 0x3ff;
    return Math.max(1, process | others << PID_BITS);
  }

  /** What was announced last. */
  Set<String> mechanisms() {
    return mechanisms;
  }

  /** Why there is no connection. */
  String trouble() {
    return "no connection to Dovecot at " + dialer + ": " + trouble;
  }

  /** The connection there is, waited for where there is none; empty when the deadline is over. */
  Optional<DovecotLink> link(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      wanted = link == null || !link.isOpen();
      asked.signal();
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
        if (attempt()) {
          continue;
        }
        // What ended at once would end at once again.
        pause = lasting.over() ? FIRST_PAUSE : pause;
        Thread.sleep(FIRST_PAUSE);
        boolean wanted = rest(pause.minus(FIRST_PAUSE));
        pause = wanted ? FIRST_PAUSE : min(pause.multipliedBy(2), LONGEST_PAUSE);
      }
    } catch (InterruptedException closing) {
      // Only close() interrupts it.
    }
  }

  /** Whether it was cut short: who has come in the meantime is not to wait for a long pause. */
  private boolean rest(Duration pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (long left = pause.toNanos(); !wanted && left > 0; left = asked.awaitNanos(left)) {}
      boolean cut = wanted;
      wanted = false;
      return cut;
    } finally {
      lock.unlock();
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Whether a connection was made and lasted as long as it should. */
  private boolean attempt() throws InterruptedException {
    DovecotLink made = null;
    boolean well = false;
    try {
      Deadline deadline = Deadline.in(OPENING);
      made = new DovecotLink(dialer.connect(deadline), pid(), times.silence(), threads);
      mechanisms = made.greeting(deadline).mechanisms();
      turnTo(made);
      Optional<String> end = made.awaitEnd(Deadline.in(times.youth()));
      trouble = end.orElse(trouble);
      well = end.isEmpty();
    } catch (IOException | RuntimeException failed) {
      trouble = String.valueOf(failed.getMessage());
      turnTo(null);
    } finally {
      if (made != null && !well) {
        made.cut("closed");
      }
    }
    // An interrupt may have closed the channel instead of waking a wait.
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return well;
  }

  /** From here on new exchanges go there; the old ones end where they began. */
  private void turnTo(@Nullable DovecotLink next) {
    lock.lock();
    try {
      if (link != null) {
        old.add(new Old(link, Deadline.in(times.age())));
      }
      link = next;
      for (Old each : old) {
        if (each.until().over()) {
          each.link().cut("it took too long");
        }
      }
      old.removeIf(each -> !each.link().isOpen());
      if (closed) {
        end();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    if (link != null) {
      link.cut("closed");
    }
    old.forEach(each -> each.link().cut("closed"));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      trouble = "closed";
      end();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
