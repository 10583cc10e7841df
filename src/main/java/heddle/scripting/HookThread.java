package heddle.scripting;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that a hook may keep for itself: on a virtual one, two loops would stop every
 * conversation of a machine with two cores.
 */
final class HookThread extends Thread {
  private static final int MOST_PRINTED = 4096;
  private static final long IDLE_SECONDS = 30;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();
  private @Nullable Runnable next;
  private boolean resting;
  private final Consumer<HookThread> free;
  private volatile OptionalInt number = OptionalInt.empty();
  private volatile boolean nice;

  /**
   * @param work its first
   * @param free told when it waits for more
   */
  HookThread(String hook, Runnable work, Consumer<HookThread> free) {
    super("hook " + hook);
    setDaemon(true);
    this.next = work;
    this.free = free;
  }

  /** More work; false where it has gone to its rest. */
  boolean offer(Runnable work) {
    lock.lock();
    try {
      boolean taken = !resting && next == null;
      if (taken) {
        next = work;
        given.signal();
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    number = Nice.me();
    for (Optional<Runnable> work = more(); work.isPresent(); work = more()) {
      work.get().run();
      if (nice) {
        return;
      }
      free.accept(this);
    }
  }

  /** Waits for it; empty where none comes. */
  private Optional<Runnable> more() {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
      while (next == null && left > 0) {
        try {
          left = given.awaitNanos(left);
        } catch (InterruptedException old) {
          // The call before was told to end, too late.
        }
      }
      Optional<Runnable> work = Optional.ofNullable(next);
      next = null;
      resting = work.isEmpty();
      return work;
    } finally {
      lock.unlock();
    }
  }

  /** From now on it gives way to the conversations; it is of no use for another call then. */
  void giveWay() {
    nice = true;
    number.ifPresent(Nice::give);
  }

  boolean givesWay() {
    return nice;
  }

  /** Whether this thread has printed all that a call may; who goes on all the same goes slowly. */
  static boolean printsInVain() {
    if (!(currentThread() instanceof HookThread hook) || hook.printed.size() < MOST_PRINTED) {
      return false;
    }
    boolean told = interrupted();
    try {
      sleep(1);
    } catch (InterruptedException now) {
      told = true;
    }
    if (told) {
      hook.interrupt();
    }
    return true;
  }

  void print(byte[] octets, int off, int len) {
    printed.write(octets, off, Math.min(len, MOST_PRINTED - printed.size()));
  }

  /** What was printed since this was asked last. */
  String printed() {
    String text = printed.toString(StandardCharsets.UTF_8).strip();
    printed.reset();
    return text;
  }
}
