package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code backup}: copies of the whole home. */
@Command(
    addMethodSubcommands = false,
    name = "backup",
    description = "Copies of everything, and whether they can be relied on.")
final class BackupCommand {
  private final HeddleCommand heddle;

  BackupCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(
      name = "create",
      description = {
        "Copy accounts, history, waiting messages, keys and configuration into a new folder.",
        "A running server goes on meanwhile. To restore: copy it into a home, and start."
      })
  int create(
      @Parameters(paramLabel = "FOLDER", description = "Does not exist yet; the server makes it.")
          String folder,
      @Mixin Shared shared) {
    Answer answer = ask("backup.create", folder);
    while (answer.ok() && "running".equals(answer.rows().getFirst().get("state"))) {
      answer = ask("backup.state", folder);
    }
    if (!answer.ok()) {
      return shared.printer().print(answer, "");
    }
    Map<String, Object> row = answer.rows().getFirst();
    return shared
        .printer()
        .say(
            answer,
            "%s holds %s files, %s octets, %s waiting messages.   check: backup verify %s"
                .formatted(
                    row.get("folder"),
                    row.get("files"),
                    row.get("octets"),
                    row.get("messages"),
                    row.get("folder")));
  }

  @Command(
      name = "verify",
      description = "Read every file of a backup, and open a copy of it as a server would.")
  int verify(
      @Parameters(paramLabel = "FOLDER", description = "As backup create made it.") String folder,
      @Mixin Shared shared) {
    Answer answer = ask("backup.verify", folder);
    if (!answer.ok()) {
      return shared.printer().print(answer, "");
    }
    Map<String, Object> row = answer.rows().getFirst();
    return shared
        .printer()
        .say(
            answer,
            "%s is whole: made %s, %s files, %s accounts, %s waiting messages; configuration: %s"
                .formatted(
                    row.get("folder"),
                    row.get("made"),
                    row.get("files"),
                    row.get("accounts"),
                    row.get("messages"),
                    Printer.cell(row.get("config"))));
  }

  /** The server's working directory is another one. */
  private Answer ask(String verb, String folder) {
    try {
      String whole = Path.of(folder).toAbsolutePath().normalize().toString();
      return heddle.desk().ask(Request.of(verb, Map.of("folder", whole)));
    } catch (InvalidPathException odd) {
      return Answer.no(Answer.USAGE, "nothing was done", "that is no path", "name a folder");
    }
  }
}
