package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code config}: the settings. */
@Command(
    addMethodSubcommands = false,
    name = "config",
    description = "The settings: etc/heddle.toml.")
final class ConfigCommand {
  private final HeddleCommand heddle;

  ConfigCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(name = "check", description = "Read the configuration and name every mistake in it.")
  int check(
      @Parameters(
              arity = "0..1",
              paramLabel = "FILE",
              defaultValue = "",
              description = "Another file than etc/heddle.toml.")
          String file,
      @Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("config.check", Map.of("file", file)));
    if (shared.json || !answer.ok()) {
      return shared.printer().print(answer, "");
    }
    answer.rows().forEach(row -> shared.printer().text(Printer.cell(row.get("line"))));
    return 0;
  }

  @Command(name = "show", description = "Print the configuration of the file, defaults included.")
  int show(@Mixin Shared shared) {
    return lines(heddle.desk().ask(Request.of("config.show", Map.of())), shared);
  }

  @Command(name = "explain", description = "Print what a key means, and its default.")
  int explain(
      @Parameters(paramLabel = "KEY", description = "For example session.auth.require.") String key,
      @Mixin Shared shared) {
    return lines(heddle.desk().ask(Request.of("config.explain", Map.of("key", key))), shared);
  }

  private static int lines(Answer answer, Shared shared) {
    if (shared.json || !answer.ok()) {
      return shared.printer().print(answer, "");
    }
    answer.rows().forEach(row -> shared.printer().text(String.valueOf(row.get("text"))));
    return 0;
  }
}
