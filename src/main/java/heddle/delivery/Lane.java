package heddle.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The attempts of one route, so many at a time, each in a virtual thread of its own; those behind
 * wait in line, and never in the way of another route. Safe to share.
 */
final class Lane {
  private final String name;
  private final int width;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition quiet = lock.newCondition();
  private int running;
  private boolean closed;

  Lane(String name, int width) {
    this.name = name;
    this.width = width;
  }

  /** Runs it as soon as there is a place; after {@link #shut} not at all. */
  void run(Runnable job) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      if (running == width) {
        waiting.add(job);
        return;
      }
      running++;
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name("attempt " + name).start(() -> work(job));
  }

  private void work(Runnable first) {
    for (Runnable job = first; job != null; job = next()) {
      try {
        job.run();
      } catch (RuntimeException | LinkageError | StackOverflowError mistake) {
        // A mistake of ours with one message must not keep the others waiting for ever.
        System.getLogger("heddle.delivery").log(System.Logger.Level.ERROR, "delivery", mistake);
      }
    }
  }

  private @org.jspecify.annotations.Nullable Runnable next() {
    lock.lock();
    try {
      Runnable job = waiting.poll();
      if (job == null && --running == 0) {
        quiet.signalAll();
      }
      return job;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing new is begun. */
  void shut() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Waits so long for what is under way. How many had not ended by then. */
  int await(Duration patience) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (running > 0 && left > 0) {
        left = quiet.awaitNanos(left);
      }
      return running;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return running;
    } finally {
      lock.unlock();
    }
  }
}
