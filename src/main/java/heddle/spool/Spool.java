package heddle.spool;

import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Id;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What we promised to deliver. A journal for the quick, files for the stuck: a small message is one
 * record in a segment that one force() shares with all who wait; a large one, and whatever still
 * lives when its segment leaves, is a pair of files.
 *
 * <p>Every change returns when it is durable, in the same batch as everyone else's: an end that
 * were lost would be a second delivery, and waiting costs a virtual thread nothing. Safe to share.
 */
public final class Spool implements AutoCloseable {
  private final Disk disk;
  private final Settings settings;
  private final Events events;
  private final Journal journal;
  private final MailFolder mail;
  private final Queue queue;
  private final Retirement retirement;
  private final List<Consumer<QueueEntry>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock ticking = new ReentrantLock();
  private final CountDownLatch shut = new CountDownLatch(1);
  private volatile String lastComplaint = "";

  private Spool(Disk disk, Settings settings, Events events, InstantSource clock, Survey survey) {
    this.disk = disk;
    this.settings = settings;
    this.events = events;
    this.journal = new Journal(disk, settings, events, clock, survey.segments());
    this.mail = new MailFolder(disk);
    this.queue = new Queue(journal, mail);
    this.retirement = new Retirement(disk, journal, mail, queue.parcels(), queue.noRemovals());
    survey.found().values().forEach(f -> queue.add(f.paper(), f.place()));
    survey.stale().forEach(queue::unsaved);
    survey.found().values().stream()
        .filter(f -> f.paper().entry().finished())
        .forEach(f -> queue.unsaved(f.paper().entry().id()));
  }

  /**
   * Recovers what lies there, tells {@link Event.SpoolRecovered} and each {@link
   * Event.SpoolDamaged}, then accepts.
   *
   * @throws SpoolRefused written by a version that we do not read; nothing was changed
   */
  public static Spool open(Disk disk, Settings settings, Events events, InstantSource clock)
      throws IOException {
    Instant began = clock.instant();
    Recovery.folders(disk);
    Survey survey = Survey.of(disk, began);
    new Recovery(disk, events).tidy(survey);
    var spool = new Spool(disk, settings, events, clock, survey);
    events.tell(
        new Event.SpoolRecovered(
            spool.queue.parcels().size(),
            survey.segments().size(),
            Duration.between(began, clock.instant())));
    if (settings.tickEvery().isPositive()) {
      Thread.ofPlatform().name("spool-keeper").daemon().start(spool::keep);
    }
    return spool;
  }

  // ---- new messages

  /** A new message under this id. Close the draft in any case. */
  public Draft draft(Id id) {
    return new Draft(id, disk, new Desk(), settings.journalMessageLimit());
  }

  private final class Desk implements Draft.Desk {
    @Override
    public void small(Ticket ticket, byte[] text, int size) throws SpoolUnavailable {
      journal.refuseWhenClosed();
      var paper = new Paper(QueueEntry.fresh(ticket), 0, Paper.Unknown.NONE);
      Slip slip =
          Slip.message(
              paper,
              text,
              size,
              (segment, at) -> queue.add(paper, new Place.InJournal(segment, at)));
      if (slip.record().length() > SegmentReader.LONGEST_LINE / 2 + size) {
        throw new SpoolUnavailable("the envelope is too large");
      }
      journal.write(slip);
      wake(paper.entry());
    }

    @Override
    public void large(Ticket ticket) throws SpoolUnavailable {
      journal.refuseWhenClosed();
      var paper = new Paper(QueueEntry.fresh(ticket), 0, Paper.Unknown.NONE);
      try {
        mail.bear(paper);
      } catch (IOException e) {
        throw new SpoolUnavailable("the message cannot be written", e);
      }
      queue.add(paper, Place.FILES);
      wake(paper.entry());
    }
  }

  /**
   * Calls the listener with each message that is accepted or released from now on, in the thread
   * that accepted it, before the 250: be quick. What was there before is in {@link #entries()}.
   */
  public void onNew(Consumer<QueueEntry> listener) {
    listeners.add(listener);
  }

  private void wake(QueueEntry entry) {
    for (Consumer<QueueEntry> listener : listeners) {
      try {
        listener.accept(entry);
      } catch (RuntimeException theirs) {
        // The message is ours by now, whatever a listener thinks of it.
        complain("A listener of the spool failed", theirs);
      }
    }
  }

  // ---- looking

  /** All messages that are not finished, each as it stands; in no order. */
  public List<QueueEntry> entries() {
    return queue.entries();
  }

  public Optional<QueueEntry> entry(Id id) {
    return queue.find(id).map(Parcel::entry);
  }

  /**
   * The text of a message in the queue. The stream stays good when the message moves or ends.
   *
   * @throws NoSuchFileException there is no such message
   */
  public InputStream open(Id id) throws IOException {
    for (int tries = 0; ; tries++) {
      Parcel parcel = queue.find(id).orElseThrow(() -> new NoSuchFileException("message " + id));
      long size = parcel.entry().ticket().size();
      try {
        return switch (parcel.place()) {
          case Place.InJournal j ->
              new StretchStream(disk.open(Folders.JOURNAL + "/" + j.segment()), j.at(), size);
          case Place.InFiles f ->
              new StretchStream(disk.open(Place.text(Folders.MAIL, id)), 0, size);
        };
      } catch (NoSuchFileException moved) {
        // It was written out between the two lines: then it lies elsewhere now.
        if (tries == 3) {
          throw moved;
        }
      }
    }
  }

  /** Whether messages are taken; asking costs nothing. */
  public SpoolStatus.Door door() {
    return journal
        .closedBecause()
        .<SpoolStatus.Door>map(SpoolStatus.Door.Closed::new)
        .orElseGet(SpoolStatus.Door.Open::new);
  }

  public SpoolStatus status() {
    List<QueueEntry> all = entries();
    return new SpoolStatus(
        door(),
        all.size(),
        (int) all.stream().filter(e -> e.held().isPresent()).count(),
        journal.segments(),
        journal.octets(),
        all.stream().mapToLong(e -> e.ticket().size()).sum(),
        free());
  }

  private long free() {
    try {
      return disk.free();
    } catch (IOException unknown) {
      return -1;
    }
  }

  // ---- what became of them

  /**
   * What came of an attempt, by the recipients' place in the envelope; where a recipient is done
   * already nothing changes. When all are done the message leaves.
   *
   * @return the message as it stands now; empty where there is none
   * @throws SpoolUnavailable it could not be made durable. It counts in memory all the same, and is
   *     written when the disk allows: only a crash before that would bring the attempt again
   */
  public Optional<QueueEntry> happened(Id id, Map<Integer, Outcome> outcomes)
      throws SpoolUnavailable {
    return queue.happened(id, outcomes);
  }

  /** One recipient's {@link #happened}. */
  public Optional<QueueEntry> delivered(Id id, int recipient, String reply, String route)
      throws SpoolUnavailable {
    return happened(id, Map.of(recipient, new Outcome.Delivered(reply, route)));
  }

  /** One recipient's {@link #happened}. */
  public Optional<QueueEntry> deferred(
      Id id, int recipient, String reply, String route, Instant next) throws SpoolUnavailable {
    return happened(id, Map.of(recipient, new Outcome.Deferred(reply, route, next)));
  }

  /** One recipient's {@link #happened}. */
  public Optional<QueueEntry> failed(Id id, int recipient, String reply, String route)
      throws SpoolUnavailable {
    return happened(id, Map.of(recipient, new Outcome.Failed(reply, route)));
  }

  /**
   * Nothing is tried until it is released. An order counts when it is durable, not before.
   *
   * @return the message as it stands now; empty where there is none
   */
  public Optional<QueueEntry> hold(Id id, String why) throws SpoolUnavailable {
    return queue.hold(id, Optional.of(why));
  }

  /** Ends {@link #hold} and wakes the listeners. */
  public Optional<QueueEntry> release(Id id) throws SpoolUnavailable {
    Optional<QueueEntry> released = queue.hold(id, Optional.empty());
    released.ifPresent(this::wake);
    return released;
  }

  /** The message leaves, delivered or not. Whether there was one. */
  public boolean drop(Id id) throws SpoolUnavailable {
    return queue.drop(id);
  }

  // ---- housekeeping

  private void keep() {
    try {
      while (!shut.await(settings.tickEvery().toMillis(), TimeUnit.MILLISECONDS)) {
        tick();
      }
    } catch (InterruptedException neverAsked) {
      complain("The spool's keeper was interrupted", neverAsked);
    }
  }

  /**
   * Looks after the spool: probes the disk where the spool is closed, writes what could not be
   * written, ends and retires what is old. Happens by itself, see {@link Settings#tickEvery}.
   */
  public void tick() {
    ticking.lock();
    try {
      if (shut.getCount() == 0) {
        return;
      }
      journal.probe();
      if (journal.closedBecause().isEmpty() && queue.catchUp()) {
        journal.endCurrent(false);
        retirement.run(false);
        lastComplaint = "";
      }
    } catch (IOException | RuntimeException e) {
      complain("The spool cannot be tidied", e);
    } finally {
      ticking.unlock();
    }
  }

  /** Writes the journal out, for a clean stop: whoever reads the spool next meets files only. */
  public void retireAll() throws IOException {
    ticking.lock();
    try {
      queue.catchUp();
      journal.endCurrent(true);
      retirement.run(true);
    } finally {
      ticking.unlock();
    }
  }

  private void complain(String what, Exception e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    if (!lastComplaint.equals(what + why)) {
      lastComplaint = what + why;
      events.tell(
          new Event.Warning(
              what, why, "see that the disk has room and no errors; nothing accepted is lost"));
    }
  }

  /** Accepts and changes nothing more. What is in the journal stays there for the next start. */
  @Override
  public void close() {
    shut.countDown();
    ticking.lock();
    try {
      journal.close();
    } finally {
      ticking.unlock();
    }
  }
}
