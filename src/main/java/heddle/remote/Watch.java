package heddle.remote;

import heddle.tls.Curfew;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;

/**
 * Closes a connection that is still at it when the time is over: whatever a library does there,
 * reading or writing, ends by that.
 */
record Watch(Future<?> curfew) implements AutoCloseable {
  /** So that the deadline is surely over where the watch has closed the connection. */
  private static final Duration MARGIN = Duration.ofMillis(5);

  private static final Duration FAREWELL = Duration.ofMillis(500);

  static Watch over(Socket socket, Deadline deadline) {
    return new Watch(Curfew.arm(socket, deadline.left().plus(MARGIN)));
  }

  /** While a library says goodbye. */
  static Watch farewell(Socket socket) {
    return new Watch(Curfew.arm(socket, FAREWELL));
  }

  @Override
  public void close() {
    curfew.cancel(false);
  }

  static void cut(Socket socket) {
    try {
      socket.close();
    } catch (IOException closedAllTheSame) {
      // Nobody is left to be told.
    }
  }
}
