package heddle.delivery;

import heddle.dial.Dialer;
import heddle.dial.Extensions;
import heddle.dial.Manner;
import heddle.dial.Opened;
import heddle.dial.Result;
import heddle.dial.SmtpClient;
import heddle.dial.Target;
import heddle.dial.Trouble;
import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Envelope;
import heddle.wire.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A server that mail is handed to: connections that are kept for a while and used again, and the
 * knowledge whether it is there at all. While it is not, messages are turned back without a call,
 * and one at a time knocks. Safe to share.
 */
public final class NextHop implements AutoCloseable {
  /** A password that is wrong stays so until somebody mends it; providers lock out who insists. */
  private static final Duration LOGIN_REFUSED = Duration.ofMinutes(15);

  /**
   * How it is used.
   *
   * @param connections at one time
   * @param messages handed over on one connection
   * @param idle how long a connection is kept without use
   * @param firstPause how long a server that was not there is left alone; doubled each time
   * @param longestPause the most that it is doubled to
   */
  public record Settings(
      int connections, int messages, Duration idle, Duration firstPause, Duration longestPause) {
    public static Settings of(int connections) {
      return new Settings(
          connections, 100, Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofMinutes(1));
    }
  }

  private record Absence(Trouble trouble, Duration pause, Deadline until) {}

  private final String route;
  private final Dialer dialer;
  private final Target target;
  private final Manner manner;
  private final Settings settings;
  private final Events events;
  private final ReentrantLock lock = new ReentrantLock();
  private final KeptConnections kept;
  private volatile Runnable onReturn = () -> {};
  private final Condition left = lock.newCondition();
  private @Nullable Absence absence;
  private int inUse;

  /** Connections in the midst of a message, and those that are being left. */
  private int serving;

  private int leaving;

  /** What it offered last. */
  private volatile @Nullable Extensions seen;

  /** As many as it took when it turned one more away, for a while. */
  private int places;

  private Deadline narrowUntil = Deadline.in(Duration.ZERO);
  private boolean reached;

  /**
   * @param route as the configuration calls the route that leads here
   */
  public NextHop(
      String route, Dialer dialer, Target target, Manner manner, Settings settings, Events events) {
    this.route = route;
    this.dialer = dialer;
    this.target = target;
    this.manner = manner;
    this.settings = settings;
    this.events = events;
    this.places = settings.connections();
    this.kept = new KeptConnections(target.toString(), settings.idle(), this::goodbye);
  }

  int connections() {
    return settings.connections();
  }

  String host() {
    return target.host();
  }

  /** Called whenever it is reached behind a time of absence, and the first time. */
  void onReturn(Runnable call) {
    onReturn = call;
  }

  /** Why it is left alone at the moment; empty where it may be called. */
  Optional<Trouble> away() {
    lock.lock();
    try {
      return absence == null || absence.until().over()
          ? Optional.empty()
          : Optional.of(absence.trouble());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands a message over, on a connection that is there or on a new one.
   *
   * @param knock call it even where it was absent a moment ago
   */
  Handed hand(Envelope envelope, heddle.dial.Message message, boolean knock) {
    while (true) {
      enter();
      try {
        // Asked behind the wait, too: whoever went before may have found nobody there.
        Optional<Trouble> away = knock ? Optional.empty() : away();
        if (away.isPresent()) {
          return new Handed.Down(away.get(), Optional.empty());
        }
        Optional<Handed> handed = handOnce(envelope, message);
        if (handed.isPresent()) {
          return handed.get();
        }
      } finally {
        leave();
      }
    }
  }

  /** Empty where it serves others of ours and takes no more: one of them has to end first. */
  private Optional<Handed> handOnce(Envelope envelope, heddle.dial.Message message) {
    KeptConnections.Kept used = kept.take();
    if (used != null) {
      List<Result> results = served(used.client(), envelope, message);
      if (used.client().usable()) {
        present();
      }
      if (!Transactions.wasStale(results) && !Transactions.chunkingFailed(results)) {
        return Optional.of(over(used, results));
      }
      used.client().close();
    }
    return switch (SmtpClient.open(dialer, target, manner)) {
      case Opened.Failed(var trouble) ->
          isCrowded() ? Optional.empty() : Optional.of(absent(trouble));
      case Opened.Ready(var client) -> {
        met(client);
        List<Result> results = served(client, envelope, message);
        if (Transactions.chunkingFailed(results)) {
          client.close();
          yield Optional.of(again(envelope, message));
        }
        yield Optional.of(over(kept.fresh(client), results));
      }
    };
  }

  private void met(SmtpClient client) {
    seen = client.extensions();
    present();
  }

  private List<Result> served(SmtpClient client, Envelope envelope, heddle.dial.Message message) {
    count(1, 0);
    try {
      return Transactions.handAll(client, envelope, message);
    } finally {
      count(-1, 0);
    }
  }

  private void count(int served, int gone) {
    lock.lock();
    try {
      serving += served;
      leaving += gone;
      left.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What it is known to carry; of one that was never reached, the least. */
  Report.Road road(boolean utf8) {
    Extensions offers = seen;
    boolean wide = offers != null && offers.has("8BITMIME") && (!utf8 || offers.has("SMTPUTF8"));
    return wide ? Report.Road.WIDE : Report.Road.NARROW;
  }

  /** How many octets it takes, as far as it has said. */
  long room() {
    Extensions offers = seen;
    return offers == null ? 0 : offers.maxSize().orElse(Long.MAX_VALUE);
  }

  /** Once more, now by DATA: the dialer has learnt. */
  private Handed again(Envelope envelope, heddle.dial.Message message) {
    return switch (SmtpClient.open(dialer, target, manner)) {
      case Opened.Failed(var trouble) -> absent(trouble);
      case Opened.Ready(var client) -> over(kept.fresh(client), served(client, envelope, message));
    };
  }

  private Handed over(KeptConnections.Kept used, List<Result> results) {
    boolean dsn = used.client().extensions().has("DSN");
    int messages = used.messages() + 1;
    boolean more = used.client().usable() && messages < settings.messages();
    if (!more || !kept.keep(used.client(), messages)) {
      goodbye(used.client());
    }
    return new Handed.Over(results, dsn);
  }

  // ---- how many it takes at one time

  private void enter() {
    lock.lock();
    try {
      while (inUse >= width()) {
        // Not for ever: the width grows by itself.
        boolean _ = left.await(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      inUse++;
      lock.unlock();
    }
  }

  /** One at a time until it is known to be there: a wrong password is not shown by many at once. */
  private int width() {
    if (!reached || absence != null) {
      return 1;
    }
    return narrowUntil.over() ? settings.connections() : Math.max(1, places);
  }

  private void leave() {
    lock.lock();
    try {
      inUse--;
      left.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** QUIT waits for an answer; the message behind has no need to. */
  private void goodbye(SmtpClient client) {
    count(0, 1);
    Thread.ofVirtual()
        .name("quit " + target)
        .start(
            () -> {
              try {
                client.close();
              } finally {
                count(0, -1);
              }
            });
  }

  /**
   * A connection that fails while others of ours are served, or are just leaving, says something of
   * their number and nothing of the server.
   */
  private boolean isCrowded() {
    lock.lock();
    try {
      if (serving > 0) {
        places = serving;
        narrowUntil = Deadline.in(settings.longestPause());
        return true;
      }
      if (leaving > 0) {
        long nanos = TimeUnit.SECONDS.toNanos(1);
        while (leaving > 0 && nanos > 0) {
          nanos = left.awaitNanos(nanos);
        }
        return true;
      }
      return !kept.isEmpty();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  // ---- whether it is there

  private Handed absent(Trouble trouble) {
    boolean news;
    Duration pause;
    lock.lock();
    try {
      if (absence != null && !absence.until().over()) {
        return new Handed.Down(trouble, Optional.empty()); // another has said so already
      }
      news = absence == null;
      pause =
          trouble instanceof Trouble.LoginRefused(var reply) && !reply.temporary()
              ? LOGIN_REFUSED
              : absence == null ? settings.firstPause() : doubled(absence.pause());
      absence = new Absence(trouble, pause, Deadline.in(jittered(pause)));
    } finally {
      lock.unlock();
    }
    if (news) {
      events.tell(new Event.RouteDown(route, toString(), trouble.words()));
    }
    return new Handed.Down(trouble, Optional.of(pause));
  }

  private Duration doubled(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(settings.longestPause()) > 0 ? settings.longestPause() : twice;
  }

  private static Duration jittered(Duration pause) {
    return Duration.ofMillis(
        Math.round(pause.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.0)));
  }

  private void present() {
    boolean back;
    boolean news;
    lock.lock();
    try {
      news = absence != null;
      back = news || !reached;
      absence = null;
      reached = true;
      left.signalAll();
    } finally {
      lock.unlock();
    }
    if (news) {
      events.tell(new Event.RouteUp(route, toString()));
    }
    if (back) {
      onReturn.run();
    }
  }

  /** Says goodbye on the connections that are kept; those in use end behind their message. */
  @Override
  public void close() {
    kept.close();
  }

  @Override
  public String toString() {
    return target.toString();
  }
}
