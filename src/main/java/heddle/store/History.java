package heddle.store;

import heddle.event.Event;
import heddle.event.Events;
import heddle.event.Facts;
import heddle.event.Mentions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * What happened, on disk, to be asked about later: the one table behind traces, the login history,
 * the audit and the kept conversations. Telling waits for nothing: a thread of its own writes what
 * was told in batches; what comes faster than the disk takes it is dropped and counted. Safe to
 * share.
 */
public final class History implements Events, AutoCloseable {
  /**
   * One event.
   *
   * @param seq its number; a later one has a greater
   * @param at to the millisecond
   * @param fields as the log has them
   */
  public record Entry(
      long seq, Instant at, Optional<heddle.mail.Id> id, String name, Map<String, String> fields) {
    public String field(String key) {
      return fields.getOrDefault(key, "");
    }
  }

  /**
   * Which entries.
   *
   * @param mention a word of {@link Mentions}
   * @param prefix whether the word may go on
   * @param names of events; none: all
   * @param after only those with greater numbers
   */
  public record Question(
      Optional<String> mention,
      boolean prefix,
      Set<String> names,
      long after,
      Optional<Instant> since,
      boolean oldestFirst,
      int most) {
    /** The newest of all. */
    public static Question newest(int most) {
      return new Question(Optional.empty(), false, Set.of(), 0, Optional.empty(), false, most);
    }

    public Question about(String word) {
      return new Question(Optional.of(word), false, names, after, since, oldestFirst, most);
    }

    /** Those of an id, of which the first characters are known. */
    public Question beginning(String word) {
      return new Question(Optional.of(word), true, names, after, since, oldestFirst, most);
    }

    public Question named(Set<String> only) {
      return new Question(mention, prefix, only, after, since, oldestFirst, most);
    }

    public Question after(long seq) {
      return new Question(mention, prefix, names, seq, since, oldestFirst, most);
    }

    public Question since(Instant start) {
      return new Question(mention, prefix, names, after, Optional.of(start), oldestFirst, most);
    }

    public Question inOrder() {
      return new Question(mention, prefix, names, after, since, true, most);
    }
  }

  /**
   * How long what is kept.
   *
   * @param dialogues how many conversations
   */
  public record Keep(Duration events, Duration logins, int dialogues) {
    /** For those who only look. */
    public static final Keep ALL =
        new Keep(Duration.ofDays(36_500), Duration.ofDays(36_500), Integer.MAX_VALUE);
  }

  /** What was told; its facts are made where nobody waits for them. */
  private record Heard(Instant at, Event event) {
    EventRows.Told told() {
      Facts facts = Facts.of(event);
      return new EventRows.Told(at, facts, Mentions.of(event, facts));
    }
  }

  private static final System.Logger LOG = System.getLogger(History.class.getName());
  private static final int QUEUE = 65_536;
  private static final int BATCH = 4096;

  /** Events that come so close to one another share one commit. */
  private static final long COMPANY_MILLIS = 50;

  private final Writer writer;

  /** Has a connection of its own: whoever asks does not wait for what is being written. */
  private final Writer reader;

  private final InstantSource clock;
  private final Keep keep;
  private final BlockingQueue<Heard> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong told = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final Semaphore hurry = new Semaphore(0);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private final Thread thread;
  private volatile boolean closing;

  /** How many of those told were written, or given up; guarded by the lock. */
  private long settled;

  /** The number of the newest on disk; guarded by the lock. */
  private long last;

  private History(Writer writer, Writer reader, InstantSource clock, Keep keep) {
    this.writer = writer;
    this.reader = reader;
    this.clock = clock;
    this.keep = keep;
    this.thread = Thread.ofPlatform().name("history").daemon(true).unstarted(this::write);
  }

  /** Opens the file, or makes it. */
  public static History open(Path file, InstantSource clock, Keep keep)
      throws StoreRefused, StoreUnavailable {
    Writer writer = Writer.open(file, EventRows.STEPS);
    Writer reader;
    try {
      reader = Writer.open(file, EventRows.STEPS);
    } catch (StoreRefused | StoreUnavailable trouble) {
      writer.close();
      throw trouble;
    }
    var history = new History(writer, reader, clock, keep);
    history.last = writer.ask(EventRows::last);
    history.thread.start();
    writer.every(600, history::forgetOld);
    return history;
  }

  @Override
  public void tell(Event event) {
    if (queue.offer(new Heard(clock.instant(), event))) {
      told.incrementAndGet();
    } else {
      dropped.incrementAndGet();
    }
  }

  private void write() {
    List<Heard> batch = new ArrayList<>();
    try {
      while (!closing || !queue.isEmpty()) {
        Heard first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        if (!closing) {
          var _ = hurry.tryAcquire(COMPANY_MILLIS, TimeUnit.MILLISECONDS);
          hurry.drainPermits();
        }
        queue.drainTo(batch, BATCH - 1);
        keep(batch.stream().map(Heard::told).toList());
        batch.clear();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void keep(List<EventRows.Told> batch) {
    long newest = 0;
    try {
      newest =
          writer.ask(
              c -> {
                long seq = EventRows.insert(c, batch);
                if (batch.stream().anyMatch(t -> t.facts().name().equals("dialogue"))) {
                  EventRows.thin(c, batch, keep.dialogues());
                }
                c.commit();
                return seq;
              });
    } catch (StoreUnavailable trouble) {
      dropped.addAndGet(batch.size());
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} events are missing from the history: {1}",
          dropped.getAndSet(0),
          trouble.getMessage());
    }
    lock.lock();
    try {
      settled += batch.size();
      last = Math.max(last, newest);
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A whole copy as of now, for a backup.
   *
   * @param to does not exist yet
   */
  public void copyTo(Path to) throws StoreUnavailable {
    settle();
    writer.copyTo(to);
  }

  /** What is known, also of what was told a moment ago. */
  public List<Entry> ask(Question question) throws StoreUnavailable {
    return ask(question, _ -> true);
  }

  /**
   * What is known, also of what was told a moment ago.
   *
   * @param also what an entry must fulfil besides; it is asked on the store's thread
   */
  public List<Entry> ask(Question question, Predicate<Entry> also) throws StoreUnavailable {
    settle();
    return reader.ask(c -> EventRows.select(c, question, also));
  }

  /** How many there are. */
  public int count(Question question) throws StoreUnavailable {
    settle();
    return reader.ask(c -> EventRows.count(c, question));
  }

  /** The number of the newest. */
  public long last() {
    settle();
    lock.lock();
    try {
      return last;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there is one with a greater number.
   *
   * @return false where there was none in time
   */
  public boolean awaitBeyond(long seq, Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (last <= seq) {
        if (left <= 0) {
          return false;
        }
        left = more.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Gives what waits in the queue the moment it needs. */
  private void settle() {
    long wanted = told.get();
    hurry.release();
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(1);
      while (settled < wanted && left > 0) {
        left = more.awaitNanos(left);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Erases what is known of somebody. */
  public void forget(String user) throws StoreUnavailable {
    settle();
    writer.ask(
        c -> {
          int gone = EventRows.forget(c, user.toLowerCase(Locale.ROOT));
          c.commit();
          writer.emptyLog();
          return gone;
        });
  }

  /** Lets go of what is older than it is kept; done by itself every ten minutes. */
  void forgetOld() {
    try {
      writer.ask(
          c -> {
            EventRows.forgetOld(c, clock.instant(), keep.events(), keep.logins());
            c.commit();
            return true;
          });
    } catch (StoreUnavailable later) {
      LOG.log(System.Logger.Level.WARNING, "old events not forgotten: {0}", later.getMessage());
    }
  }

  /** Writes what was told, and lets go of the file. */
  @Override
  public void close() {
    closing = true;
    hurry.release();
    try {
      thread.join(5_000);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    reader.close();
    writer.close();
  }
}
