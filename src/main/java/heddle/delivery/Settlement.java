package heddle.delivery;

import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Domain;
import heddle.mail.Id;
import heddle.mail.Recipient;
import heddle.spool.Draft;
import heddle.spool.Outcome;
import heddle.spool.QueueEntry;
import heddle.spool.RecipientState;
import heddle.spool.Spool;
import heddle.spool.SpoolUnavailable;
import heddle.spool.Ticket;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What follows from an attempt: what is written of it, what the sender is told, what the log says.
 * Reports are in the spool before the end they tell of is written: a crash between the two brings a
 * second report, never none. Safe to share.
 */
final class Settlement {
  /** Until the spool takes a report that it did not take. */
  private static final Duration REPORT_LATER = Duration.ofMinutes(1);

  private final Spool spool;
  private final Function<QueueEntry, Route> wayBack;
  private final RetryDecision.Patience patience;
  private final Domain hostname;
  private final Events events;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param wayBack where a report of a message goes
   */
  Settlement(
      Spool spool,
      Function<QueueEntry, Route> wayBack,
      RetryDecision.Patience patience,
      Domain hostname,
      Events events,
      InstantSource clock,
      RandomGenerator random) {
    this.spool = spool;
    this.wayBack = wayBack;
    this.patience = patience;
    this.hostname = hostname;
    this.events = events;
    this.clock = clock;
    this.random = random;
  }

  /**
   * @param relay where it was tried
   * @param turnouts by the recipient's place in the envelope
   * @param took the attempt
   */
  void settle(QueueEntry entry, String relay, Map<Integer, Turnout> turnouts, Duration took) {
    new Sheet(entry, relay, turnouts, took, clock.instant()).settle();
  }

  /** One attempt's. */
  private final class Sheet {
    private final QueueEntry entry;
    private final String relay;
    private final Map<Integer, Turnout> turnouts;
    private final Duration took;
    private final Instant now;
    private final Map<Integer, Outcome> outcomes = new TreeMap<>();
    private final Map<Report.Kind, Map<Integer, Report.Fate>> owed =
        new EnumMap<>(Report.Kind.class);
    private final Map<Integer, Id> told = new HashMap<>();

    Sheet(
        QueueEntry entry,
        String relay,
        Map<Integer, Turnout> turnouts,
        Duration took,
        Instant now) {
      this.entry = entry;
      this.relay = relay;
      this.turnouts = turnouts;
      this.took = took;
      this.now = now;
    }

    void settle() {
      new TreeMap<>(turnouts).forEach(this::decide);
      owed.forEach(this::report);
      try {
        spool.happened(entry.id(), outcomes);
      } catch (SpoolUnavailable later) {
        // It counts in memory and is written when the disk allows; only a crash would repeat it.
      }
      outcomes.forEach(this::tell);
    }

    private void decide(int index, Turnout turnout) {
      switch (turnout) {
        case Turnout.Delivered done -> {
          outcomes.put(index, new Outcome.Delivered(done.reply(), relay));
          if (!done.passedOn()) {
            owe(Report.Kind.DELIVERED, index, turnout, done.handover());
          }
        }
        case Turnout.Never no -> {
          outcomes.put(index, new Outcome.Failed(no.reply(), relay));
          owe(Report.Kind.FAILED, index, turnout, Report.Handover.FINAL);
        }
        case Turnout.Later later -> postpone(index, later);
      }
    }

    private void postpone(int index, Turnout.Later later) {
      RecipientState state = entry.recipients().get(index);
      var standing =
          new RetryDecision.Standing(
              since(state),
              state.attempts() + 1,
              state.delayTold() ? RetryDecision.Notice.GIVEN : RetryDecision.Notice.NOT_YET);
      switch (RetryDecision.decide(patience, standing, now, random)) {
        case RetryDecision.Expire _ -> {
          outcomes.put(index, new Outcome.Failed(later.reply(), relay));
          owe(Report.Kind.EXPIRED, index, later, Report.Handover.FINAL);
        }
        case RetryDecision.Retry(var at, var notice) -> {
          boolean due = notice == RetryDecision.Notice.DUE;
          outcomes.put(
              index, new Outcome.Deferred(later.reply(), relay, at, Optional.of(now), due));
          if (due) {
            owe(Report.Kind.DELAYED, index, later, Report.Handover.FINAL);
          }
        }
      }
    }

    private void owe(Report.Kind kind, int index, Turnout turnout, Report.Handover handover) {
      var fate = new Report.Fate(turnout.reply(), turnout.remote(), now, handover);
      owed.computeIfAbsent(kind, _ -> new HashMap<>()).put(index, fate);
    }

    /** Patience begins with the first attempt: a message may have been on hold for long. */
    private Instant since(RecipientState state) {
      return state.firstTried().orElse(now);
    }

    private void report(Report.Kind kind, Map<Integer, Report.Fate> which) {
      try {
        Optional<Report> report = Report.due(tried(), kind, which, letterhead(kind, which), random);
        if (report.isPresent()) {
          spool(report.get());
          told(report.get().id(), kind, which);
        }
      } catch (IOException trouble) {
        notTold(kind, which);
      } catch (RuntimeException mistake) {
        // What was delivered is written all the same, or it would be delivered again.
        System.getLogger("heddle.delivery").log(System.Logger.Level.ERROR, "report", mistake);
        notTold(kind, which);
      }
    }

    private Report.Letterhead letterhead(Report.Kind kind, Map<Integer, Report.Fate> which) {
      Instant giveUp =
          which.keySet().stream()
              .map(index -> patience.giveUp(since(entry.recipients().get(index))))
              .max(Instant::compareTo)
              .orElseThrow();
      Route back = wayBack.apply(entry);
      boolean utf8 =
          entry.ticket().envelope().utf8()
              || which.keySet().stream().anyMatch(i -> !recipient(i).mailbox().isAscii());
      // What was too large on the way there need not come back whole.
      boolean tooLarge =
          which.values().stream().anyMatch(fate -> Verdict.isTooLarge(kind, fate.reply()));
      return new Report.Letterhead(
          hostname, now, giveUp, back.road(utf8), tooLarge ? 0 : back.room());
    }

    private void told(Id report, Report.Kind kind, Map<Integer, Report.Fate> which) {
      which.keySet().stream()
          .filter(index -> Report.wanted(recipient(index).notifyOn(), kind))
          .forEach(index -> told.put(index, report));
      events.tell(
          new Event.Reported(
              report,
              entry.id(),
              kind.name().toLowerCase(java.util.Locale.ROOT),
              entry.ticket().envelope().sender().toString()));
    }

    /** RFC 3461 §6.1 and our own promise: no end without a word to the sender. */
    private void notTold(Report.Kind kind, Map<Integer, Report.Fate> which) {
      switch (kind) {
        case FAILED, EXPIRED, DELAYED ->
            which.forEach(
                (index, fate) ->
                    outcomes.put(
                        index, new Outcome.Deferred(fate.reply(), relay, now.plus(REPORT_LATER))));
        case DELIVERED ->
            events.tell(
                new Event.Warning(
                    "the sender of " + entry.id() + " asked to be told of success and is not",
                    "the spool did not take the report",
                    "see that the disk has room; the message itself was delivered"));
      }
    }

    /** As it stands with this attempt counted. */
    private QueueEntry tried() {
      List<RecipientState> states = new ArrayList<>(entry.recipients());
      turnouts.forEach(
          (index, turnout) -> {
            RecipientState s = states.get(index);
            states.set(
                index,
                new RecipientState(
                    s.status(),
                    s.attempts() + 1,
                    s.next(),
                    turnout.reply(),
                    relay,
                    s.firstTried(),
                    s.delayTold()));
          });
      return new QueueEntry(entry.ticket(), states, entry.held());
    }

    private void spool(Report report) throws IOException {
      Ticket about = entry.ticket();
      var ticket =
          new Ticket(
              report.id(),
              report.envelope(),
              Optional.empty(),
              about.listener(),
              about.connection(),
              Optional.empty(),
              now,
              0);
      try (Draft draft = spool.draft(report.id())) {
        report.writeTo(new IntoDraft(draft), () -> spool.open(entry.id()));
        draft.commit(ticket);
      }
    }

    /** Of a message from nobody nobody hears: it is for the administrator to know. */
    private void warnOfALostReport(Outcome.Failed failed) {
      if (entry.ticket().envelope().sender() instanceof heddle.mail.Path.Nobody) {
        events.tell(
            new Event.Warning(
                "the message " + entry.id() + " from nobody, most likely a report, is lost",
                failed.reply(),
                "whom it was for does not know what became of their message; tell them"));
      }
    }

    private void tell(int index, Outcome outcome) {
      if (outcome instanceof Outcome.Failed failed) {
        warnOfALostReport(failed);
      }
      String to = recipient(index).mailbox().toString();
      events.tell(
          switch (outcome) {
            case Outcome.Delivered d ->
                new Event.Delivered(
                    entry.id(), to, relay, d.reply(), Duration.between(accepted(), now), took);
            case Outcome.Deferred d ->
                new Event.Deferred(
                    entry.id(),
                    to,
                    relay,
                    d.reply(),
                    d.next().truncatedTo(ChronoUnit.MILLIS).toString());
            case Outcome.Failed f ->
                new Event.Failed(
                    entry.id(), to, relay, f.reply(), Optional.ofNullable(told.get(index)));
          });
    }

    private Recipient recipient(int index) {
      return entry.ticket().envelope().recipients().get(index);
    }

    private Instant accepted() {
      return entry.ticket().accepted();
    }
  }

  private static final class IntoDraft extends OutputStream {
    private final Draft draft;

    IntoDraft(Draft draft) {
      this.draft = draft;
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
      draft.write(octets, from, length);
    }
  }
}
