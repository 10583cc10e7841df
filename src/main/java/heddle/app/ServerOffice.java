package heddle.app;

import heddle.control.Answer;
import heddle.control.Office;
import heddle.control.Request;
import heddle.control.Verb;
import heddle.control.Verbs;
import heddle.directory.LoginName;
import heddle.event.Event;
import heddle.spool.SpoolUnavailable;
import heddle.store.Account;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** A running server's answers. What changes something leaves a trace with the name of its actor. */
final class ServerOffice implements Office {
  private final Heddle heddle;
  private final QueueDesk queue;

  /** Each answers what it knows. */
  private final List<BiFunction<Request, String, Optional<Answer>>> desks;

  ServerOffice(Heddle heddle) {
    this.heddle = heddle;
    InstantSource clock = InstantSource.system();
    var accounts = heddle.books().accounts();
    var users = heddle.books().users();
    var credentials = heddle.books().credentials(Places.of(heddle.config()));
    var hooks = new HookDesk(heddle);
    var logins = new LoginDesk(heddle.history());
    var blocks = heddle.books().blocks();
    var sessions = new SessionDesk(heddle.crowd(), heddle.history(), clock);
    var traces = new TraceDesk(heddle.history(), heddle.spool());
    var events = new EventDesk(heddle.history(), clock);
    var explain = new ExplainDesk(heddle.config(), accounts, heddle.history(), heddle::around);
    var status = heddle.status(clock);
    var top = new TopDesk(heddle.crowd(), heddle.history(), heddle.spool(), clock);
    var complete =
        new CompleteDesk(
            accounts,
            heddle.spool(),
            heddle.crowd(),
            List.copyOf(heddle.config().listener().keySet()));
    var certificates = new CertDesk(heddle.keys(), () -> Checks.doorways(heddle), heddle.clock());
    var sending = heddle.sending();
    var backups = BackupDesk.running(heddle);
    this.queue =
        new QueueDesk(heddle.spool(), heddle.courier()::retry, heddle.courier()::parked, clock);
    this.desks =
        List.of(
            (request, _) -> users.ask(request),
            (request, _) -> credentials.ask(request),
            (request, _) -> hooks.ask(request),
            blocks::ask,
            (request, _) -> logins.ask(request),
            (request, _) -> sessions.ask(request),
            (request, _) -> traces.ask(request),
            (request, _) -> events.ask(request),
            (request, _) -> explain.ask(request),
            (request, _) -> status.ask(request),
            (request, _) -> heddle.doctor().ask(request),
            (request, _) -> certificates.ask(request),
            sending::ask,
            (request, _) -> backups.ask(request),
            (request, _) -> top.ask(request),
            (request, _) -> complete.ask(request),
            (request, _) -> queue.ask(request));
  }

  @Override
  public Answer ask(Request request, String actor) {
    Answer answer = more(request, answer(request, actor));
    boolean done = answer.ok() || answer.exit() == Answer.PARTIAL;
    boolean changing =
        Verbs.named(request.verb()).filter(v -> v.reach() == Verb.Reach.CHANGING).isPresent();
    if (done && changing && !request.flag("dry-run")) {
      tell(request, actor, answer);
    }
    return answer;
  }

  /** What was done to each of many is told of each. */
  private void tell(Request request, String actor, Answer answer) {
    Optional<String> named =
        request
            .arg("address")
            .or(() -> request.arg("id").filter(n -> !n.startsWith("user:")))
            .or(() -> request.arg("subject"));
    List<String> objects =
        named.isPresent() && answer.rows().size() < 2
            ? List.of(whole(named.get(), answer) + label(answer))
            : answer.rows().stream().map(ServerOffice::named).toList();
    (objects.isEmpty() ? List.of(named.orElse("")) : objects)
        .forEach(o -> heddle.events().tell(new Event.Administered(actor, request.verb(), o)));
  }

  /** An id is typed by its beginning; what is remembered is the whole of it. */
  private static String whole(String typed, Answer answer) {
    return answer.rows().stream()
        .map(row -> row.get("id"))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .findFirst()
        .orElse(typed);
  }

  /** Which of a user's credentials. */
  private static String label(Answer answer) {
    return answer.rows().stream()
        .map(row -> row.get("label"))
        .filter(String.class::isInstance)
        .map(label -> " " + label)
        .findFirst()
        .orElse("");
  }

  /** What changes many says how many. */
  private static String named(Map<String, Object> row) {
    return row.containsKey("added")
        ? "added " + row.get("added") + ", replaced " + row.get("replaced")
        : String.valueOf(row.getOrDefault("id", ""));
  }

  private Answer answer(Request request, String actor) {
    for (var desk : desks) {
      Optional<Answer> answer = desk.apply(request, actor);
      if (answer.isPresent()) {
        return answer.get();
      }
    }
    return request.verb().equals("auth.forget") ? forget(request) : unknown(request);
  }

  /** What concerns more rooms than the one that answered. */
  private Answer more(Request request, Answer answer) {
    if (!answer.ok()) {
      return answer;
    }
    boolean dry = request.flag("dry-run");
    return switch (request.verb()) {
      case "user.disable" -> dry ? wouldStop(answer) : holding(answer, queue);
      case "user.show" -> wouldStop(answer);
      case "user.remove" ->
          request.flag("forget") && !dry ? Books.forget(heddle.history(), answer) : answer;
      default -> answer;
    };
  }

  /** What a user has under way. */
  private Answer wouldStop(Answer answer) {
    Map<String, Object> row = new LinkedHashMap<>(answer.rows().getFirst());
    String user = String.valueOf(row.get("user"));
    row.put(
        "sessions",
        (int)
            heddle.crowd().present().stream()
                .filter(s -> s.who().filter(w -> w.authn().equals(user)).isPresent())
                .count());
    row.put("queued", (int) queue.waitingOf(user));
    if (row.containsKey("dry-run")) {
      row.put(
          "credentials",
          heddle
              .books()
              .accounts()
              .snapshot()
              .find(user)
              .map(Account::credentials)
              .map(all -> Math.max(0, all.size() - 1))
              .orElse(0));
    }
    return Answer.row(row);
  }

  /** What a disabled user has in the queue stays there until somebody has looked at it. */
  static Answer holding(Answer answer, QueueDesk queue) {
    Map<String, Object> row = new LinkedHashMap<>(answer.rows().getFirst());
    String user = String.valueOf(row.get("user"));
    try {
      row.put("held", queue.hold(user, "the user is disabled"));
      return Answer.row(row);
    } catch (SpoolUnavailable trouble) {
      return Answer.no(
          Answer.PARTIAL,
          user + " is disabled, but not all of their messages are held",
          String.valueOf(trouble.getMessage()),
          "look at the disk below var/spool, then: heddle queue hold user:" + user);
    }
  }

  /** The next login of a user is asked about anew, wherever others decide. */
  private Answer forget(Request request) {
    String user = request.arg("address").orElse("");
    Optional<String> name = LoginName.normal(user);
    if (name.isEmpty()) {
      return Answer.no(
          Answer.USAGE, "nothing was forgotten", "that can be nobody's name", "give a login name");
    }
    if (!request.flag("dry-run")) {
      heddle.forget(name.get());
    }
    return Answer.row(Map.of("user", name.get(), "dry-run", request.flag("dry-run")));
  }

  static Answer unknown(Request request) {
    return Answer.no(
        Answer.USAGE,
        "this server does not know \"" + request.verb() + "\"",
        "program and server are of different versions",
        "restart the server");
  }
}
