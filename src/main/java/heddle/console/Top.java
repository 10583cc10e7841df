package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What goes on, drawn anew each second. */
final class Top {
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final String CLEAR = "\033[H\033[2J";

  private final Desk desk;
  private final Io io;

  Top(Desk desk, Io io) {
    this.desk = desk;
    this.io = io;
  }

  /**
   * @param once one picture, for a pipe
   * @param over whether somebody wants to leave
   */
  int run(boolean once, BooleanSupplier over) {
    while (true) {
      Answer answer = desk.ask(Request.of("top", Map.of()));
      if (answer.exit() == Answer.UNREACHABLE && !once) {
        io.out().println(CLEAR + "the server does not answer; waiting for it");
      } else if (!answer.ok()) {
        return new Printer(io, false).print(answer, "");
      } else {
        String picture = String.join("\n", picture(answer.rows().getFirst()));
        io.out().print((once ? "" : CLEAR) + picture + "\n");
        io.out().flush();
      }
      if (once) {
        return 0;
      }
      try {
        Thread.sleep(STEP);
      } catch (InterruptedException stopped) {
        return 0;
      }
      if (over.getAsBoolean()) {
        return 0;
      }
    }
  }

  private List<String> picture(Map<String, Object> row) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "heddle top  "
            + LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)
            + "   sessions "
            + row.get("sessions")
            + " (logged in "
            + row.get("logged-in")
            + ")  queue "
            + row.get("queue")
            + "  cpu "
            + row.get("cpu")
            + "%  heap "
            + (row.get("heap") instanceof Number heap ? heap.longValue() / 1_000_000 : 0)
            + "M     Ctrl-C leaves");
    lines.add(
        "in   " + bars(row.get("in")) + "  out  " + bars(row.get("out")) + "     (last 20 min)");
    lines.addAll(
        table(
            List.of("WHO", "VIA", "FROM", "NOW", "HOUR", "DAY", "TO TODAY", "LAST"),
            List.of("who", "via", "from", "now", "hour", "day", "recipients", "last"),
            row.get("who")));
    lines.addAll(
        table(
            List.of("TO", "QUEUED", "TRIED", "OLDEST", "LAST REPLY"),
            List.of("domain", "queued", "tried", "oldest", "reply"),
            row.get("to")));
    return lines;
  }

  private List<String> table(
      List<String> titles, List<String> fields, @org.jspecify.annotations.Nullable Object rows) {
    List<List<String>> cells = new ArrayList<>();
    cells.add(titles);
    for (Object each : rows instanceof List<?> list ? list : List.of()) {
      if (each instanceof Map<?, ?> map) {
        List<String> line = new ArrayList<>();
        for (String field : fields) {
          String cell = Printer.cell(map.get(field));
          line.add(field.equals("last") || field.equals("oldest") ? Spans.ago(cell) : cell);
        }
        cells.add(line);
      }
    }
    return Printer.columns(cells, io.width());
  }

  private static String bars(@org.jspecify.annotations.Nullable Object counts) {
    List<?> list = counts instanceof List<?> l ? l : List.of();
    int most = 1;
    for (Object count : list) {
      most = Math.max(most, count instanceof Number n ? n.intValue() : 0);
    }
    var text = new StringBuilder();
    for (Object count : list) {
      int value = count instanceof Number n ? n.intValue() : 0;
      text.append(BARS.charAt(value * (BARS.length() - 1) / most));
    }
    return text.toString();
  }
}
