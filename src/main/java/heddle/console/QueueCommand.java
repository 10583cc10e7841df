package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code queue}: what waits for delivery. */
@Command(
    addMethodSubcommands = false,
    name = "queue",
    description = "What waits for delivery, why, and what to do with it.")
final class QueueCommand {
  private static final String WHICH =
      "Which are meant: an id or its beginning, from:anna to:@example.org user:anna"
          + " state:deferred older:2h larger:10MB reply~\"5.7.1\". Together they must all hold.";

  private final HeddleCommand heddle;

  QueueCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(name = "list", description = "List the messages that wait.")
  int list(
      @Parameters(paramLabel = "MATCH", arity = "0..*", description = WHICH) List<String> match,
      @Mixin Shared shared) {
    return shared.printer().show("queue.list", ask("queue.list", match), "Nothing waits.");
  }

  @Command(name = "count", description = "Count the messages that wait.")
  int count(
      @Parameters(paramLabel = "MATCH", arity = "0..*", description = WHICH) List<String> match,
      @Mixin Shared shared) {
    return shared.printer().details(ask("queue.count", match));
  }

  @Command(name = "group", description = "Show for whom they wait, by age.")
  int group(
      @Parameters(paramLabel = "MATCH", arity = "0..*", description = WHICH) List<String> match,
      @Option(
              names = "--by",
              paramLabel = "WHAT",
              defaultValue = "domain",
              description = "domain, from, user, state or why (default: ${DEFAULT-VALUE}).")
          String by,
      @Mixin Shared shared) {
    Map<String, String> args = args(match);
    args.put("by", by);
    Answer answer = heddle.desk().ask(Request.of("queue.group", args));
    return shared.printer().show("queue.group", answer, "Nothing waits.");
  }

  @Command(name = "show", description = "Show one message, a line for each recipient.")
  int show(
      @Parameters(paramLabel = "ID", description = "Its id, or the first five characters or more.")
          String id,
      @Mixin Shared shared) {
    return shared
        .printer()
        .print(heddle.desk().ask(Request.of("queue.show", Map.of("id", id))), "");
  }

  @Command(name = "hold", description = "Try nothing until it is released.")
  int hold(
      @Parameters(paramLabel = "MATCH", arity = "0..*", description = WHICH) List<String> match,
      @Option(
              names = "--reason",
              paramLabel = "WHY",
              defaultValue = "",
              description = "Why, for the record.")
          String reason,
      @Option(names = "--all", description = "All of them.") boolean all,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return change("hold", match, new Wish(reason, all, changing), shared, "held");
  }

  @Command(name = "release", description = "End a hold.")
  int release(
      @Parameters(paramLabel = "MATCH", arity = "0..*", description = WHICH) List<String> match,
      @Option(names = "--all", description = "All of them.") boolean all,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return change("release", match, new Wish("", all, changing), shared, "released");
  }

  @Command(name = "retry", description = "Try it now, whatever the schedule says.")
  int retry(
      @Parameters(paramLabel = "MATCH", arity = "0..*", description = WHICH) List<String> match,
      @Option(names = "--all", description = "All of them.") boolean all,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return change("retry", match, new Wish("", all, changing), shared, "tried now");
  }

  @Command(name = "drop", description = "Throw messages away; nobody is told.")
  int drop(
      @Parameters(paramLabel = "MATCH", arity = "0..*", description = WHICH) List<String> match,
      @Option(names = "--all", description = "All of them.") boolean all,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    var wish = new Wish("", all, changing);
    if (!changing.yes && !changing.dryRun) {
      Answer would = ask("drop", match, wish, true);
      if (!would.ok()) {
        return shared.printer().print(would, "");
      }
      int count = would.rows().size();
      String word = count == 1 ? String.valueOf(would.rows().getFirst().get("id")) : "drop";
      String name = match != null && match.size() == 1 && count == 1 ? match.getFirst() : word;
      if (count > 0 && !Confirmation.typed("This drops " + count(count) + " for good. ", name)) {
        return shared
            .printer()
            .print(
                Confirmation.missing("nothing was dropped", "dropping a message", "the word"), "");
      }
    }
    return change("drop", match, wish, shared, "dropped");
  }

  /** What comes with a change. */
  private record Wish(String reason, boolean all, Changing changing) {}

  private Answer ask(String verb, @org.jspecify.annotations.Nullable List<String> match) {
    return heddle.desk().ask(Request.of(verb, args(match)));
  }

  private static Map<String, String> args(@org.jspecify.annotations.Nullable List<String> match) {
    Map<String, String> args = new HashMap<>();
    args.put("match", match == null ? "" : String.join(" ", Matches.quoted(match)));
    return args;
  }

  private Answer ask(
      String verb,
      @org.jspecify.annotations.Nullable List<String> match,
      Wish wish,
      boolean dryRun) {
    Map<String, String> args = new HashMap<>();
    if (match != null && match.size() == 1 && Matches.isOne(match.getFirst())) {
      args.put("id", match.getFirst());
    } else {
      args.putAll(args(match));
      args.put("all", Boolean.toString(wish.all()));
    }
    args.put("reason", wish.reason());
    args.put("dry-run", Boolean.toString(dryRun));
    return heddle.desk().ask(Request.of("queue." + verb, args));
  }

  private int change(
      String verb,
      @org.jspecify.annotations.Nullable List<String> match,
      Wish wish,
      Shared shared,
      String done) {
    boolean dry = wish.changing().dryRun;
    Answer answer = ask(verb, match, wish, dry);
    if (answer.rows().size() == 1) {
      String name = String.valueOf(answer.rows().getFirst().get("id"));
      return shared
          .printer()
          .say(answer, (dry ? "Would be done: " : "") + name + " is " + done + ".");
    }
    return shared
        .printer()
        .say(
            answer,
            (dry ? "Would be done: " : "") + count(answer.rows().size()) + " " + done + ".");
  }

  private static String count(int messages) {
    return messages + (messages == 1 ? " message" : " messages");
  }
}
