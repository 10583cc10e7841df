package heddle.listener;

import heddle.mail.Reply;
import heddle.sasl.Identity;
import heddle.session.Session;
import heddle.session.Standing;
import heddle.wire.Deadline;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * All conversations under way: their permits, the watch over clients that accept no octets, and the
 * way they are sent home at a stop. Safe to share.
 */
public final class Crowd implements AutoCloseable {
  /** Who is here, and by which listener they came. */
  private final Map<Session, String> present = new ConcurrentHashMap<>();

  private final Permits permits;
  private final Semaphore farewells = new Semaphore(8);
  private final Thread watch;
  private volatile boolean closed;

  public Crowd(Permits permits) {
    this.permits = permits;
    // A write to a client that does not read waits for ever; no time limit reaches it. A long read
    // has none, for a timer for each costs too much. A platform thread, so that it goes round even
    // where every carrier is busy.
    this.watch = Thread.ofPlatform().name("watch").daemon(true).start(this::watch);
  }

  public Permits permits() {
    return permits;
  }

  /** How many of those turned away may be told so behind TLS at one time. */
  Semaphore farewells() {
    return farewells;
  }

  public int size() {
    return present.size();
  }

  /** Who is here now. */
  public List<Standing> present() {
    return present.keySet().stream().map(Session::standing).toList();
  }

  /** By listener; one without sessions is not among them. */
  public Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new HashMap<>();
    present.values().forEach(listener -> sizes.merge(listener, 1, Integer::sum));
    return sizes;
  }

  void with(Session session, String listener, Runnable conversation) {
    present.put(session, listener);
    try {
      conversation.run();
    } finally {
      present.remove(session);
    }
  }

  private void watch() {
    try {
      while (!closed) {
        Thread.sleep(Duration.ofSeconds(1));
        for (Session session : present.keySet()) {
          session.keepTime();
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends those home whose login is not good any more. Returns at once. */
  public void leave(Predicate<Identity> whose) {
    for (Session session : present.keySet()) {
      if (session.standing().who().filter(whose).isPresent()) {
        // Each on a thread of its own: a client that does not read must not keep the others in.
        Thread.ofVirtual().name("expel").start(session.standing()::end);
      }
    }
  }

  /** Cuts off those whose address is shut out. */
  public void cut(Predicate<InetAddress> where) {
    for (Session session : present.keySet()) {
      if (where.test(session.standing().client().address())) {
        Thread.ofVirtual().name("expel").start(session.standing()::end);
      }
    }
  }

  /**
   * Sends everybody home: who waits for a command at once, who is in the midst of something when it
   * is done.
   *
   * @return how many had to be cut off at the deadline
   */
  public int drain(Reply lastWord, Deadline deadline) {
    while (!present.isEmpty() && !deadline.over()) {
      // Each on a thread of its own: a client that does not read must not keep the others waiting.
      for (Session session : present.keySet()) {
        Thread.ofVirtual().name("dismiss").start(() -> session.dismiss(lastWord));
      }
      try {
        Thread.sleep(Duration.ofMillis(50));
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    int cut = present.size();
    present.keySet().forEach(Session::cut);
    return cut;
  }

  @Override
  public void close() {
    closed = true;
    watch.interrupt();
  }
}
