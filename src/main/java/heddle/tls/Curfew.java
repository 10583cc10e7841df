package heddle.tls;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Closes a socket that is still at it when the time is over. Needed for writing only, which knows
 * no timeout: a client that reads nothing would hold us for ever. One daemon thread for all.
 */
public final class Curfew {
  private static final ScheduledThreadPoolExecutor WATCH = watch();

  private Curfew() {}

  private static ScheduledThreadPoolExecutor watch() {
    var watch =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("tls-curfew").daemon().factory());
    watch.setRemoveOnCancelPolicy(true);
    return watch;
  }

  /** The caller cancels it when done in time. */
  public static Future<?> arm(Socket socket, Duration time) {
    return WATCH.schedule(() -> close(socket), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Does something else when the time is over; it must be brief. */
  public static Future<?> after(Duration time, Runnable what) {
    return WATCH.schedule(what, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closedAllTheSame) {
      // Nobody is left to be told.
    }
  }
}
