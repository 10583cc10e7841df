package heddle.app;

import heddle.control.Answer;
import heddle.control.Office;
import heddle.control.Request;
import heddle.directory.LoginName;
import heddle.event.Event;
import heddle.spool.SpoolUnavailable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A running server's answers. What changes something leaves a trace with the name of its actor. */
final class ServerOffice implements Office {
  private static final Set<String> CHANGING =
      Set.of(
          "user.add",
          "user.password",
          "user.import",
          "user.disable",
          "user.enable",
          "user.remove",
          "user.set",
          "app.add",
          "app.remove",
          "key.add",
          "key.remove",
          "auth.forget",
          "block.add",
          "block.remove",
          "device.add",
          "device.remove",
          "hook.reload",
          "cert.reload",
          "send.test",
          "backup.create",
          "queue.hold",
          "queue.release",
          "queue.retry",
          "queue.drop");
  private final Heddle heddle;
  private final Users users;
  private final CredentialDesk credentials;
  private final HookDesk hooks;
  private final BlockDesk blocks;
  private final LoginDesk logins;
  private final QueueDesk queue;
  private final CertDesk certificates;
  private final SendDesk sending;
  private final BackupDesk backups;

  ServerOffice(Heddle heddle) {
    this.heddle = heddle;
    this.users = heddle.books().users();
    this.credentials = heddle.books().credentials(Places.of(heddle.config()));
    this.hooks = new HookDesk(heddle);
    this.logins = new LoginDesk(heddle.history());
    this.blocks = heddle.books().blocks();
    this.queue = new QueueDesk(heddle.spool(), heddle.courier()::retry);
    this.certificates = new CertDesk(heddle.keys(), () -> Checks.doorways(heddle), heddle.clock());
    this.sending = heddle.sending();
    this.backups = BackupDesk.running(heddle);
  }

  @Override
  public Answer ask(Request request, String actor) {
    Answer answer = answer(request, actor);
    boolean done = answer.ok() || answer.exit() == Answer.PARTIAL;
    if (done && CHANGING.contains(request.verb()) && !request.flag("dry-run")) {
      heddle
          .events()
          .tell(
              new Event.Administered(
                  actor,
                  request.verb(),
                  request
                      .arg("address")
                      .or(() -> request.arg("id"))
                      .or(() -> request.arg("subject"))
                      .orElseGet(() -> counted(answer))));
    }
    return answer;
  }

  private Answer answer(Request request, String actor) {
    Answer answer =
        users
            .ask(request)
            .or(() -> credentials.ask(request))
            .or(() -> hooks.ask(request))
            .or(() -> blocks.ask(request, actor))
            .or(() -> logins.ask(request))
            .or(() -> heddle.doctor().ask(request))
            .or(() -> certificates.ask(request))
            .or(() -> sending.ask(request, actor))
            .or(() -> backups.ask(request))
            .orElseGet(() -> others(request));
    if (answer.ok() && request.flag("forget") && !request.flag("dry-run")) {
      return Books.forget(heddle.history(), answer);
    }
    boolean disabled = answer.ok() && request.verb().equals("user.disable");
    return disabled && !request.flag("dry-run") ? holding(answer, queue) : answer;
  }

  /** What changes many says how many. */
  private static String counted(Answer answer) {
    return answer.rows().stream()
        .filter(row -> row.containsKey("added"))
        .map(row -> "added " + row.get("added") + ", replaced " + row.get("replaced"))
        .findFirst()
        .orElse("");
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

  private Answer others(Request request) {
    return switch (request.verb()) {
      case "status" -> Answer.row(heddle.status());
      case "auth.forget" -> forget(request);
      default -> queue.ask(request).orElseGet(() -> unknown(request));
    };
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
