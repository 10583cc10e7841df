package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code block}: networks and users that are shut out. */
@Command(
    addMethodSubcommands = false,
    name = "block",
    description = "Networks and users that are shut out.")
final class BlockCommand {
  private final HeddleCommand heddle;

  BlockCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(name = "list", description = "List who is shut out, why and until when.")
  int list(@Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("block.list", Map.of()));
    return shared.printer().show("block.list", answer, "Nobody is shut out.");
  }

  @Command(name = "add", description = "Shut out a network or a user; their sessions end.")
  int add(
      @Parameters(
              paramLabel = "WHO",
              description = "A network (192.0.2.0/24), an address, or user:anna@example.org.")
          String who,
      @Option(
              names = "--reason",
              paramLabel = "WHY",
              defaultValue = "",
              description = "Why, for the record.")
          String reason,
      @Option(
              names = "--expires",
              paramLabel = "WHEN",
              defaultValue = "",
              description = "Until when: 2h, 90d, or a date. Default: until it is removed.")
          String expires,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    Map<String, String> args = new HashMap<>();
    args.put("subject", who);
    args.put("reason", reason);
    args.put("expires", expires);
    args.put("dry-run", Boolean.toString(changing.dryRun));
    Answer answer = heddle.desk().ask(Request.of("block.add", args));
    String sentence =
        changing.dryRun
            ? who + " would be shut out."
            : who + " is shut out.   undo: block remove " + who;
    return shared.printer().say(answer, sentence);
  }

  @Command(name = "remove", description = "Let them in again.")
  int remove(
      @Parameters(paramLabel = "WHO", description = "As block list shows it.") String who,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    Map<String, String> args = Map.of("subject", who, "dry-run", Boolean.toString(changing.dryRun));
    Answer answer = heddle.desk().ask(Request.of("block.remove", args));
    return shared
        .printer()
        .say(
            answer,
            changing.dryRun ? who + " would be let in." : who + " is not shut out any more.");
  }
}
