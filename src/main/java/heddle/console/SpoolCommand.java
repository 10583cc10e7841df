package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code spool}: the files of a stopped server. */
@Command(
    addMethodSubcommands = false,
    name = "spool",
    description = "The messages on disk, with the server stopped.")
final class SpoolCommand {
  private final HeddleCommand heddle;

  SpoolCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(name = "list", description = "List the messages that wait.")
  int list(@Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("spool.list", Map.of()));
    return shared.printer().print(answer, "The spool is empty.");
  }

  @Command(name = "cat", description = "Print the text of a message, octet for octet.")
  int cat(
      @Parameters(paramLabel = "ID", description = "Its id, or the first five characters or more.")
          String id,
      @Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("spool.cat", Map.of("id", id)));
    return answer.ok() ? 0 : shared.printer().print(answer, "");
  }

  @Command(name = "export", description = "Copy all messages into a folder, as .eml and .json.")
  int export(
      @Parameters(paramLabel = "DIR", description = "The folder; it is made where it is missing.")
          String folder,
      @Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("spool.export", Map.of("folder", folder)));
    Object count = answer.rows().isEmpty() ? 0 : answer.rows().getFirst().get("messages");
    return shared.printer().say(answer, count + " messages are copied to " + folder + ".");
  }

  @Command(name = "check", description = "Read all of it and name what is damaged.")
  int check(@Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("spool.check", Map.of()));
    return shared.printer().say(answer, "The spool is whole.");
  }
}
