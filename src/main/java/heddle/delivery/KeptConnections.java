package heddle.delivery;

import heddle.dial.SmtpClient;
import heddle.wire.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connections that wait for their next message, each for a while. Safe to share. */
final class KeptConnections implements AutoCloseable {
  /**
   * One that somebody uses, or waits to be used.
   *
   * @param messages handed over on it so far
   */
  record Kept(SmtpClient client, int messages, Deadline until) {}

  private final Duration idle;
  private final Consumer<SmtpClient> goodbye;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread sweeper;
  private boolean closed;

  /**
   * @param name for threads
   * @param goodbye ends a connection without waiting for it
   */
  KeptConnections(String name, Duration idle, Consumer<SmtpClient> goodbye) {
    this.idle = idle;
    this.goodbye = goodbye;
    this.sweeper = Thread.ofVirtual().name("idle " + name).start(this::sweep);
  }

  /** A new one, in use. */
  Kept fresh(SmtpClient client) {
    return new Kept(client, 0, Deadline.in(idle));
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return kept.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** The last one used first: those that are not needed grow old. Null where none waits. */
  @Nullable Kept take() {
    List<SmtpClient> old = new ArrayList<>();
    lock.lock();
    try {
      for (Kept each = kept.pollFirst(); each != null; each = kept.pollFirst()) {
        if (each.client().usable() && !each.until().over()) {
          return each;
        }
        old.add(each.client());
      }
      return null;
    } finally {
      lock.unlock();
      old.forEach(goodbye);
    }
  }

  /** Whether it is kept; else it stays the caller's, to be left. */
  boolean keep(SmtpClient client, int messages) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      kept.addFirst(new Kept(client, messages, Deadline.in(idle)));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void sweep() {
    try {
      while (true) {
        Thread.sleep(1000);
        List<SmtpClient> old = new ArrayList<>();
        lock.lock();
        try {
          while (!kept.isEmpty() && kept.peekLast().until().over()) {
            old.add(kept.pollLast().client());
          }
        } finally {
          lock.unlock();
        }
        old.forEach(goodbye);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says goodbye on all that wait; those in use end behind their message. */
  @Override
  public void close() {
    sweeper.interrupt();
    List<Kept> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(kept);
      kept.clear();
    } finally {
      lock.unlock();
    }
    List<Thread> leaving =
        all.stream().map(each -> Thread.ofVirtual().start(each.client()::close)).toList();
    try {
      for (Thread each : leaving) {
        each.join(Duration.ofSeconds(3));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
