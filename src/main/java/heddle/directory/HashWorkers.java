package heddle.directory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * As many platform threads as cores, for work that fills a core and 19 MiB. A virtual thread that
 * computes holds its carrier, and two of them would stop every other conversation on two cores.
 * Short queues: who comes when they are full is told to come again. Suspects wait behind the
 * others. Safe to share.
 */
public final class HashWorkers implements AutoCloseable {
  /** Somebody waits for each task; one nobody waits for any more is cancelled. */
  private final ArrayDeque<FutureTask<?>> trusted = new ArrayDeque<>();

  private final ArrayDeque<FutureTask<?>> suspects = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final List<Thread> threads = new ArrayList<>();
  private final int room;
  private final Duration patience;
  private boolean closed;

  /**
   * @param count of threads
   * @param room how many may wait; of suspects, a quarter of it
   * @param patience how long one waits, the work included
   */
  HashWorkers(int count, int room, Duration patience) {
    this.room = room;
    this.patience = patience;
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().daemon().name("hash-", i).start(this::work));
    }
  }

  /** One thread for each core; a queue of about two seconds. */
  public static HashWorkers start() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new HashWorkers(cores, 64 * cores, Duration.ofSeconds(15));
  }

  private void work() {
    try {
      while (true) {
        next().run();
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private FutureTask<?> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        FutureTask<?> task = trusted.isEmpty() ? suspects.poll() : trusted.poll();
        if (task != null) {
          return task;
        }
        work.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs the work on a worker and waits for it.
   *
   * @return empty where there was no room or no time
   */
  <T> Optional<T> run(boolean suspect, Callable<T> job) throws InterruptedException {
    var task = new FutureTask<T>(job);
    if (!queue(task, suspect)) {
      return Optional.empty();
    }
    try {
      return Optional.of(task.get(patience.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a hash could not be computed", e.getCause());
    } finally {
      leave(task, suspect);
    }
  }

  private boolean queue(FutureTask<?> task, boolean suspect) {
    lock.lock();
    try {
      var queue = suspect ? suspects : trusted;
      if (closed || queue.size() >= (suspect ? Math.max(1, room / 4) : room)) {
        return false;
      }
      queue.add(task);
      work.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Not interrupted: the work is short, and its worker goes on with the next. */
  private void leave(FutureTask<?> task, boolean suspect) {
    if (!task.isDone()) {
      task.cancel(false);
      lock.lock();
      try {
        (suspect ? suspects : trusted).remove(task);
      } finally {
        lock.unlock();
      }
    }
  }

  int waiting() {
    lock.lock();
    try {
      return trusted.size() + suspects.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    threads.forEach(Thread::interrupt);
  }
}
