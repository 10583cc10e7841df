package heddle.app;

import heddle.config.Match;
import heddle.config.MatchParser;
import heddle.config.MatchParser.Kind;
import heddle.control.Answer;
import heddle.control.Request;
import heddle.event.Mentions;
import heddle.listener.Crowd;
import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import heddle.session.Presented;
import heddle.session.Standing;
import heddle.store.History;
import heddle.store.StoreUnavailable;
import java.time.Duration;
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
import java.util.Set;
import java.util.function.Predicate;

/** The verbs of {@code session}: who is connected, what was said, and sending them home. */
final class SessionDesk {
  /** A prefix shorter than this names a connection by accident. */
  private static final int SHORTEST = 5;

  private static final MatchParser PARSER =
      new MatchParser(
          Map.of(
              "id", Kind.ID,
              "user", Kind.ADDRESS,
              "ip", Kind.IP,
              "listener", Kind.TEXT,
              "helo", Kind.TEXT,
              "phase", Kind.TEXT,
              "tls", Kind.TEXT,
              "age", Kind.AGE,
              "messages", Kind.NUMBER));

  private final Crowd crowd;
  private final History history;
  private final InstantSource clock;

  SessionDesk(Crowd crowd, History history, InstantSource clock) {
    this.crowd = crowd;
    this.history = history;
    this.clock = clock;
  }

  /** Answers, or empty where the verb is not one of these. */
  Optional<Answer> ask(Request request) {
    return switch (request.verb()) {
      case "session.list" -> Optional.of(list(request));
      case "session.kill" -> Optional.of(kill(request));
      case "session.trace" -> Optional.of(trace(request));
      default -> Optional.empty();
    };
  }

  private Answer list(Request request) {
    return switch (MatchForm.of(request, PARSER)) {
      case MatchForm.Bad(var answer) -> answer;
      case MatchForm.Said(var match) ->
          Answer.rows(meant(match).stream().map(s -> row(s.presented())).toList());
    };
  }

  /** Whoever has been here longest first. */
  private List<Standing> meant(Match match) {
    Instant now = clock.instant();
    return crowd.present().stream()
        .filter(s -> match.isAll() || match.holds(key -> fact(key, s.presented(), now)))
        .sorted(Comparator.comparing(s -> s.presented().since()))
        .toList();
  }

  private static Optional<String> fact(String key, Presented session, Instant now) {
    return switch (key) {
      case "id" -> Optional.of(session.id().value());
      case "user" -> session.user();
      case "ip" -> Optional.of(session.client().ip());
      case "listener" -> Optional.of(session.listener());
      case "helo" -> session.helo();
      case "phase" -> Optional.of(session.phase());
      case "tls" -> session.tls();
      case "age" -> Optional.of(Long.toString(Duration.between(session.since(), now).toSeconds()));
      case "messages" -> Optional.of(Integer.toString(session.messages()));
      default -> Optional.empty();
    };
  }

  private static Map<String, Object> row(Presented session) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", session.id().value());
    row.put("since", session.since().truncatedTo(ChronoUnit.SECONDS).toString());
    row.put("listener", session.listener());
    row.put("from", session.client().toString());
    row.put("user", session.user().orElse(""));
    row.put("credential", session.credential().orElse(""));
    row.put("helo", session.helo().orElse(""));
    row.put("tls", session.tls().orElse(""));
    row.put("phase", session.phase());
    row.put("messages", session.messages());
    return row;
  }

  private static Predicate<Standing> beginning(String typed) {
    String id = typed.toUpperCase(Locale.ROOT);
    return s -> id.length() >= SHORTEST && s.presented().id().value().startsWith(id);
  }

  private Answer kill(Request request) {
    if (request.arg("id").isPresent()) {
      List<Standing> one =
          crowd.present().stream().filter(beginning(request.arg("id").get())).toList();
      return one.size() == 1
          ? kill(request, one)
          : Answer.no(
              Answer.NOT_FOUND,
              one.isEmpty() ? "no such connection is here" : "more than one begins so",
              "an id, or its first five characters or more, names one",
              "see them all with: heddle session list");
    }
    return switch (MatchForm.of(request, PARSER)) {
      case MatchForm.Bad(var answer) -> answer;
      case MatchForm.Said(var match) -> {
        List<Standing> meant = meant(match);
        yield match.isAllBut() && !request.flag("all")
            ? MatchForm.unconditional(
                "session kill",
                "refused: this would end all " + meant.size() + " connections",
                "user:anna@example.org")
            : kill(request, meant);
      }
    };
  }

  private static Answer kill(Request request, List<Standing> sessions) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Standing session : sessions) {
      Presented seen = session.presented();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("id", seen.id().value());
      row.put("from", seen.client().toString());
      row.put("user", seen.user().orElse(""));
      row.put("dry-run", request.flag("dry-run"));
      rows.add(row);
      if (!request.flag("dry-run")) {
        // Each on a thread of its own: a client that does not read must not keep the others in.
        Thread.ofVirtual().name("kill").start(session::kill);
      }
    }
    return Answer.rows(rows);
  }

  /** One that goes on, else one that was kept. */
  private Answer trace(Request request) {
    String id = request.arg("id").orElse("").strip();
    String last = request.arg("last").orElse("").strip();
    if (id.isEmpty() == last.isEmpty()) {
      return Answer.no(
          Answer.USAGE,
          "no conversation is shown",
          "one id is needed, or whose last one",
          "write: heddle session trace ID, or: heddle session trace --last anna@example.org");
    }
    Optional<RemoteAddress> address =
        Network.parse(last).map(n -> new RemoteAddress(n.address(), 0));
    Predicate<Standing> meant =
        id.isEmpty()
            ? s ->
                address
                    .map(a -> a.ip().equals(s.presented().client().ip()))
                    .orElseGet(
                        () -> s.presented().user().filter(last::equalsIgnoreCase).isPresent())
            : beginning(id);
    Optional<Standing> live =
        crowd.present().stream()
            .filter(meant)
            .max(Comparator.comparing(s -> s.presented().since()));
    Optional<History.Entry> kept;
    try {
      kept = kept(id, last, address);
    } catch (StoreUnavailable trouble) {
      return Answer.no(
          Answer.FAILED,
          "the kept conversations cannot be read now",
          String.valueOf(trouble.getMessage()),
          "try again, and look at the disk if it stays so");
    }
    // Of somebody's last one it is the failure that is asked about, if there was one since.
    boolean newer =
        kept.isPresent()
            && live.isPresent()
            && id.isEmpty()
            && kept.get().at().isAfter(live.get().presented().since());
    return live.isPresent() && !newer
        ? Answer.row(row(live.get()))
        : kept.map(entry -> Answer.row(row(entry)))
            .orElseGet(
                () ->
                    Answer.no(
                        Answer.NOT_FOUND,
                        "there is no such conversation",
                        "those under way are here, and of those that ended only the last"
                            + " in which something went wrong",
                        "see who is here with: heddle session list"));
  }

  private Optional<History.Entry> kept(String id, String last, Optional<RemoteAddress> address)
      throws StoreUnavailable {
    var newest = History.Question.newest(1).named(Set.of("dialogue"));
    if (!id.isEmpty()) {
      return id.length() < SHORTEST
          ? Optional.empty()
          : history.ask(newest.beginning(Mentions.word("id", id))).stream().findFirst();
    }
    String word = address.map(a -> Mentions.word("ip", a.ip())).orElse(Mentions.word("user", last));
    return history.ask(newest.about(word)).stream().findFirst();
  }

  private static Map<String, Object> row(Standing live) {
    Presented session = live.presented();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", session.id().value());
    row.put("began", session.since().truncatedTo(ChronoUnit.MILLIS).toString());
    row.put("listener", session.listener());
    row.put("from", session.client().toString());
    row.put("user", session.user().orElse(""));
    row.put("why", "");
    row.put("lines", live.transcript());
    return row;
  }

  private static Map<String, Object> row(History.Entry entry) {
    List<String> lines = entry.field("lines").lines().toList();
    long took = lines.isEmpty() ? 0 : Long.parseLong(lines.getLast().split(" ", 2)[0]);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", entry.id().map(Object::toString).orElse(""));
    row.put("began", entry.at().minusMillis(took).toString());
    row.put("listener", entry.field("listener"));
    row.put("from", entry.field("client"));
    row.put("user", entry.field("user"));
    row.put("why", entry.field("why"));
    row.put("lines", lines);
    return row;
  }
}
