package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happens, told above the prompt while somebody types. Used by one console. */
final class Tail implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Desk desk;
  private final Consumer<String> above;
  private @Nullable Thread thread;

  /**
   * @param above prints a line above the prompt
   */
  Tail(Desk desk, Consumer<String> above) {
    this.desk = desk;
    this.above = above;
  }

  void on() {
    if (thread == null) {
      thread = Thread.ofPlatform().name("tail").daemon(true).start(this::follow);
    }
  }

  void off() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  private void follow() {
    long seq = -1;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Answer answer =
            seq < 0 ? ask("1", "0", "0") : ask("200", Long.toString(Math.max(1, seq)), "20");
        if (!answer.ok()) {
          Thread.sleep(PAUSE); // the bottom line tells of a server that is gone
          continue;
        }
        List<Map<String, Object>> rows = answer.rows();
        if (seq >= 0) {
          rows.forEach(
              row ->
                  above.accept(
                      Spans.clock(Printer.cell(row.get("at")))
                          + "  "
                          + Printer.cell(row.get("line"))));
        }
        seq = Following.newest(rows, Math.max(0, seq));
      }
    } catch (InterruptedException off) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer ask(String last, String after, String wait) {
    return desk.ask(Request.of("events.list", Map.of("last", last, "after", after, "wait", wait)));
  }

  @Override
  public void close() {
    off();
  }
}
