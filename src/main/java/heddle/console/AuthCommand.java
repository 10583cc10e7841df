package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code auth}: how logins are decided. */
@Command(addMethodSubcommands = false, name = "auth", description = "How logins are decided.")
final class AuthCommand {
  private final HeddleCommand heddle;

  AuthCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(
      name = "explain",
      description = "Show, step by step, what would become of a login. None is tried.")
  int explain(
      @Parameters(paramLabel = "USER", description = "The name by which they log in.") String user,
      @Parameters(
              paramLabel = "IP",
              arity = "0..1",
              defaultValue = "",
              description = "From where, in digits. Default: this machine.")
          String ip,
      @Parameters(
              paramLabel = "LISTENER",
              arity = "0..1",
              defaultValue = "",
              description = "Where: a listener's name, or its port. Default: the first.")
          String listener,
      @Mixin Shared shared) {
    Map<String, String> args = Map.of("user", user, "ip", ip, "listener", listener);
    Answer answer = heddle.desk().ask(Request.of("auth.explain", args));
    return shared.printer().show("auth.explain", answer, "");
  }

  @Command(
      name = "mechanisms",
      description = "Show which SASL mechanisms are offered where, and why others are not.")
  int mechanisms(
      @Parameters(
              paramLabel = "LISTENER",
              arity = "0..1",
              defaultValue = "",
              description = "A listener's name, or its port. Default: all.")
          String listener,
      @Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("auth.mechanisms", Map.of("listener", listener)));
    return shared.printer().print(answer, "No mechanism is listed.");
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
