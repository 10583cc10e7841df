package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.listener.Crowd;
import heddle.spool.QueueEntry;
import heddle.spool.Spool;
import heddle.spool.SpoolStatus;
import heddle.store.History;
import heddle.store.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The verb {@code status}: is it healthy, and what needs somebody. */
final class StatusDesk {
  private static final Duration DAY = Duration.ofDays(1);

  /** A message that waits for so long is somebody's business. */
  private static final Duration STUCK = Duration.ofHours(4);

  /** A certificate that is not renewed by then needs somebody. */
  private static final Duration SOON = Duration.ofDays(14);

  private static final int MOST = 100_000;

  /** What does not change while a server runs. */
  record Self(String hostname, List<String> listeners, Instant since) {}

  /** A certificate that is served. */
  record Served(String name, Instant until) {}

  /** What else is known to need somebody, a line each. */
  @FunctionalInterface
  interface Worries {
    List<String> now();
  }

  private final Self self;
  private final Crowd crowd;
  private final Spool spool;
  private final History history;
  private final java.util.function.Supplier<List<Served>> certificates;
  private final Worries worries;
  private final InstantSource clock;

  StatusDesk(
      Self self,
      Crowd crowd,
      Spool spool,
      History history,
      java.util.function.Supplier<List<Served>> certificates,
      Worries worries,
      InstantSource clock) {
    this.self = self;
    this.crowd = crowd;
    this.spool = spool;
    this.history = history;
    this.certificates = certificates;
    this.worries = worries;
    this.clock = clock;
  }

  /** Answers, or empty where the verb is another. */
  Optional<Answer> ask(Request request) {
    return request.verb().equals("status") ? Optional.of(status()) : Optional.empty();
  }

  private Answer status() {
    SpoolStatus queue = spool.status();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("state", "running");
    row.put("hostname", self.hostname());
    row.put("version", Version.get());
    row.put("pid", ProcessHandle.current().pid());
    row.put("since", self.since().truncatedTo(ChronoUnit.SECONDS).toString());
    row.put("listeners", self.listeners());
    row.put("sessions", crowd.size());
    row.put("queue", queue.messages());
    row.put("held", queue.held());
    List<String> attention = new ArrayList<>();
    if (queue.door() instanceof SpoolStatus.Door.Closed(var why)) {
      attention.add("no mail is taken: " + why + ".  show: heddle doctor");
    }
    stuck().ifPresent(attention::add);
    certificates.get().stream()
        .min(java.util.Comparator.comparing(Served::until))
        .ifPresent(
            served -> {
              row.put("certificate", served.name());
              row.put("certificate-until", served.until().toString());
              ending(served).ifPresent(attention::add);
            });
    try {
      counts(row);
    } catch (StoreUnavailable trouble) {
      attention.add("the history cannot be read: " + trouble.getMessage());
    }
    attention.addAll(worries.now());
    row.put("attention", attention);
    return Answer.row(row);
  }

  private void counts(Map<String, Object> row) throws StoreUnavailable {
    Instant since = clock.instant().minus(DAY);
    var day = History.Question.newest(MOST).since(since);
    row.put("accepted-today", history.count(day.named(Set.of("accepted"))));
    List<History.Entry> failed = history.ask(day.named(Set.of("auth-failed")));
    Set<String> from = new HashSet<>();
    for (History.Entry entry : failed) {
      from.add(heddle.event.Mentions.word("ip", entry.field("client")));
    }
    row.put("failed-logins", failed.size());
    row.put("failed-from", from.size());
  }

  private Optional<String> ending(Served served) {
    Duration left = Duration.between(clock.instant(), served.until());
    if (left.compareTo(SOON) > 0) {
      return Optional.empty();
    }
    return Optional.of(
        "the certificate of "
            + served.name()
            + (left.isNegative() ? " has ended" : " ends in " + left.toDays() + " d")
            + ".  show: doctor");
  }

  /** The oldest that is tried in vain. */
  private Optional<String> stuck() {
    Instant now = clock.instant();
    List<QueueEntry> old =
        spool.entries().stream()
            .filter(e -> e.held().isEmpty())
            .filter(e -> QueueFacts.state(e).equals("deferred"))
            .filter(e -> Duration.between(e.ticket().accepted(), now).compareTo(STUCK) > 0)
            .toList();
    return old.isEmpty()
        ? Optional.empty()
        : Optional.of(
            old.size()
                + (old.size() == 1 ? " message has" : " messages have")
                + " waited for more than "
                + STUCK.toHours()
                + " h.  show: queue list state:deferred older:"
                + STUCK.toHours()
                + "h");
  }
}
