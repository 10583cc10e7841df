package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code send}: a message from the server itself. */
@Command(
    addMethodSubcommands = false,
    name = "send",
    description = "Send a message from the server itself.")
final class SendCommand {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private final HeddleCommand heddle;

  SendCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(
      name = "test",
      description = {
        "Send one small message, and follow it to the end.",
        "Exit code: 0 delivered, 1 failed, 6 held or still waiting."
      })
  int test(
      @Parameters(paramLabel = "TO", description = "To whom.") String to,
      @Option(
              names = "--from",
              paramLabel = "ADDRESS",
              defaultValue = "",
              description = "From whom. Default: the oldest account's first address.")
          String from,
      @Option(
              names = "--wait",
              paramLabel = "SECONDS",
              defaultValue = "60",
              description = "How long it is followed (default: ${DEFAULT-VALUE}).")
          int seconds,
      @Mixin Shared shared) {
    Printer printer = shared.printer();
    Answer sent = heddle.desk().ask(Request.of("send.test", Map.of("to", to, "from", from)));
    if (!sent.ok()) {
      return printer.print(sent, "");
    }
    Map<String, Object> row = sent.rows().getFirst();
    if (shared.json) {
      printer.print(sent, "");
    } else {
      printer.text(
          "%s  %s -> %s by route %s (%s)"
              .formatted(
                  cell(row, "id"),
                  cell(row, "from"),
                  cell(row, "to"),
                  cell(row, "route"),
                  cell(row, "relay")));
    }
    return follow(String.valueOf(row.get("id")), Duration.ofSeconds(seconds), shared);
  }

  /** Prints each step as it comes; until the last, or until the time is over. */
  private int follow(String id, Duration patience, Shared shared) {
    long began = System.nanoTime();
    List<Map<String, Object>> seen = new ArrayList<>();
    while (true) {
      Answer answer = heddle.desk().ask(Request.of("send.follow", Map.of("id", id)));
      if (!answer.ok()) {
        return shared.printer().print(answer, "");
      }
      List<Map<String, Object>> fresh = answer.rows().subList(seen.size(), answer.rows().size());
      if (!fresh.isEmpty()) {
        tell(fresh, shared);
      }
      seen = answer.rows();
      Optional<Map<String, Object>> last =
          seen.stream().filter(row -> Boolean.TRUE.equals(row.get("last"))).findFirst();
      if (last.isPresent()) {
        return exit(String.valueOf(last.get().get("what")));
      }
      if (System.nanoTime() - began >= patience.toNanos() || !pause()) {
        return waits(id, patience, shared);
      }
    }
  }

  private static void tell(List<Map<String, Object>> steps, Shared shared) {
    if (shared.json) {
      shared.printer().print(Answer.rows(steps), "");
      return;
    }
    for (Map<String, Object> step : steps) {
      String route = cell(step, "route");
      shared
          .printer()
          .text(
              "%s  %-9s  %s%s"
                  .formatted(
                      cell(step, "at"),
                      cell(step, "what"),
                      route.isEmpty() ? "" : route + "  ",
                      cell(step, "reply")));
    }
  }

  private static int exit(String what) {
    return switch (what) {
      case "delivered" -> 0;
      case "held" -> Answer.PARTIAL;
      default -> Answer.FAILED;
    };
  }

  private static int waits(String id, Duration patience, Shared shared) {
    return shared
        .printer()
        .print(
            Answer.no(
                Answer.PARTIAL,
                "it is not delivered yet",
                "nothing final came within " + patience.toSeconds() + " s; it is tried again",
                "see how it stands with: heddle queue show " + id),
            "");
  }

  private static boolean pause() {
    try {
      Thread.sleep(PAUSE);
      return true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String cell(Map<String, Object> row, String name) {
    return Printer.cell(row.get(name));
  }
}
