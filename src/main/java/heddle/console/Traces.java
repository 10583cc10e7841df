package heddle.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happened to a message, as people read it. */
final class Traces {
  private Traces() {}

  static void print(List<Map<String, Object>> rows, Printer printer) {
    Map<String, List<Map<String, Object>>> messages = new LinkedHashMap<>();
    rows.forEach(
        row ->
            messages.computeIfAbsent(Printer.cell(row.get("id")), _ -> new ArrayList<>()).add(row));
    messages.forEach((id, story) -> story(id, story, printer));
    Object more = rows.getLast().get("more");
    if (more != null) {
      printer.text("and " + more + " more.  show: trace … --last " + more);
    }
  }

  private static void story(String id, List<Map<String, Object>> rows, Printer printer) {
    Map<String, Object> first = rows.getFirst();
    var head = new StringBuilder(id);
    if (first.containsKey("from")) {
      String msgid = Printer.cell(first.get("msgid"));
      head.append(msgid.isEmpty() ? "" : "  " + msgid);
      if (first.get("size") instanceof Number size && size.longValue() > 0) {
        head.append("  ").append(Spans.size(size.longValue()));
      }
      head.append("  ")
          .append(Views.unbracketed(Printer.cell(first.get("from"))))
          .append(" -> ")
          .append(Printer.cell(first.get("to")));
    }
    printer.text(head + "  " + state(rows));
    int width = rows.stream().mapToInt(r -> what(r).length()).max().orElse(0);
    for (Map<String, Object> row : rows) {
      String event = Printer.cell(row.get("event"));
      String at = Printer.cell(row.get("at"));
      boolean ahead = event.equals("next");
      String when = ahead ? Spans.clock(at) : event.equals("hold") ? "" : Spans.exactClock(at);
      String reply = Printer.cell(row.get("reply"));
      String what = what(row);
      printer.text(
          padded(when, 13)
              + padded(event, 11)
              + (reply.isEmpty()
                  ? what + (ahead ? ", in " + Spans.until(at) : "")
                  : padded(what, Math.min(width, 60)) + "  " + reply));
    }
  }

  private static String what(Map<String, Object> row) {
    return Printer.cell(row.get("what"));
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(text.isEmpty() ? width : 1, width - text.length()));
  }

  private static String state(List<Map<String, Object>> rows) {
    List<String> events = rows.stream().map(r -> Printer.cell(r.get("event"))).toList();
    if (events.contains("hold")) {
      return "HELD";
    }
    if (events.contains("next")) {
      return "NOT DELIVERED YET";
    }
    if (events.contains("failed")) {
      return events.contains("delivered") ? "DELIVERED IN PART" : "NOT DELIVERED";
    }
    return events.contains("delivered")
        ? "DELIVERED"
        : events.contains("accepted") ? "GONE" : "REFUSED";
  }
}
