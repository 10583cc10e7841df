package heddle.console;

import heddle.control.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What whoever comes in sees first: is it healthy, and what needs them. */
final class Banner {
  private Banner() {}

  static List<String> lines(Answer status, String socket) {
    if (!status.ok()) {
      return List.of(
          "Heddle.  " + status.what() + ": " + status.why(),
          "   do:  " + status.remedy(),
          "Type a command, Tab completes, ? helps, Ctrl-D leaves.");
    }
    Map<String, Object> row = status.rows().getFirst();
    List<String> lines = new ArrayList<>();
    if (!"running".equals(row.get("state"))) {
      lines.add("Heddle is stopped.  start it: heddle serve");
    } else {
      lines.add(
          "Heddle "
              + row.get("version")
              + " on "
              + row.get("hostname")
              + "  up "
              + Spans.ago(Printer.cell(row.get("since")))
              + "  "
              + System.getProperty("user.name", "")
              + " via "
              + socket);
      lines.add("listeners  " + listeners(row.get("listeners")) + certificate(row));
      lines.add(
          "queue "
              + row.get("queue")
              + (row.get("held") instanceof Integer held && held > 0 ? " (" + held + " held)" : "")
              + "  taken today "
              + row.getOrDefault("accepted-today", "?")
              + "  failed logins 24 h: "
              + row.getOrDefault("failed-logins", "?")
              + from(row.get("failed-from"))
              + "  sessions "
              + row.get("sessions"));
      if (row.get("attention") instanceof List<?> attention) {
        attention.forEach(line -> lines.add("! " + Printer.cell(line)));
      }
    }
    lines.add("Type a command, Tab completes, ? helps, Ctrl-D leaves.");
    return lines;
  }

  private static String from(@org.jspecify.annotations.Nullable Object count) {
    return count instanceof Integer addresses && addresses > 0
        ? " from " + addresses + (addresses == 1 ? " address" : " addresses")
        : "";
  }

  /** {@code submission@0.0.0.0:587} is told by its port. */
  private static String listeners(@org.jspecify.annotations.Nullable Object all) {
    List<String> shown = new ArrayList<>();
    for (Object each : all instanceof List<?> list ? list : List.of()) {
      String text = Printer.cell(each);
      int at = text.indexOf('@');
      shown.add(
          text.substring(text.lastIndexOf(':') + 1) + " " + text.substring(0, Math.max(0, at)));
    }
    return String.join("  ", shown);
  }

  private static String certificate(Map<String, Object> row) {
    return Spans.instant(Printer.cell(row.get("certificate-until")))
        .map(
            until ->
                "   cert "
                    + row.get("certificate")
                    + ", "
                    + Duration.between(Instant.now(), until).toDays()
                    + " d left")
        .orElse("");
  }
}
