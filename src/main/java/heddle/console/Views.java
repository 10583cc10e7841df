package heddle.console;

import static heddle.console.View.count;
import static heddle.console.View.field;
import static heddle.console.View.id;
import static heddle.console.View.text;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of the verbs that people read most. */
final class Views {
  private Views() {}

  private static String noFoot(List<Map<String, Object>> rows) {
    return "";
  }

  static Optional<View> of(String verb) {
    return switch (verb) {
      case "queue.list" ->
          Optional.of(
              new View(
                  List.of(
                      id("ID", "id"),
                      text("AGE", row -> Spans.ago(string(row, "accepted"))),
                      text("FROM", row -> unbracketed(string(row, "from"))),
                      text("TO", Views::recipients),
                      count("TRIES", "tries"),
                      text("NEXT", row -> Spans.until(string(row, "next"))),
                      field("WHY", "why")),
                  Views::underQueue));
      case "queue.group" ->
          Optional.of(
              new View(
                  List.of(
                      field("GROUP", "group"),
                      count("ALL", "messages"),
                      count("5 m", "5m"),
                      count("20 m", "20m"),
                      count("1 h", "1h"),
                      count("4 h", "4h"),
                      count("1 d", "1d"),
                      count("OLDER", "older")),
                  Views::noFoot));
      case "session.list" ->
          Optional.of(
              new View(
                  List.of(
                      id("ID", "id"),
                      text("SINCE", row -> Spans.ago(string(row, "since"))),
                      field("LISTENER", "listener"),
                      field("FROM", "from"),
                      field("USER", "user"),
                      field("BY", "credential"),
                      field("TLS", "tls"),
                      field("PHASE", "phase"),
                      count("MAILS", "messages"),
                      field("HELO", "helo")),
                  Views::noFoot));
      case "login.list" ->
          Optional.of(
              new View(
                  List.of(
                      text("WHEN", row -> Spans.clock(string(row, "at"))),
                      field("USER", "user"),
                      field("FROM", "from"),
                      field("HOW", "how"),
                      field("BY", "by"),
                      field("RESULT", "result"),
                      field("STEP", "step"),
                      id("SESSION", "session")),
                  Views::noFoot));
      case "events.list" ->
          Optional.of(
              new View(
                  List.of(text("", row -> Spans.clock(string(row, "at"))), field("", "line")),
                  Views::noFoot));
      case "auth.explain" ->
          Optional.of(
              new View(
                  List.of(
                      field("STEP", "step"), field("VERDICT", "verdict"), field("SAYS", "says")),
                  Views::underExplain));
      case "block.list" ->
          Optional.of(
              new View(
                  List.of(
                      field("WHO", "subject"),
                      text("SINCE", row -> Spans.clock(string(row, "since"))),
                      text("UNTIL", row -> Spans.clock(string(row, "until"))),
                      field("BY", "by"),
                      field("REASON", "reason")),
                  Views::noFoot));
      default -> Optional.empty();
    };
  }

  static String string(Map<String, Object> row, String field) {
    return Printer.cell(row.get(field));
  }

  static String unbracketed(String path) {
    return path.equals("<>") ? path : path.replaceAll("^<|>$", "");
  }

  private static String recipients(Map<String, Object> row) {
    List<?> to = row.get("to") instanceof List<?> list ? list : List.of();
    return to.isEmpty()
        ? ""
        : Printer.cell(to.getFirst())
            + (row.get("recipients") instanceof Integer all && all > 1 ? " +" + (all - 1) : "");
  }

  private static String underQueue(List<Map<String, Object>> rows) {
    List<String> ids = rows.stream().map(row -> string(row, "id")).toList();
    String first = View.shortest(ids.getFirst(), ids);
    String all = rows.size() + (rows.size() == 1 ? " message.  " : " messages.  ");
    return all
        + (string(rows.getFirst(), "state").equals("held")
            ? "release: queue release " + first
            : "retry: queue retry " + first)
        + "    all detail: trace "
        + first;
  }

  private static String underExplain(List<Map<String, Object>> rows) {
    return rows.stream()
        .filter(row -> string(row, "verdict").matches("no|wait"))
        .findFirst()
        .map(
            row ->
                "would: "
                    + (string(row, "verdict").equals("no") ? "be refused" : "have to wait")
                    + " by "
                    + string(row, "step")
                    + ".")
        .orElse("would: be decided by the password, or what else is shown.");
  }
}
