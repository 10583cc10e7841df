package heddle.delivery;

import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Id;
import heddle.mail.Mailbox;
import heddle.spool.Outcome;
import heddle.spool.QueueEntry;
import heddle.spool.RecipientState;
import heddle.spool.Spool;
import heddle.spool.SpoolUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes messages out of the spool when they are due and brings them where the route says; one
 * virtual thread an attempt, so many at a time. Safe to share.
 */
public final class Courier implements AutoCloseable {
  private static final int AT_A_TIME = 16;

  private record Due(Instant when, Id id) {}

  private final Spool spool;
  private final Route route;
  private final RetrySchedule schedule;
  private final Events events;
  private final InstantSource clock;
  private final PriorityQueue<Due> agenda =
      new PriorityQueue<>((a, b) -> a.when().compareTo(b.when()));
  private final Set<Id> underWay = ConcurrentHashMap.newKeySet();

  /** Those that somebody asked to be tried at once, whatever the schedule says. */
  private final Set<Id> urged = ConcurrentHashMap.newKeySet();

  private final Semaphore places = new Semaphore(AT_A_TIME);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closed;

  public Courier(
      Spool spool, Route route, RetrySchedule schedule, Events events, InstantSource clock) {
    this.spool = spool;
    this.route = route;
    this.schedule = schedule;
    this.events = events;
    this.clock = clock;
  }

  /** Begins with what lies in the spool, and goes on with what comes. */
  public void start() {
    if (route instanceof Route.Hold hold) {
      // Nothing is marked as held: under another route, after a restart, all of it goes on.
      spool.onNew(entry -> events.tell(new Event.Held(entry.id(), hold.why())));
      return;
    }
    spool.onNew(entry -> plan(entry.id(), clock.instant()));
    spool.entries().forEach(this::planNext);
    Thread.ofVirtual().name("courier").start(this::work);
  }

  /** Tries it now, whatever the schedule says. */
  public void retry(Id id) {
    urged.add(id);
    plan(id, clock.instant());
  }

  private void plan(Id id, Instant when) {
    lock.lock();
    try {
      agenda.add(new Due(when, id));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void planNext(QueueEntry entry) {
    if (entry.held().isEmpty()) {
      entry.recipients().stream()
          .filter(r -> !r.done())
          .map(state -> due(state.next()))
          .min(Instant::compareTo)
          .ifPresent(when -> plan(entry.id(), due(when)));
    }
  }

  /**
   * The time of the next attempt. No step leads further than the longest one: a time beyond it was
   * written under another clock, and means now.
   */
  private Instant due(Instant next) {
    Instant now = clock.instant();
    Duration longest =
        schedule.steps().stream().max(Duration::compareTo).orElse(Duration.ofHours(4));
    return next.isAfter(now.plus(longest).plusSeconds(60)) ? now : next;
  }

  private void work() {
    try {
      for (Id id = next(); id != null; id = next()) {
        places.acquire();
        Id due = id;
        Thread.ofVirtual()
            .name("attempt")
            .start(
                () -> {
                  try {
                    attempt(due);
                  } finally {
                    places.release();
                  }
                });
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for what is due; null at the end. */
  private @org.jspecify.annotations.Nullable Id next() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        Due first = agenda.peek();
        if (first == null) {
          changed.await();
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
        return first.id();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void attempt(Id id) {
    if (!underWay.add(id)) {
      return; // it is looked after, and planned again at its end
    }
    try {
      spool.entry(id).ifPresent(this::attempt);
    } finally {
      underWay.remove(id);
      // Whatever went wrong, what was promised is tried again.
      spool.entry(id).ifPresent(this::planNext);
    }
  }

  private void attempt(QueueEntry entry) {
    if (entry.held().isPresent()) {
      return;
    }
    Instant now = clock.instant();
    boolean atOnce = urged.remove(entry.id());
    Map<Integer, Outcome> outcomes = new HashMap<>();
    List<Event> told = new ArrayList<>();
    switch (route) {
      case Route.Hold _ -> {}
      case Route.Maildir maildir -> {
        for (int i = 0; i < entry.recipients().size(); i++) {
          RecipientState state = entry.recipients().get(i);
          if (!state.done() && (atOnce || !due(state.next()).isAfter(now))) {
            deliver(entry, i, maildir.delivery(), outcomes, told);
          }
        }
      }
    }
    if (!outcomes.isEmpty()) {
      record(entry, outcomes, told);
    }
  }

  private void deliver(
      QueueEntry entry,
      int index,
      MaildirDelivery maildir,
      Map<Integer, Outcome> outcomes,
      List<Event> told) {
    Id id = entry.id();
    Mailbox to = entry.ticket().envelope().recipients().get(index).mailbox();
    try (InputStream text = spool.open(id)) {
      var file =
          maildir.deliver(
              id, entry.ticket().accepted(), entry.ticket().envelope().sender(), to, text);
      outcomes.put(index, new Outcome.Delivered(file.toString(), "maildir"));
      Duration delay = Duration.between(entry.ticket().accepted(), clock.instant());
      told.add(new Event.Delivered(id, to.toString(), "maildir", file.toString(), delay));
    } catch (NoSuchFileException dropped) {
      // It was dropped from the queue while we were at it.
      spool.entry(id).ifPresent(_ -> defer(entry, index, dropped, outcomes, told));
    } catch (IOException trouble) {
      defer(entry, index, trouble, outcomes, told);
    } catch (RuntimeException mistake) {
      // A mistake of ours with one recipient must not stop the others, nor lose this one.
      System.getLogger("heddle.delivery").log(System.Logger.Level.ERROR, "delivery", mistake);
      defer(entry, index, new IOException("a mistake of ours", mistake), outcomes, told);
    }
  }

  private void defer(
      QueueEntry entry,
      int index,
      IOException trouble,
      Map<Integer, Outcome> outcomes,
      List<Event> told) {
    Instant next = schedule.next(clock.instant(), entry.recipients().get(index).attempts() + 1);
    String why = "451 4.2.0 " + words(trouble);
    outcomes.put(index, new Outcome.Deferred(why, "maildir", next));
    Mailbox to = entry.ticket().envelope().recipients().get(index).mailbox();
    told.add(new Event.Deferred(entry.id(), to.toString(), "maildir", why, next.toString()));
  }

  private static String words(IOException trouble) {
    return switch (trouble) {
      case java.nio.file.AccessDeniedException denied -> "may not write " + denied.getFile();
      case java.nio.file.NotDirectoryException not -> "not a folder: " + not.getFile();
      case java.nio.file.FileSystemException failed ->
          failed.getFile() + ": " + (failed.getReason() == null ? "failed" : failed.getReason());
      default -> trouble.getMessage() == null ? "the disk failed" : trouble.getMessage();
    };
  }

  private void record(QueueEntry entry, Map<Integer, Outcome> outcomes, List<Event> told) {
    try {
      spool.happened(entry.id(), outcomes);
    } catch (SpoolUnavailable later) {
      // It counts in memory and is written when the disk allows; only a crash would repeat it.
    }
    told.forEach(events::tell);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    // What is under way is brought to its end: an attempt cut off would be made twice.
    boolean _ = drained();
  }

  private boolean drained() {
    try {
      return places.tryAcquire(AT_A_TIME, 10, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
