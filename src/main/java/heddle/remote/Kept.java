package heddle.remote;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Connections kept for the next question. Safe to share. */
final class Kept<C extends Kept.Connection> implements AutoCloseable {
  /** Firewalls forget a silent connection without a word; some after five minutes. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** What can be kept. */
  interface Connection {
    /** That it stands on. */
    Socket socket();

    /** Says goodbye, briefly. */
    void close();
  }

  private record Item<C>(C connection, long since) {}

  private final int most;
  private final Deque<Item<C>> items = new ArrayDeque<>();
  private boolean closed;

  /**
   * @param most connections; with 0 none is kept
   */
  Kept(int most) {
    this.most = most;
  }

  /** The one that was used last and is still there. It is the caller's now. */
  Optional<C> take() {
    while (true) {
      Item<C> item;
      synchronized (items) {
        item = items.pollFirst();
      }
      if (item == null) {
        return Optional.empty();
      }
      boolean old = System.nanoTime() - item.since() > LONGEST.toNanos();
      if (!old && quiet(item.connection().socket())) {
        return Optional.of(item.connection());
      }
      item.connection().close();
    }
  }

  /** Keeps it, or closes it where there are enough. */
  void give(C connection) {
    synchronized (items) {
      if (!closed && items.size() < most) {
        items.addFirst(new Item<>(connection, System.nanoTime()));
        return;
      }
    }
    connection.close();
  }

  /**
   * Nobody has asked anything: where there is an octet or the end, the other side has said goodbye.
   */
  private static boolean quiet(Socket socket) {
    try {
      socket.setSoTimeout(1);
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException nothing) {
      return awake(socket);
    } catch (IOException gone) {
      return false;
    }
  }

  private static boolean awake(Socket socket) {
    try {
      socket.setSoTimeout(0);
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  @Override
  public void close() {
    List<Item<C>> all;
    synchronized (items) {
      closed = true;
      all = new ArrayList<>(items);
      items.clear();
    }
    all.forEach(item -> item.connection().close());
  }
}
