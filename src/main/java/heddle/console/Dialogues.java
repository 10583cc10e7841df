package heddle.console;

import java.util.List;
import java.util.Map;

/** A conversation as people read it. */
final class Dialogues {
  private Dialogues() {}

  static void print(Map<String, Object> row, Printer printer) {
    String why = Printer.cell(row.get("why"));
    String user = Printer.cell(row.get("user"));
    printer.text(
        Printer.cell(row.get("id"))
            + "  "
            + Spans.clock(Printer.cell(row.get("began")))
            + "  "
            + Printer.cell(row.get("from"))
            + " at "
            + Printer.cell(row.get("listener"))
            + (user.isEmpty() ? "" : "  " + user)
            + (why.isEmpty() ? "  goes on" : "  ended: " + why));
    List<?> lines = row.get("lines") instanceof List<?> list ? list : List.of();
    for (Object line : lines) {
      String[] parts = Printer.cell(line).split(" ", 3);
      printer.text(
          " ".repeat(Math.max(0, 8 - parts[0].length()))
              + parts[0]
              + " ms  "
              + (parts.length > 1 ? arrow(parts[1]) : "")
              + (parts.length > 2 ? parts[2] : ""));
    }
  }

  private static String arrow(String from) {
    return switch (from) {
      case "<" -> "C: ";
      case ">" -> "S: ";
      default -> "=== ";
    };
  }
}
