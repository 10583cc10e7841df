package heddle.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that talks to SQLite: a platform thread, for a native call holds the carrier of a
 * virtual one. Whoever asks waits for the answer.
 */
final class Writer implements AutoCloseable {
  /** One transaction; it commits itself. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private final ScheduledExecutorService executor;
  private volatile @Nullable Thread thread;
  private final Path file;
  private final List<List<String>> steps;
  private @Nullable Connection connection;

  private Writer(Path file, List<List<String>> steps) {
    this.file = file;
    this.steps = steps;
    var pool =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = Thread.ofPlatform().daemon().name("accounts").unstarted(task);
              thread = made;
              return made;
            });
    this.executor = Executors.unconfigurableScheduledExecutorService(pool);
  }

  static Writer open(Path file, List<List<String>> steps) throws StoreRefused, StoreUnavailable {
    var writer = new Writer(file, steps);
    try {
      writer.await(writer.executor.submit(writer::connected));
      return writer;
    } catch (ExecutionException e) {
      writer.close();
      switch (e.getCause()) {
        case StoreRefused refused -> throw refused;
        case StoreUnavailable unavailable -> throw unavailable;
        case null, default -> throw new StoreUnavailable("the accounts cannot be opened", e);
      }
    }
  }

  private Connection connected() throws StoreRefused, StoreUnavailable, SQLException {
    if (connection == null) {
      connection = Database.open(file, steps);
      connection.setAutoCommit(false);
    }
    return connection;
  }

  /** Runs the work on the writer's thread and waits for it. What it did not commit is undone. */
  <T> T ask(Work<T> work) throws StoreUnavailable {
    if (Thread.currentThread().equals(thread)) {
      return attempt(work); // a timer's turn
    }
    try {
      return await(executor.submit((Callable<T>) () -> attempt(work)));
    } catch (RejectedExecutionException e) {
      throw new StoreUnavailable("the accounts are closed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StoreUnavailable unavailable) {
        throw unavailable;
      }
      throw new StoreUnavailable("the accounts cannot be read or written", e);
    }
  }

  private <T> T attempt(Work<T> work) throws StoreUnavailable {
    try {
      Connection c = connected();
      try {
        return work.on(c);
      } finally {
        c.rollback();
      }
    } catch (SQLException e) {
      // Whatever the trouble was, the next caller gets a connection without a past.
      Database.close(connection);
      connection = null;
      throw Database.unavailable(e);
    } catch (StoreRefused e) {
      throw new StoreUnavailable("the accounts' database is no longer what it was", e);
    }
  }

  private <T> T await(Future<T> answer) throws StoreUnavailable, ExecutionException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted; the change may have been made or not", e);
    }
  }

  void every(int seconds, Runnable task) {
    var _ = executor.scheduleWithFixedDelay(task, seconds, seconds, TimeUnit.SECONDS);
  }

  /**
   * A whole copy as of now, in a file of its own that only its owner may read.
   *
   * @param to does not exist yet
   */
  void copyTo(Path to) throws StoreUnavailable {
    int _ =
        ask(
            c -> {
              c.rollback();
              c.setAutoCommit(true);
              try {
                Database.copy(c, to);
                return 0;
              } finally {
                c.setAutoCommit(false);
              }
            });
  }

  /** What was removed must not live on in the write-ahead log. Called on the writer's thread. */
  void emptyLog() throws SQLException {
    Connection c = Objects.requireNonNull(connection);
    c.rollback();
    c.setAutoCommit(true);
    try {
      Database.execute(c, "PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      c.setAutoCommit(false);
    }
  }

  @Override
  public void close() {
    if (executor.isShutdown()) {
      return;
    }
    executor.execute(
        () -> {
          Database.close(connection);
          connection = null;
        });
    executor.shutdown();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
