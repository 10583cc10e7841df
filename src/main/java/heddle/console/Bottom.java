package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Status;

/**
 * The lines at the bottom of the screen: help on what is being typed, and how the server is.
 * Notices when the server goes and when it is back. Safe to share.
 */
final class Bottom implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final int NARROW = 60;

  private final Terminal terminal;
  private final Desk desk;
  private final Consumer<String> news;
  private final boolean shown;
  private final Thread watch;
  private String help = "";
  private String state = "";
  private boolean hints = true;
  private boolean quiet;
  private volatile boolean there = true;

  /**
   * @param news is told when the server goes, and when it is back
   */
  Bottom(Terminal terminal, Desk desk, Consumer<String> news) {
    this.terminal = terminal;
    this.desk = desk;
    this.news = news;
    this.shown = !terminal.getType().startsWith(Terminal.TYPE_DUMB);
    this.watch = Thread.ofPlatform().name("bottom").daemon(true).unstarted(this::look);
  }

  /** Takes the lines at the bottom of the screen. */
  synchronized void open() {
    draw();
  }

  void start() {
    watch.start();
  }

  private void look() {
    int columns = terminal.getColumns();
    try {
      while (true) {
        Answer answer = desk.ask(Request.of("status", Map.of()));
        boolean answers = answer.ok() && "running".equals(answer.rows().getFirst().get("state"));
        if (answers != there) {
          there = answers;
          news.accept(
              answers
                  ? "-- the server is back: "
                      + answer.rows().getFirst().get("version")
                      + ", process "
                      + answer.rows().getFirst().get("pid")
                  : "-- the server is gone; this console waits for it");
        }
        if (terminal.getColumns() != columns) {
          columns = terminal.getColumns();
          again();
        }
        tell(answers ? words(answer.rows().getFirst()) : "no server answers");
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private static String words(Map<String, Object> row) {
    int attention = row.get("attention") instanceof List<?> list ? list.size() : 0;
    return "heddle "
        + row.get("version")
        + "  "
        + row.get("hostname")
        + "  sessions "
        + row.get("sessions")
        + "  queue "
        + row.get("queue")
        + (attention > 0 ? "  attention " + attention + " (status)" : "");
  }

  private synchronized void tell(String now) {
    if (!now.equals(state)) {
      state = now;
      draw();
    }
  }

  /** What is being typed is explained so. */
  synchronized void help(String text) {
    if (!text.equals(help)) {
      help = text;
      draw();
    }
  }

  synchronized void hints(boolean on) {
    hints = on;
    draw();
  }

  /** A command has the screen. */
  synchronized void quiet(boolean now) {
    quiet = now;
    if (now) {
      help = "";
    }
    draw();
  }

  /** Something has cleared the screen, and these lines with it. */
  synchronized void again() {
    if (shown) {
      Status.getStatus(terminal).reset();
      draw();
    }
  }

  /** While something else draws on the whole screen. */
  synchronized void suspend() {
    if (shown) {
      Status.getStatus(terminal).suspend();
    }
  }

  synchronized void restore() {
    if (shown) {
      Status.getStatus(terminal).restore();
    }
  }

  private void draw() {
    if (!shown) {
      return;
    }
    Status status = Status.getStatus(terminal);
    int width = terminal.getColumns();
    if (width < NARROW) {
      status.update(List.of());
      return;
    }
    List<AttributedString> lines = new ArrayList<>();
    lines.add(line(hints && !quiet ? help : "", width));
    lines.add(line(state, width));
    status.update(lines);
  }

  private static AttributedString line(String text, int width) {
    return new AttributedString(Printer.cut(text, width - 1), AttributedStyle.DEFAULT.faint());
  }

  @Override
  public void close() {
    watch.interrupt();
    if (shown) {
      Status.getStatus(terminal).update(List.of());
    }
  }
}
