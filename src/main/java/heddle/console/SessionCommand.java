package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code session}: who is connected, and what was said. */
@Command(
    addMethodSubcommands = false,
    name = "session",
    description = "Who is connected, and what was said.")
final class SessionCommand {
  private static final String WHICH =
      "Which are meant: user:anna ip:192.0.2.0/24 listener:submission phase:data older:5m.";
  private static final String ID = "Its id, or the first five characters or more.";

  private final HeddleCommand heddle;

  SessionCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(name = "list", description = "List the connections.")
  int list(
      @Parameters(paramLabel = "MATCH", arity = "0..*", description = WHICH)
          @Nullable List<String> match,
      @Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("session.list", args(match)));
    return shared.printer().show("session.list", answer, "Nobody is connected.");
  }

  @Command(name = "show", description = "Show one connection.")
  int show(@Parameters(paramLabel = "ID", description = ID) String id, @Mixin Shared shared) {
    Answer answer =
        heddle.desk().ask(Request.of("session.list", Map.of("match", "id:" + id + "*")));
    return answer.ok() && answer.rows().size() != 1
        ? shared
            .printer()
            .print(
                Answer.no(
                    Answer.NOT_FOUND,
                    answer.rows().isEmpty()
                        ? "no such connection is here"
                        : "more than one begins so",
                    "an id, or its first five characters or more, names one",
                    "see them all with: heddle session list"),
                "")
        : shared.printer().details(answer);
  }

  @Command(
      name = "trace",
      description =
          "Show a conversation word for word, secrets left out: one that goes on, or one of the"
              + " last in which something went wrong.")
  int trace(
      @Parameters(paramLabel = "ID", arity = "0..1", defaultValue = "", description = ID) String id,
      @Option(
              names = "--last",
              paramLabel = "WHO",
              defaultValue = "",
              description = "The last one of a user, or of an address in digits.")
          String last,
      @Mixin Shared shared) {
    Map<String, String> args = new HashMap<>();
    args.put("id", id);
    args.put("last", last);
    Answer answer = heddle.desk().ask(Request.of("session.trace", args));
    if (!shared.printer().forPeople() || !answer.ok()) {
      return shared.printer().print(answer, "");
    }
    Dialogues.print(answer.rows().getFirst(), shared.printer());
    return 0;
  }

  @Command(name = "kill", description = "End connections now, with a 421.")
  int kill(
      @Parameters(paramLabel = "MATCH", arity = "0..*", description = WHICH)
          @Nullable List<String> match,
      @Option(names = "--all", description = "All of them.") boolean all,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    Map<String, String> args = new HashMap<>();
    if (match != null && match.size() == 1 && match.getFirst().matches("[0-9A-Za-z]{5,12}")) {
      args.put("id", match.getFirst());
    } else {
      args.putAll(args(match));
      args.put("all", Boolean.toString(all));
    }
    args.put("dry-run", Boolean.toString(changing.dryRun));
    Answer answer = heddle.desk().ask(Request.of("session.kill", args));
    int count = answer.rows().size();
    String done = changing.dryRun ? " would be ended." : " ended.";
    return shared
        .printer()
        .say(answer, count + (count == 1 ? " connection" : " connections") + done);
  }

  private static Map<String, String> args(@Nullable List<String> match) {
    return Map.of("match", match == null ? "" : String.join(" ", Matches.quoted(match)));
  }
}
