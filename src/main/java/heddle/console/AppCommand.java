package heddle.console;

import heddle.control.Answer;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code app}: a password for each program, to be taken away one by one. */
@Command(
    addMethodSubcommands = false,
    name = "app",
    description = "Passwords for programs: one each, to be taken away one by one.")
final class AppCommand {
  private final Credentials credentials;

  AppCommand(HeddleCommand heddle) {
    this.credentials = new Credentials(heddle, "app");
  }

  @Command(name = "list", description = "List the app passwords of a user, or of all.")
  int list(
      @Parameters(paramLabel = "ADDRESS", arity = "0..1", description = "The user.") String address,
      @Mixin Shared shared) {
    return credentials.list(
        address, "No app passwords yet. Add one: heddle app add ADDRESS LABEL", shared);
  }

  @Command(name = "show", description = "Show one, how far its right goes and its last use.")
  int show(
      @Parameters(paramLabel = "ADDRESS", description = "The user.") String address,
      @Parameters(paramLabel = "LABEL", description = "As app list shows it.") String label,
      @Mixin Shared shared) {
    return credentials.show(address, label, shared);
  }

  @Command(name = "add", description = "Make a password for one program; it is shown once.")
  int add(
      @Parameters(paramLabel = "ADDRESS", description = "The user.") String address,
      @Parameters(
              paramLabel = "LABEL",
              arity = "0..1",
              defaultValue = "",
              description = "What to call it: iphone, thunderbird.")
          String label,
      @Mixin TermsOptions terms,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    Map<String, String> args = credentials.args(address, label);
    terms.into(args);
    args.put("dry-run", Boolean.toString(changing.dryRun));
    Answer answer = credentials.ask("add", args);
    Object named = answer.rows().isEmpty() ? label : answer.rows().getFirst().get("label");
    return credentials.added(
        answer, "App password " + named + " of " + address + " is made.", changing, shared);
  }

  @Command(name = "remove", description = "From now on it lets nobody in; its sessions end.")
  int remove(
      @Parameters(paramLabel = "ADDRESS", description = "The user.") String address,
      @Parameters(paramLabel = "LABEL", description = "As app list shows it.") String label,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return credentials.remove(address, label, changing, shared);
  }
}
