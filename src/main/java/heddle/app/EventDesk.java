package heddle.app;

import heddle.config.Condition;
import heddle.config.Match;
import heddle.config.MatchParser;
import heddle.config.MatchParser.Kind;
import heddle.config.Operator;
import heddle.control.Answer;
import heddle.control.Request;
import heddle.event.Logfmt;
import heddle.event.Mentions;
import heddle.store.History;
import heddle.store.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The verb {@code events list}: what happened, and what happens. */
final class EventDesk {
  /** More is asked for in parts, by {@code after}: an answer is held in memory. */
  private static final int MOST = 2_000;

  /** So many may wait for news; the others are told at once that there are none. */
  private static final int WAITING = 24;

  private static final int LONGEST_WAIT = 30;

  static final MatchParser PARSER =
      new MatchParser(
          Map.ofEntries(
              Map.entry("name", Kind.TEXT),
              Map.entry("id", Kind.ID),
              Map.entry("user", Kind.ADDRESS),
              Map.entry("from", Kind.ADDRESS),
              Map.entry("to", Kind.ADDRESS),
              Map.entry("ip", Kind.IP),
              Map.entry("msgid", Kind.TEXT),
              Map.entry("mech", Kind.TEXT),
              Map.entry("why", Kind.TEXT),
              Map.entry("reply", Kind.TEXT),
              Map.entry("step", Kind.TEXT),
              Map.entry("actor", Kind.TEXT),
              Map.entry("route", Kind.TEXT),
              Map.entry("size", Kind.SIZE),
              Map.entry("age", Kind.AGE)));

  private final History history;
  private final InstantSource clock;
  private final Semaphore waiting = new Semaphore(WAITING);

  EventDesk(History history, InstantSource clock) {
    this.history = history;
    this.clock = clock;
  }

  /** Answers, or empty where the verb is another. */
  Optional<Answer> ask(Request request) {
    return request.verb().equals("events.list") ? Optional.of(list(request)) : Optional.empty();
  }

  private Answer list(Request request) {
    String last = request.arg("last").filter(l -> !l.isEmpty()).orElse("50");
    String after = request.arg("after").filter(a -> !a.isEmpty()).orElse("0");
    String wait = request.arg("wait").filter(w -> !w.isEmpty()).orElse("0");
    for (String number : List.of(last, after, wait)) {
      if (!number.matches("\\d{1,15}")) {
        return Answer.no(
            Answer.USAGE,
            "nothing is shown",
            "\"" + number.replaceAll("\\p{Cntrl}", "?") + "\" is no whole number",
            "last, after and wait are whole numbers");
      }
    }
    return switch (MatchForm.of(request, PARSER)) {
      case MatchForm.Bad(var answer) -> answer;
      case MatchForm.Said(var match) ->
          list(
              match,
              (int) Math.min(MOST, Math.max(1, Long.parseLong(last))),
              Long.parseLong(after),
              Duration.ofSeconds(Math.min(LONGEST_WAIT, Long.parseLong(wait))));
    };
  }

  private Answer list(Match match, int last, long after, Duration wait) {
    var newest = question(match, History.Question.newest(last));
    var wanted = after == 0 ? newest : newest.after(after).inOrder();
    try {
      List<History.Entry> found = asked(wanted, match);
      long seen = Math.max(after, history.last());
      if (found.isEmpty() && !wait.isZero() && waiting.tryAcquire()) {
        try {
          found = awaited(wanted, match, seen, wait);
        } finally {
          waiting.release();
        }
      }
      List<Map<String, Object>> rows = new ArrayList<>();
      (after == 0 ? found.reversed() : found).forEach(entry -> rows.add(row(entry)));
      return Answer.rows(rows);
    } catch (StoreUnavailable trouble) {
      return unreadable(trouble);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Answer.rows(List.of());
    }
  }

  /** Only what is new is looked at, however much there is. */
  private List<History.Entry> awaited(
      History.Question wanted, Match match, long since, Duration wait)
      throws StoreUnavailable, InterruptedException {
    long began = System.nanoTime();
    long seen = since;
    while (true) {
      Duration left = wait.minusNanos(System.nanoTime() - began);
      if (left.isNegative() || !history.awaitBeyond(seen, left)) {
        return List.of();
      }
      long last = history.last();
      List<History.Entry> found = asked(wanted.after(seen), match);
      if (!found.isEmpty()) {
        return found;
      }
      seen = last;
    }
  }

  static Answer unreadable(StoreUnavailable trouble) {
    return Answer.no(
        Answer.FAILED,
        "the history cannot be read now",
        String.valueOf(trouble.getMessage()),
        "try again, and look at the disk if it stays so");
  }

  private List<History.Entry> asked(History.Question question, Match match)
      throws StoreUnavailable {
    Instant now = clock.instant();
    // What was said in a conversation has a verb of its own.
    return history.ask(
        question,
        entry ->
            !entry.name().equals("dialogue")
                && (match.isAll() || match.holds(key -> fact(key, entry, now))));
  }

  /** What has an index is looked up, so that a million others cost nothing. */
  static History.Question question(Match match, History.Question question) {
    History.Question wanted = question;
    Optional<String> only = match.only("name");
    if (only.isPresent()) {
      wanted = wanted.named(java.util.Set.of(only.get()));
    }
    for (Condition condition : match.conditions()) {
      String kind = condition.key();
      boolean whole = condition.operator() == Operator.EQ;
      if (whole && List.of("user", "from", "to", "msgid").contains(kind)) {
        return wanted.about(Mentions.word(kind, condition.values().getFirst()));
      }
      if (whole && kind.equals("ip") && condition.values().getFirst().indexOf('/') < 0) {
        return wanted.about(Mentions.word("ip", condition.values().getFirst()));
      }
      if (whole && kind.equals("id")) {
        return wanted.about(Mentions.word("id", condition.values().getFirst()));
      }
    }
    return wanted;
  }

  private static Optional<String> fact(String key, History.Entry entry, Instant now) {
    Map<String, String> fields = entry.fields();
    return switch (key) {
      case "name" -> Optional.of(entry.name());
      case "id" -> entry.id().map(Object::toString);
      case "ip" ->
          Optional.ofNullable(fields.get("client"))
              .map(client -> Mentions.word("ip", client).substring("ip:".length()));
      case "age" -> Optional.of(Long.toString(Duration.between(entry.at(), now).toSeconds()));
      case "user" ->
          Optional.ofNullable(fields.get("user"))
              .or(() -> Optional.ofNullable(fields.get("object")));
      case "from", "to" -> Optional.ofNullable(fields.get(key));
      case "route" ->
          Optional.ofNullable(fields.get("route"))
              .or(() -> Optional.ofNullable(fields.get("relay")));
      default -> Optional.ofNullable(fields.get(key));
    };
  }

  static Map<String, Object> row(History.Entry entry) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("seq", entry.seq());
    row.put("at", entry.at().toString());
    row.put("event", entry.name());
    row.put("id", entry.id().map(Object::toString).orElse(""));
    row.put("line", Logfmt.line(entry.id().map(Object::toString), entry.name(), entry.fields()));
    List<Map<String, Object>> fields = new ArrayList<>();
    entry
        .fields()
        .forEach(
            (name, value) -> {
              Map<String, Object> field = new LinkedHashMap<>();
              field.put("name", name);
              field.put("value", value);
              fields.add(field);
            });
    row.put("fields", fields);
    return row;
  }
}
