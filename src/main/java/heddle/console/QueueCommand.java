package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code queue}: the messages that wait. */
@Command(name = "queue", description = "The messages that wait, and why.")
final class QueueCommand {
  private static final String WHICH =
      "Its id, or the first five characters or more; or user:ADDRESS for all of a user.";
  private final HeddleCommand heddle;

  QueueCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(name = "list", description = "List the messages that wait, the oldest first.")
  int list(@Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("queue.list", Map.of()));
    return shared.printer().print(answer, "Nothing waits.");
  }

  @Command(name = "show", description = "Show one message, a line for each recipient.")
  int show(@Parameters(paramLabel = "ID", description = WHICH) String id, @Mixin Shared shared) {
    return shared
        .printer()
        .print(heddle.desk().ask(Request.of("queue.show", Map.of("id", id))), "");
  }

  @Command(name = "hold", description = "Try nothing until it is released.")
  int hold(
      @Parameters(paramLabel = "ID", description = WHICH) String id,
      @Option(names = "--reason", defaultValue = "", description = "Why, for the record.")
          String reason,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return change("queue.hold", id, reason, changing, shared, " is held.");
  }

  @Command(name = "release", description = "End a hold.")
  int release(
      @Parameters(paramLabel = "ID", description = WHICH) String id,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return change("queue.release", id, "", changing, shared, " is released.");
  }

  @Command(name = "retry", description = "Try it now, whatever the schedule says.")
  int retry(
      @Parameters(paramLabel = "ID", description = WHICH) String id,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return change("queue.retry", id, "", changing, shared, " is tried now.");
  }

  @Command(name = "drop", description = "Throw a message away; nobody is told.")
  int drop(
      @Parameters(paramLabel = "ID", description = WHICH) String id,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    if (!changing.yes && !changing.dryRun && !Confirmation.typed(id)) {
      return shared
          .printer()
          .print(
              Answer.no(
                  Answer.REFUSED,
                  "nothing was dropped",
                  "dropping a message cannot be undone and was not confirmed",
                  "type the id when asked, or say --yes"),
              "");
    }
    return change("queue.drop", id, "", changing, shared, " is dropped.");
  }

  private int change(
      String verb, String id, String reason, Changing changing, Shared shared, String done) {
    Map<String, String> args = new HashMap<>();
    args.put("id", id);
    args.put("reason", reason);
    args.put("dry-run", Boolean.toString(changing.dryRun));
    Answer answer = heddle.desk().ask(Request.of(verb, args));
    String name = answer.rows().isEmpty() ? id : String.valueOf(answer.rows().getFirst().get("id"));
    return shared.printer().say(answer, (changing.dryRun ? "Would be done: " : "") + name + done);
  }
}
