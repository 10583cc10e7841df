package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Events, and those that come: asked for again and again, so that a restart is no end. */
final class Following {
  private static final int WAIT = 20;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Desk desk;
  private final Printer printer;

  Following(Desk desk, Printer printer) {
    this.desk = desk;
    this.printer = printer;
  }

  int events(String match, int last, boolean follow) {
    Answer answer = ask(match, last, 0, 0);
    int exit = printer.show("events.list", answer, follow ? "" : "Nothing of the kind is known.");
    if (exit != 0 || !follow) {
      return exit;
    }
    long seq = newest(answer.rows(), latest());
    boolean there = true;
    while (!Thread.currentThread().isInterrupted()) {
      Answer more = ask(match, 1000, Math.max(1, seq), WAIT);
      if (more.exit() == Answer.UNREACHABLE) {
        if (there) {
          printer.text("-- the server does not answer; waiting for it");
        }
        there = false;
        if (!pause()) {
          return 0;
        }
        continue;
      }
      if (!there && more.ok()) {
        printer.text("-- the server answers again");
      }
      there = true;
      if (!more.ok()) {
        return printer.print(more, "");
      }
      if (!more.rows().isEmpty()) {
        printer.show("events.list", more, "");
        seq = newest(more.rows(), seq);
      }
    }
    return 0;
  }

  /** The newest of all, whatever is asked for: what came before it was shown, or not wanted. */
  private long latest() {
    return newest(ask("", 1, 0, 0).rows(), 0);
  }

  static long newest(List<Map<String, Object>> rows, long before) {
    return rows.isEmpty() || !(rows.getLast().get("seq") instanceof Number seq)
        ? before
        : Math.max(before, seq.longValue());
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

  private Answer ask(String match, int last, long after, int wait) {
    Map<String, String> args = new HashMap<>();
    args.put("match", match);
    args.put("last", Integer.toString(last));
    args.put("after", Long.toString(after));
    args.put("wait", Integer.toString(wait));
    return desk.ask(Request.of("events.list", args));
  }
}
