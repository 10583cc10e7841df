package heddle.wire;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a socket hears, by a deadline. The JDK's own time limit wakes a timer's thread twice for
 * every read, a sixth of what a small message costs: only short waits use it. A long one is ended
 * by {@link #endIfLate}, called about every second for all connections by one thread, and so up to
 * a second late. Used by one conversation; only {@code endIfLate} may be called by others.
 */
public final class TimedInput {
  private static final int SHORT_MILLIS = 5_000;

  private final Socket socket;
  private final InputStream source;
  private final int shortMillis;

  /** By when the long wait under way must be over. */
  private volatile @Nullable Deadline waiting;

  private volatile boolean ended;

  public TimedInput(Socket socket) throws IOException {
    this(socket, SHORT_MILLIS);
  }

  TimedInput(Socket socket, int shortMillis) throws IOException {
    this.socket = socket;
    this.source = socket.getInputStream();
    this.shortMillis = shortMillis;
  }

  /**
   * Reads as {@link InputStream#read(byte[], int, int)} does.
   *
   * @param deadline null: it may wait for ever
   * @throws SocketTimeoutException when the deadline is over; nothing will be heard any more where
   *     {@link #endIfLate} saw to it
   */
  public int read(byte[] into, int from, int length, @Nullable Deadline deadline)
      throws IOException {
    if (deadline != null && deadline.over()) {
      throw new SocketTimeoutException("Read timed out");
    }
    int left = deadline == null ? 0 : deadline.millisLeft();
    boolean brief = left <= shortMillis;
    socket.setSoTimeout(brief ? left : 0);
    waiting = brief ? null : deadline;
    try {
      int came = source.read(into, from, length);
      if (came < 0 && ended) {
        throw new SocketTimeoutException("Read timed out");
      }
      return came;
    } finally {
      waiting = null;
    }
  }

  /** Ends a wait that is over by now: its reader is told so. */
  public void endIfLate() {
    Deadline due = waiting;
    if (due != null && due.over()) {
      ended = true;
      try {
        socket.shutdownInput();
      } catch (IOException gone) {
        // Then nobody waits.
      }
    }
  }
}
