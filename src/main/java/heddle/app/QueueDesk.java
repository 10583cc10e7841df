package heddle.app;

import heddle.config.Match;
import heddle.config.MatchParser;
import heddle.config.MatchParser.Kind;
import heddle.control.Answer;
import heddle.control.Request;
import heddle.directory.LoginName;
import heddle.mail.Id;
import heddle.mail.Recipient;
import heddle.spool.QueueEntry;
import heddle.spool.RecipientState;
import heddle.spool.Spool;
import heddle.spool.SpoolUnavailable;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The verbs of {@code queue}: what waits, why, and what to do with it. */
final class QueueDesk {
  /** What may be asked of a message. */
  static final MatchParser PARSER =
      new MatchParser(
          Map.of(
              "id", Kind.ID,
              "from", Kind.ADDRESS,
              "to", Kind.ADDRESS,
              "user", Kind.ADDRESS,
              "state", Kind.TEXT,
              "age", Kind.AGE,
              "size", Kind.SIZE,
              "tries", Kind.NUMBER,
              "reply", Kind.TEXT,
              "route", Kind.TEXT));

  /** A prefix shorter than this names a message by accident. */
  private static final int SHORTEST = 5;

  /** Recipients in a row of a list; one message has up to thousands. */
  private static final int SHOWN = 20;

  /** Before the name of a user whose messages are all meant. */
  private static final String USER = "user:";

  private final Spool spool;
  private final Consumer<Id> retry;
  private final Function<QueueEntry, Optional<String>> parked;
  private final InstantSource clock;

  /** Where no server runs: nothing is tried at once, and no route keeps anything. */
  QueueDesk(Spool spool, InstantSource clock) {
    this(spool, _ -> {}, _ -> Optional.empty(), clock);
  }

  /**
   * @param retry tries a message at once
   * @param parked why a message's route keeps it
   */
  QueueDesk(
      Spool spool,
      Consumer<Id> retry,
      Function<QueueEntry, Optional<String>> parked,
      InstantSource clock) {
    this.spool = spool;
    this.retry = retry;
    this.parked = parked;
    this.clock = clock;
  }

  /** As whoever looks sees them: what its route keeps is held, too. */
  private List<QueueEntry> entries() {
    return spool.entries().stream()
        .map(
            e ->
                parked
                    .apply(e)
                    .map(why -> new QueueEntry(e.ticket(), e.recipients(), Optional.of(why)))
                    .orElse(e))
        .toList();
  }

  /** Answers, or empty where the verb is not one of these. */
  Optional<Answer> ask(Request request) {
    return switch (request.verb()) {
      case "queue.list" -> Optional.of(matched(request, this::list));
      case "queue.count" -> Optional.of(matched(request, QueueShape::count));
      case "queue.group" ->
          Optional.of(matched(request, all -> new QueueShape(clock).group(request, all)));
      case "queue.show" -> Optional.of(one(request, this::show));
      case "queue.hold", "queue.release", "queue.retry", "queue.drop" ->
          Optional.of(
              request.arg("id").isEmpty()
                  ? changeMatched(request)
                  : request.arg("id").get().startsWith(USER)
                      ? ofUser(request)
                      : one(request, entry -> change(request, entry)));
      default -> Optional.empty();
    };
  }

  @FunctionalInterface
  private interface Work {
    Answer with(QueueEntry entry) throws SpoolUnavailable;
  }

  private Answer one(Request request, Work work) {
    String typed = request.arg("id").orElse("").toUpperCase(Locale.ROOT);
    List<QueueEntry> meant =
        entries().stream()
            .filter(e -> typed.length() >= SHORTEST && e.id().value().startsWith(typed))
            .toList();
    if (meant.size() != 1) {
      return Answer.no(
          Answer.NOT_FOUND,
          meant.isEmpty() ? "no such message waits" : "more than one message begins so",
          meant.isEmpty()
              ? "an id, or its first five characters or more, names one"
              : String.join(" ", meant.stream().map(e -> e.id().value()).toList()),
          "see them all with: heddle queue list");
    }
    try {
      return work.with(meant.getFirst());
    } catch (SpoolUnavailable trouble) {
      return Answer.no(
          Answer.FAILED,
          "nothing was changed",
          String.valueOf(trouble.getMessage()),
          "look at the disk below var/spool, and try again");
    }
  }

  /** All that wait in the name of somebody. */
  private Answer ofUser(Request request) {
    String typed = request.arg("id").orElse("").substring(USER.length());
    return changeAll(request, of(LoginName.normal(typed).orElse(typed)));
  }

  private Answer changeMatched(Request request) {
    return switch (MatchForm.of(request, PARSER)) {
      case MatchForm.Bad(var answer) -> answer;
      case MatchForm.Said(var match) -> {
        List<QueueEntry> meant = meant(match);
        if (match.isAllBut() && !request.flag("all")) {
          String verb = request.verb().replace('.', ' ');
          String done = request.verb().substring("queue.".length());
          String example =
              meant.isEmpty() || waiting(meant.getFirst()).isEmpty()
                  ? "to:bob@example.org"
                  : "to:" + waiting(meant.getFirst()).getFirst();
          yield MatchForm.unconditional(
              verb,
              "refused: this would "
                  + done
                  + (match.isAll() ? " all " : " as many as ")
                  + meant.size()
                  + " messages",
              example);
        }
        yield changeAll(request, meant);
      }
    };
  }

  private Answer changeAll(Request request, List<QueueEntry> entries) {
    List<Map<String, Object>> rows = new ArrayList<>();
    Optional<Answer> first = Optional.empty();
    try {
      for (QueueEntry entry : entries) {
        Answer answer = change(request, entry);
        if (answer.ok()) {
          rows.addAll(answer.rows());
        } else {
          first = first.or(() -> Optional.of(answer));
        }
      }
    } catch (SpoolUnavailable trouble) {
      return Answer.no(
          Answer.FAILED,
          "only " + rows.size() + " messages were changed",
          String.valueOf(trouble.getMessage()),
          "look at the disk below var/spool, and try again");
    }
    return first.filter(_ -> rows.isEmpty()).orElseGet(() -> Answer.rows(rows));
  }

  private List<QueueEntry> of(String name) {
    return spool.entries().stream()
        .filter(e -> e.ticket().submitter().filter(s -> s.authz().equals(name)).isPresent())
        .toList();
  }

  /** How many wait in the name of somebody, held ones left out. */
  long waitingOf(String name) {
    return of(name).stream().filter(e -> e.held().isEmpty()).count();
  }

  /**
   * Nothing of a user's goes out until somebody has looked at it.
   *
   * @param name in normal form
   * @return how many are held now that were not before
   */
  int hold(String name, String reason) throws SpoolUnavailable {
    int held = 0;
    for (QueueEntry entry : of(name)) {
      if (entry.held().isEmpty()) {
        spool.hold(entry.id(), reason);
        held++;
      }
    }
    return held;
  }

  @FunctionalInterface
  private interface Looking {
    Answer at(List<QueueEntry> entries);
  }

  private Answer matched(Request request, Looking looking) {
    return switch (MatchForm.of(request, PARSER)) {
      case MatchForm.Bad(var answer) -> answer;
      case MatchForm.Said(var match) -> looking.at(meant(match));
    };
  }

  /** The oldest first. */
  private List<QueueEntry> meant(Match match) {
    return entries().stream()
        .filter(e -> match.isAll() || QueueFacts.holds(match, e, clock.instant()))
        .sorted(Comparator.comparing(e -> e.ticket().accepted()))
        .toList();
  }

  private Answer list(List<QueueEntry> entries) {
    return Answer.rows(entries.stream().map(QueueDesk::row).toList());
  }

  private static Map<String, Object> row(QueueEntry entry) {
    List<RecipientState> open = entry.recipients().stream().filter(r -> !r.done()).toList();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", entry.id().value());
    row.put("accepted", entry.ticket().accepted().truncatedTo(ChronoUnit.SECONDS).toString());
    row.put("from", "<" + entry.ticket().envelope().sender() + ">");
    List<String> to = waiting(entry);
    row.put("to", to.subList(0, Math.min(SHOWN, to.size())));
    row.put("recipients", to.size());
    row.put("size", entry.ticket().size());
    row.put("tries", open.stream().mapToInt(RecipientState::attempts).max().orElse(0));
    row.put("state", QueueFacts.state(entry));
    row.put(
        "next",
        entry.held().isPresent()
            ? "held"
            : open.stream()
                .map(RecipientState::next)
                .min(Instant::compareTo)
                .map(next -> next.truncatedTo(ChronoUnit.SECONDS).toString())
                .orElse(""));
    row.put("why", QueueFacts.why(entry));
    row.put("user", entry.ticket().submitter().map(s -> s.authz()).orElse(""));
    return row;
  }

  static List<String> waiting(QueueEntry entry) {
    List<Recipient> recipients = entry.ticket().envelope().recipients();
    List<String> to = new ArrayList<>();
    for (int i = 0; i < recipients.size(); i++) {
      if (!entry.recipients().get(i).done()) {
        to.add(recipients.get(i).mailbox().toString());
      }
    }
    return to;
  }

  private Answer show(QueueEntry entry) {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<Recipient> recipients = entry.ticket().envelope().recipients();
    for (int i = 0; i < recipients.size(); i++) {
      RecipientState state = entry.recipients().get(i);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("id", entry.id().value());
      row.put("from", "<" + entry.ticket().envelope().sender() + ">");
      row.put("user", entry.ticket().submitter().map(s -> s.authn()).orElse(""));
      row.put("to", recipients.get(i).mailbox().toString());
      row.put("state", state.status().name().toLowerCase(Locale.ROOT));
      row.put("tries", state.attempts());
      row.put("next", state.done() ? "" : state.next().truncatedTo(ChronoUnit.SECONDS).toString());
      row.put("route", state.route());
      row.put("held", entry.held().orElse(""));
      row.put("reply", state.lastReply());
      rows.add(row);
    }
    return Answer.rows(rows);
  }

  private Answer change(Request request, QueueEntry entry) throws SpoolUnavailable {
    Id id = entry.id();
    if (request.verb().equals("queue.retry") && entry.held().isPresent()) {
      return Answer.no(
          Answer.REFUSED,
          id + " is held",
          entry.held().get(),
          "end the hold first: heddle queue release " + id);
    }
    if (!request.flag("dry-run")) {
      switch (request.verb()) {
        case "queue.hold" ->
            spool.hold(id, request.arg("reason").filter(r -> !r.isBlank()).orElse("by hand"));
        case "queue.release" -> spool.release(id);
        case "queue.drop" -> spool.drop(id);
        default -> retry.accept(id);
      }
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", id.value());
    row.put("dry-run", request.flag("dry-run"));
    return Answer.row(row);
  }
}
