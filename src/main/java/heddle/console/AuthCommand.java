package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code auth}: how logins are decided. */
@Command(name = "auth", description = "How logins are decided.")
final class AuthCommand {
  private final HeddleCommand heddle;

  AuthCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(
      name = "forget",
      description =
          "Forget what other servers have said of a user: their sessions end, and the next login is"
              + " asked about anew.")
  int forget(
      @Parameters(paramLabel = "USER", description = "The name by which they log in.") String user,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    Map<String, String> args =
        Map.of("address", user, "dry-run", Boolean.toString(changing.dryRun));
    Answer answer = heddle.desk().ask(Request.of("auth.forget", args));
    return shared
        .printer()
        .say(
            answer,
            changing.dryRun
                ? "What is remembered of " + user + " would be forgotten."
                : "What was remembered of " + user + " is forgotten.");
  }
}
