package heddle.delivery;

import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Domain;
import heddle.mail.Envelope;
import heddle.mail.Id;
import heddle.mail.Path;
import heddle.mail.Recipient;
import heddle.spool.QueueEntry;
import heddle.spool.RecipientState;
import heddle.spool.Spool;
import heddle.spool.Ticket;
import heddle.wire.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages out of the spool when they are due and brings them where their routes say: one
 * attempt for a message and a route, in a lane of that route. Safe to share.
 */
public final class Courier implements AutoCloseable {
  private static final Duration BEHIND_A_MISTAKE = Duration.ofMinutes(1);
  private static final Duration CLOCK_TREMBLES = Duration.ofSeconds(5);

  /** How our own words begin where a next hop was not to be had, whatever the message. */
  private static final int AWAY = 421;

  private record Due(Instant when, Id id) {}

  private record Claim(Id id, String route) {}

  /**
   * @param now whatever the schedule says
   * @param knocks even where nobody was there a moment ago
   */
  private record Urgency(boolean now, boolean knocks) {}

  private final Spool spool;
  private final Router router;
  private final RetryDecision.Patience patience;
  private final InstantSource clock;
  private final Events events;
  private final Carrier carrier;
  private final Settlement settlement;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final PriorityQueue<Due> agenda =
      new PriorityQueue<>((a, b) -> a.when().compareTo(b.when()));

  /** The one entry of the agenda that counts for a message: the earliest. */
  private final Map<Id, Due> planned = new HashMap<>();

  private final Set<Claim> underWay = ConcurrentHashMap.newKeySet();

  /** Those that are to be tried at once, whatever the schedule says. */
  private final Set<Id> urged = ConcurrentHashMap.newKeySet();

  /** Of these, those that somebody asked for: they call even where nobody was there. */
  private final Set<Id> forced = ConcurrentHashMap.newKeySet();

  /** Those that look, at the time planned, whether their next hop is there again. */
  private final Map<Id, Route> knocking = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long looked = System.nanoTime();
  private Instant lookedAt = Instant.MIN;
  private boolean closed;

  /**
   * @param hostname in whose name reports are written
   * @param random unpredictable
   */
  public Courier(
      Spool spool,
      Router router,
      RetryDecision.Patience patience,
      Domain hostname,
      Events events,
      InstantSource clock,
      RandomGenerator random) {
    this.spool = spool;
    this.router = router;
    this.patience = patience;
    this.clock = clock;
    this.events = events;
    this.carrier = new Carrier(spool);
    this.settlement =
        new Settlement(spool, this::wayBack, patience, hostname, events, clock, random);
    for (Route route : router.routes()) {
      lanes.put(route.name(), new Lane(route.name(), route.width()));
      if (route instanceof Route.Smarthost smarthost) {
        smarthost.hop().onReturn(() -> urgeThoseTurnedBack(route));
      }
    }
  }

  /** Begins with what lies in the spool, and goes on with what comes. */
  public void start() {
    spool.onNew(this::welcome);
    spool.entries().forEach(this::planNext);
    // Who looked whether a next hop is there again was known to the process before this one only.
    router.routes().forEach(this::knockAt);
    Thread.ofVirtual().name("courier").start(this::work);
  }

  private void welcome(QueueEntry entry) {
    // Nothing is marked as held: under another route, after a restart, all of it goes on.
    holding(entry).ifPresent(hold -> events.tell(new Event.Held(entry.id(), hold.why())));
    planNext(entry);
  }

  private Optional<Route.Hold> holding(QueueEntry entry) {
    for (int i = 0; i < entry.recipients().size(); i++) {
      if (!entry.recipients().get(i).done() && route(entry, i) instanceof Route.Hold hold) {
        return Optional.of(hold);
      }
    }
    return Optional.empty();
  }

  /** Whether nothing of it is tried: by somebody's order, or because its route keeps it. */
  public boolean rests(QueueEntry entry) {
    if (entry.held().isPresent()) {
      return true;
    }
    for (int i = 0; i < entry.recipients().size(); i++) {
      if (!entry.recipients().get(i).done() && !(route(entry, i) instanceof Route.Hold)) {
        return false;
      }
    }
    return true;
  }

  /** Why its route keeps all of it, where nobody else does. */
  public Optional<String> parked(QueueEntry entry) {
    return entry.held().isEmpty() && rests(entry)
        ? holding(entry).map(hold -> "by route " + hold.name() + ": " + hold.why())
        : Optional.empty();
  }

  private Route route(QueueEntry entry, int index) {
    return router.route(entry.ticket(), entry.ticket().envelope().recipients().get(index));
  }

  /** Where a report of the message would go. */
  private Route wayBack(QueueEntry entry) {
    Ticket about = entry.ticket();
    return switch (about.envelope().sender()) {
      case Path.Nobody _ -> router.otherwise();
      case Path.Somebody(var mailbox) -> {
        Recipient sender = Recipient.of(mailbox);
        var envelope =
            new Envelope(
                Path.NOBODY,
                List.of(sender),
                Envelope.Body.SEVEN_BIT,
                false,
                Optional.empty(),
                Optional.empty());
        var report =
            new Ticket(
                about.id(),
                envelope,
                Optional.empty(),
                about.listener(),
                about.connection(),
                Optional.empty(),
                about.accepted(),
                0);
        yield router.route(report, sender);
      }
    };
  }

  /** Tries it now, whatever the schedule says, and even where nobody was there a moment ago. */
  public void retry(Id id) {
    forced.add(id);
    urge(id);
  }

  private void urge(Id id) {
    urged.add(id);
    plan(id, clock.instant());
  }

  /** A next hop is there again: its own words for a message do not count, nor the schedule. */
  private void urgeThoseTurnedBack(Route route) {
    turnedBack(route).forEach(this::urge);
  }

  /** Of those that wait at a door one looks whether somebody is there; the others follow it. */
  private void knockAt(Route route) {
    turnedBack(route).findFirst().ifPresent(id -> knock(id, route, Duration.ZERO));
  }

  private void knock(Id id, Route route, Duration pause) {
    knocking.put(id, route);
    plan(id, clock.instant().plus(pause));
  }

  private Stream<Id> turnedBack(Route route) {
    return spool.entries().stream()
        .filter(entry -> entry.held().isEmpty() && wasTurnedBack(entry, route))
        .map(QueueEntry::id);
  }

  private boolean wasTurnedBack(QueueEntry entry, Route route) {
    for (int i = 0; i < entry.recipients().size(); i++) {
      RecipientState state = entry.recipients().get(i);
      if (!state.done()
          && state.lastReply().startsWith(AWAY + " ")
          && route(entry, i).equals(route)) {
        return true;
      }
    }
    return false;
  }

  // ---- the agenda

  private void plan(Id id, Instant when) {
    lock.lock();
    try {
      Due before = planned.get(id);
      if (before == null || when.isBefore(before.when())) {
        var due = new Due(when, id);
        planned.put(id, due);
        agenda.add(due);
      }
      changed.signal(); // whatever is planned: the clock may have been set meanwhile
    } finally {
      lock.unlock();
    }
  }

  private void planNext(QueueEntry entry) {
    if (entry.held().isPresent()) {
      return;
    }
    Instant first = null;
    for (int i = 0; i < entry.recipients().size(); i++) {
      RecipientState state = entry.recipients().get(i);
      if (!state.done() && !(route(entry, i) instanceof Route.Hold)) {
        Instant when = due(state.next());
        first = first == null || when.isBefore(first) ? when : first;
      }
    }
    if (first != null) {
      plan(entry.id(), first);
    }
  }

  /**
   * The time of the next attempt. No step leads further than the longest one, a tenth more or less:
   * a time beyond it was written under another clock, and means now.
   */
  private Instant due(Instant next) {
    Instant now = clock.instant();
    Duration longest =
        patience.schedule().steps().stream().max(Duration::compareTo).orElse(Duration.ofHours(4));
    Instant furthest = now.plus(longest).plus(longest.dividedBy(9)).plusSeconds(60);
    return next.isAfter(furthest) ? now : next;
  }

  private void work() {
    try {
      for (Id id = next(); id != null; id = next()) {
        try {
          dispatch(id);
        } catch (RuntimeException mistake) {
          System.getLogger("heddle.delivery").log(System.Logger.Level.ERROR, "courier", mistake);
          plan(id, clock.instant().plus(BEHIND_A_MISTAKE));
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for what is due; null at the end. */
  private @Nullable Id next() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        Due first = agenda.peek();
        if (first == null) {
          changed.await();
          continue;
        }
        if (wasSetBack()) {
          planAnew();
          continue;
        }
        Duration wait = Duration.between(clock.instant(), first.when());
        if (wait.isPositive()) {
          // Not longer than a minute: the wall clock may be set meanwhile.
          long millis = Math.min(wait.toMillis() + 1, 60_000);
          boolean _ = changed.await(millis, TimeUnit.MILLISECONDS);
          continue;
        }
        agenda.remove();
        if (planned.remove(first.id(), first)) {
          return first.id();
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the wall clock has fallen behind the time that went by. */
  private boolean wasSetBack() {
    Instant now = clock.instant();
    long passed = System.nanoTime() - looked;
    boolean back =
        !lookedAt.equals(Instant.MIN)
            && now.isBefore(lookedAt.plusNanos(passed).minus(CLOCK_TREMBLES));
    looked += passed;
    lookedAt = now;
    return back;
  }

  /** What was planned by the clock as it stood means other times now. */
  private void planAnew() {
    agenda.clear();
    planned.clear();
    spool.entries().forEach(this::planNext);
    knocking.keySet().forEach(id -> plan(id, clock.instant()));
  }

  /** One job for each route that a recipient is due on. */
  private void dispatch(Id id) {
    Optional<QueueEntry> found = spool.entry(id);
    Route door = knocking.remove(id);
    boolean asked = forced.remove(id);
    boolean atOnce = urged.remove(id) || door != null || asked;
    boolean knocks = asked || door != null;
    if (found.isEmpty() || found.get().held().isPresent()) {
      if (door != null) {
        knockAt(door);
      }
      return;
    }
    QueueEntry entry = found.get();
    Map<String, Route> routes = new HashMap<>();
    for (int i = 0; i < entry.recipients().size(); i++) {
      Route route = route(entry, i);
      if (isDue(entry, i, atOnce) && !(route instanceof Route.Hold)) {
        routes.put(route.name(), route);
      }
    }
    if (routes.isEmpty()) {
      planNext(entry); // the clock was set back
    }
    for (Route route : routes.values()) {
      var claim = new Claim(id, route.name());
      if (underWay.add(claim)) {
        lane(route).run(() -> attempt(claim, route, new Urgency(atOnce, knocks)));
      } else if (atOnce) {
        urged.add(id); // what is under way may have begun too early: again behind it
        if (asked) {
          forced.add(id);
        }
        if (!underWay.contains(claim)) {
          plan(id, clock.instant()); // it has ended meanwhile, and did not see this
        }
      }
    }
  }

  private Lane lane(Route route) {
    return java.util.Objects.requireNonNull(lanes.get(route.name()), "a lane for each route");
  }

  private boolean isDue(QueueEntry entry, int index, boolean atOnce) {
    RecipientState state = entry.recipients().get(index);
    return !state.done() && (atOnce || !due(state.next()).isAfter(clock.instant()));
  }

  // ---- one attempt

  private void attempt(Claim claim, Route route, Urgency urgency) {
    boolean whole = false;
    try {
      spool.entry(claim.id()).ifPresent(entry -> attempt(entry, route, urgency));
      whole = true;
    } finally {
      underWay.remove(claim);
      // Whatever went wrong, what was promised is tried again.
      if (!whole) {
        plan(claim.id(), clock.instant().plus(BEHIND_A_MISTAKE));
      } else if (urged.contains(claim.id())) {
        plan(claim.id(), clock.instant());
      } else {
        spool.entry(claim.id()).ifPresent(this::planNext);
      }
    }
  }

  private void attempt(QueueEntry entry, Route route, Urgency urgency) {
    if (entry.held().isPresent()) {
      return;
    }
    List<Integer> which = new ArrayList<>();
    for (int i = 0; i < entry.recipients().size(); i++) {
      if (isDue(entry, i, urgency.now()) && route(entry, i).equals(route)) {
        which.add(i);
      }
    }
    if (which.isEmpty()) {
      return;
    }
    long began = System.nanoTime();
    Carrier.Carried carried = carrier.carry(entry, which, route, urgency.knocks());
    carried.knock().ifPresent(pause -> knock(entry.id(), route, pause));
    if (spool.entry(entry.id()).isEmpty()) {
      return; // it was dropped from the queue while we were at it
    }
    var took = Duration.ofNanos(System.nanoTime() - began);
    settlement.settle(entry, route.relay(), carried.turnouts(), took);
  }

  @Override
  public void close() {
    stop(Duration.ofSeconds(10));
  }

  /**
   * Begins nothing new, and brings what is under way to its end: an attempt cut off may be made
   * twice.
   *
   * @return how many attempts had to be left
   */
  public int stop(Duration patience) {
    lock.lock();
    try {
      if (closed) {
        return 0;
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    Deadline enough = Deadline.in(patience);
    int cut = 0;
    for (Lane lane : lanes.values()) {
      lane.shut();
    }
    for (Lane lane : lanes.values()) {
      cut += lane.await(enough.left());
    }
    router.close();
    return cut;
  }
}
