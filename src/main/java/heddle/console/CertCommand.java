package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cert}: the certificates of the server. */
@Command(
    addMethodSubcommands = false,
    name = "cert",
    description = "The server's certificates, and how they are served.")
final class CertCommand {
  private final HeddleCommand heddle;

  CertCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(name = "list", description = "List them: names, days left, fingerprint.")
  int list(@Mixin Shared shared) {
    return shared.printer().print(heddle.desk().ask(Request.of("cert.list", Map.of())), "");
  }

  @Command(name = "show", description = "Show one of them, a field a line.")
  int show(
      @Parameters(paramLabel = "NAME", description = "The host name that it is served for.")
          String name,
      @Mixin Shared shared) {
    return shared
        .printer()
        .details(heddle.desk().ask(Request.of("cert.show", Map.of("name", name))));
  }

  @Command(
      name = "reload",
      description = "Read the files now, not within ten seconds, and say what is wrong with them.")
  int reload(@Mixin Shared shared) {
    return shared.printer().print(heddle.desk().ask(Request.of("cert.reload", Map.of())), "");
  }

  @Command(
      name = "test",
      description = "Shake hands with each listener for each name, and show what is served.")
  int test(@Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("cert.test", Map.of()));
    int exit = shared.printer().print(answer, "No listener has TLS.");
    boolean bad =
        answer.rows().stream()
            .map(row -> String.valueOf(row.get("result")))
            .anyMatch(result -> !result.equals("ok") && !result.startsWith("skipped"));
    return exit == 0 && bad ? Answer.FAILED : exit;
  }
}
