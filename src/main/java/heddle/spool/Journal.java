package heddle.spool;

import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Id;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The journal's one writer. Whoever hands in a slip waits; the writer takes all that wait, writes
 * them behind one another and forces once. Nobody is made to wait for company. Safe to share.
 */
final class Journal implements AutoCloseable {
  private static final int MOST_AT_ONCE = 4096;
  private static final int BUFFER = 1024 * 1024;

  /** A segment that ended. {@code since} is when. */
  record Ended(String name, long length, Instant since) {}

  private final Disk disk;
  private final Settings settings;
  private final Events events;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final LinkedBlockingQueue<Slip> waiting = new LinkedBlockingQueue<>();

  /** Guards all below. Held through a force(); never while an entry's lock is asked for. */
  private final ReentrantLock writing = new ReentrantLock();

  private final Deque<Ended> ended = new ArrayDeque<>();
  private final List<Id> doubtful = new ArrayList<>();
  private @Nullable ByteBuffer buffer;
  private @Nullable Segment current;
  private volatile @Nullable Thread writer;
  private long nextNumber;
  private boolean onTrial;
  private volatile Optional<String> closedBecause = Optional.empty();
  private volatile boolean over;

  Journal(Disk disk, Settings settings, Events events, InstantSource clock, List<Ended> found) {
    this.disk = disk;
    this.settings = settings;
    this.events = events;
    this.clock = clock;
    this.nextNumber = 1;
    for (Ended segment : found) {
      ended.add(segment);
      nextNumber = Segment.number(segment.name()).orElse(0L) + 1;
    }
  }

  /** Why nothing is taken, where that is so. */
  Optional<String> closedBecause() {
    return closedBecause;
  }

  /** Returns when the record is durable. */
  void write(Slip slip) throws SpoolUnavailable {
    submit(slip);
    slip.await();
  }

  private void submit(Slip slip) throws SpoolUnavailable {
    refuseWhenClosed();
    if (writer == null) {
      start();
    }
    waiting.add(slip);
    if (over) {
      // close() may have looked before this slip came.
      failAll();
    }
  }

  void refuseWhenClosed() throws SpoolUnavailable {
    if (over) {
      throw new SpoolUnavailable("the spool is shut down");
    }
    Optional<String> why = closedBecause;
    if (why.isPresent()) {
      throw new SpoolUnavailable("the spool is closed: " + why.get());
    }
  }

  /** The writer is a platform thread: it sits in force() most of its life. */
  private void start() {
    writing.lock();
    try {
      if (writer == null && !over) {
        writer = Thread.ofPlatform().name("spool-journal").daemon().start(this::run);
      }
    } finally {
      writing.unlock();
    }
  }

  private void run() {
    var batch = new ArrayList<Slip>();
    try {
      while (!over) {
        batch.clear();
        batch.add(waiting.take());
        waiting.drainTo(batch, MOST_AT_ONCE);
        settle(batch);
      }
    } catch (InterruptedException neverAsked) {
      closedBecause = Optional.of("the journal's writer was interrupted");
    }
    failAll();
  }

  private void failAll() {
    for (Slip slip = waiting.poll(); slip != null; slip = waiting.poll()) {
      slip.settled().completeExceptionally(new SpoolUnavailable("the spool is shut down"));
    }
  }

  private void settle(List<Slip> batch) {
    Optional<Throwable> failure = Optional.empty();
    writing.lock();
    try {
      failure =
          over
              ? Optional.of(new SpoolUnavailable("the spool is shut down"))
              : closedBecause.map(SpoolUnavailable::new);
      if (failure.isEmpty()) {
        write(batch, Force.JOURNAL_RECORD);
        onTrial = false;
      }
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      failure = Optional.of(e);
      broken(batch, e);
    } finally {
      writing.unlock();
    }
    // Woken outside the lock, and from the writer's own thread: completing only unparks.
    for (Slip slip : batch) {
      if (failure.isPresent()) {
        slip.settled().completeExceptionally(failure.get());
      } else {
        slip.settled().complete(true);
      }
    }
  }

  private void write(List<Slip> batch, Force why) throws IOException {
    Segment segment = current == null ? begin() : current;
    if (buffer == null) {
      buffer = ByteBuffer.allocateDirect(BUFFER);
    }
    long[] texts = segment.append(batch.stream().map(Slip::record).toList(), buffer);
    segment.force(why);
    for (int i = 0; i < texts.length; i++) {
      batch.get(i).durable().at(segment.name(), texts[i]);
    }
    if (segment.length() >= settings.segmentLimit()) {
      end();
    }
  }

  private Segment begin() throws IOException {
    byte[] nonce = new byte[Segment.NONCE_LENGTH / 2];
    random.nextBytes(nonce);
    Segment segment =
        Segment.begin(disk, nextNumber++, HexFormat.of().formatHex(nonce), clock.instant());
    current = segment;
    disk.forceFolder(Folders.JOURNAL, Force.JOURNAL_FOLDER);
    return segment;
  }

  private void end() {
    Segment segment = current;
    if (segment != null) {
      segment.close();
      ended.add(new Ended(segment.name(), segment.length(), clock.instant()));
      current = null;
    }
  }

  // ---- when the disk says no

  /**
   * A segment whose force() failed is never forced again: the kernel may have thrown the pages away
   * and would call the next force() a success. A new segment is tried, once.
   */
  private void broken(List<Slip> batch, Throwable why) {
    batch.forEach(slip -> slip.accepts().ifPresent(doubtful::add));
    end();
    String words = words(why);
    if (onTrial || !tryAnew()) {
      closedBecause = Optional.of(words);
      events.tell(new Event.SpoolClosed(words));
    }
  }

  private static String words(Throwable why) {
    return why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
  }

  /**
   * Begins a segment with the word that what was answered 452 does not count: some of it may be on
   * the disk.
   */
  private boolean tryAnew() {
    onTrial = true;
    try {
      write(doubtful.stream().map(Slip::drop).toList(), Force.PROBE);
      doubtful.clear();
      return true;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      abandon();
      return false;
    }
  }

  /** Nothing in it was ever promised. */
  private void abandon() {
    Segment segment = current;
    if (segment == null) {
      return;
    }
    end();
    try {
      disk.unlink(Folders.JOURNAL + "/" + segment.name());
      ended.removeLast();
    } catch (IOException stays) {
      // It leaves when its turn comes.
    }
  }

  /** Opens a closed spool where the disk takes a forced record again. */
  void probe() {
    writing.lock();
    try {
      if (closedBecause.isPresent() && tryAnew()) {
        closedBecause = Optional.empty();
        events.tell(new Event.SpoolOpened());
      }
    } finally {
      writing.unlock();
    }
  }

  // ---- segments come and go

  /** Ends the current segment where it is old enough, or in any case. */
  void endCurrent(boolean inAnyCase) {
    writing.lock();
    try {
      Segment segment = current;
      if (segment != null && (inAnyCase || old(segment.born()))) {
        end();
      }
    } finally {
      writing.unlock();
    }
  }

  private boolean old(Instant since) {
    return Duration.between(since, clock.instant()).compareTo(settings.segmentAge()) >= 0;
  }

  /** The oldest segment, where its time has come. */
  Optional<Ended> due(boolean inAnyCase) {
    writing.lock();
    try {
      Ended oldest = ended.peek();
      return oldest != null
              && (inAnyCase
                  || old(oldest.since())
                  || octets() - oldest.length() >= settings.segmentLimit())
          ? Optional.of(oldest)
          : Optional.empty();
    } finally {
      writing.unlock();
    }
  }

  /** The oldest is unlinked. */
  void gone(Ended oldest) {
    writing.lock();
    try {
      ended.remove(oldest);
    } finally {
      writing.unlock();
    }
  }

  long octets() {
    writing.lock();
    try {
      return ended.stream().mapToLong(Ended::length).sum()
          + (current == null ? 0 : current.length());
    } finally {
      writing.unlock();
    }
  }

  int segments() {
    writing.lock();
    try {
      return ended.size() + (current == null ? 0 : 1);
    } finally {
      writing.unlock();
    }
  }

  /** Whoever still waits is refused. What is in the segments stays there. */
  @Override
  public void close() {
    over = true;
    Thread thread;
    writing.lock();
    try {
      thread = writer;
      end();
    } finally {
      writing.unlock();
    }
    if (thread != null) {
      // Not by an interrupt: it would close the channel under a force().
      failAll();
      waiting.add(Slip.nothing());
    }
  }
}
