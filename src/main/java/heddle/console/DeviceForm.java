package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks for what was not said of a new device, and waits for its first connection. */
final class DeviceForm {
  /** How long it is asked for at a time. */
  private static final String WAIT = "20";

  private final Desk desk;
  private final @Nullable Person person;
  private final Printer printer;

  DeviceForm(Desk desk, @Nullable Person person, Printer printer) {
    this.desk = desk;
    this.person = person;
    this.printer = printer;
  }

  /** Asks nobody. */
  static DeviceForm waiting(Desk desk, Printer printer) {
    return new DeviceForm(desk, null, printer);
  }

  /** One line of the form; what is in brackets is taken where nothing is typed. */
  private Optional<String> line(String question, String otherwise) {
    String shown = otherwise.isEmpty() ? "" : " [" + otherwise + "]";
    return Objects.requireNonNull(person)
        .ask(
            question
                + " ".repeat(Math.max(1, 26 - question.length() - shown.length()))
                + shown
                + ": ")
        .map(String::strip)
        .map(said -> said.isEmpty() ? otherwise : said);
  }

  /** The arguments, those that were given left as they are; empty where somebody gave up. */
  Optional<Map<String, String>> filled(Map<String, String> given) {
    Map<String, String> args = new HashMap<>(given);
    for (var each :
        List.of(
            Map.entry("address", "Sends as which user"),
            Map.entry("label", "What to call it"),
            Map.entry("network", "Network it calls from"),
            Map.entry("recipient", "May send to (empty: all)"),
            Map.entry("per-day", "Per day (empty: no limit)"))) {
      if (args.getOrDefault(each.getKey(), "").isEmpty()) {
        Optional<String> said = line(each.getValue(), "");
        if (said.isEmpty()) {
          return Optional.empty();
        }
        args.put(each.getKey(), said.get());
      }
    }
    if (!"true".equals(args.get("with-password"))) {
      Optional<String> said = line("A password, too", "no");
      if (said.isEmpty()) {
        return Optional.empty();
      }
      args.put("with-password", Boolean.toString(said.get().startsWith("y")));
    }
    return Optional.of(args);
  }

  /** What to put into the machine. */
  void settings(Map<String, Object> row) {
    Answer status = desk.ask(Request.of("status", Map.of()));
    Map<String, Object> server = status.rows().isEmpty() ? Map.of() : status.rows().getFirst();
    List<?> listeners = server.get("listeners") instanceof List<?> all ? all : List.of();
    for (Object at : row.get("at") instanceof List<?> list ? list : List.of()) {
      String text = Printer.cell(at);
      String name = text.substring(0, text.indexOf(','));
      for (Object listener : listeners) {
        String heard = Printer.cell(listener);
        if (heard.startsWith(name + "@")) {
          printer.text(
              "Put this in the machine:   server "
                  + Printer.cell(server.get("hostname"))
                  + "   port "
                  + heard.substring(heard.lastIndexOf(':') + 1)
                  + "   "
                  + text.substring(text.indexOf(',') + 2)
                  + "   "
                  + (row.containsKey("password")
                      ? "user and password as above"
                      : "user and password empty"));
        }
      }
    }
  }

  /** Until it has sent something, or somebody has seen enough. */
  void awaitFirst(String user, String label) {
    printer.text("Waiting for its first message (Ctrl-C stops) ...");
    Answer last = desk.ask(Request.of("events.list", Map.of("last", "1")));
    long seq = Following.newest(last.rows(), 1);
    while (!Thread.currentThread().isInterrupted()) {
      Answer news =
          desk.ask(
              Request.of(
                  "events.list",
                  Map.of(
                      "match",
                      "name:accepted,refused user:" + user,
                      "after",
                      Long.toString(seq),
                      "wait",
                      WAIT)));
      if (!news.ok() && news.exit() != Answer.UNREACHABLE) {
        return;
      }
      for (Map<String, Object> row : news.rows()) {
        String at = Spans.clock(Printer.cell(row.get("at")));
        if ("accepted".equals(row.get("event"))) {
          printer.text(at + "  a message of " + label + " was accepted. It works.");
          return;
        }
        printer.text(at + "  " + Printer.cell(row.get("line")));
      }
      seq = Following.newest(news.rows(), seq);
    }
  }
}
