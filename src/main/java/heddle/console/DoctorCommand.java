package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code doctor}: all checks, with what to do. */
@Command(
    name = "doctor",
    description = {
      "Look at everything that can go wrong, and say what to do about it.",
      "Exit code: 0 all is well, 10 warnings, 11 errors."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final int WARNINGS = 10;
  private static final int ERRORS = 11;
  private static final int WIDEST_CHECK = 24;

  private final HeddleCommand heddle;

  @Option(
      names = "--changed",
      description = "Show only what is other than at the last run with this option, or alert.")
  boolean changed;

  @Mixin Shared shared = new Shared();

  DoctorCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Override
  public Integer call() {
    Map<String, String> args = Map.of("changed", Boolean.toString(changed));
    Answer answer = heddle.desk().ask(Request.of("doctor.run", args));
    if (!answer.ok()) {
      return shared.printer().print(answer, "");
    }
    if (!shared.printer().forPeople()) {
      shared.printer().print(answer, "");
    } else {
      lines(answer.rows(), changed, Io.now().width()).forEach(shared.printer()::text);
    }
    return exit(answer.rows());
  }

  /** By the gravest of what is shown. */
  static int exit(List<Map<String, Object>> rows) {
    if (count(rows, "ERR") > 0) {
      return ERRORS;
    }
    return count(rows, "WARN") > 0 ? WARNINGS : 0;
  }

  private static long count(List<Map<String, Object>> rows, String state) {
    return rows.stream().filter(row -> state.equals(row.get("state"))).count();
  }

  /** For people: a line for each check, the remedy behind it, and the sum. */
  static List<String> lines(List<Map<String, Object>> rows, boolean changed, int width) {
    if (changed && rows.isEmpty()) {
      return List.of("Nothing has changed.");
    }
    int widest =
        rows.stream().mapToInt(row -> Printer.cell(row.get("check")).length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> row : rows) {
      String check = Printer.cell(row.get("check"));
      String remedy = Printer.cell(row.get("remedy"));
      // The long word stands where "ok" would: its says begin with it as well.
      String state = "skipped".equals(row.get("state")) ? "--" : Printer.cell(row.get("state"));
      String before = pad(state, 6) + pad(check, Math.min(widest, WIDEST_CHECK) + 2);
      String says = before + Printer.cell(row.get("says"));
      if (remedy.isEmpty()) {
        lines.add(says);
      } else if (width > 0 && says.length() + remedy.length() + 6 > width) {
        // A screen that cuts it in the midst of a word is no help.
        lines.add(says);
        lines.add(" ".repeat(before.length()) + "do: " + remedy);
      } else {
        lines.add(says + ".     " + remedy);
      }
    }
    lines.add(sum(rows));
    return lines;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  private static String sum(List<Map<String, Object>> rows) {
    long skipped = count(rows, "skipped");
    return count(rows, "ok")
        + " ok"
        + (skipped > 0 ? ", " + skipped + " skipped" : "")
        + some(count(rows, "WARN"), "warning")
        + some(count(rows, "ERR"), "error")
        + "      (exit "
        + exit(rows)
        + ")";
  }

  private static String some(long count, String what) {
    return ", " + count + " " + what + (count == 1 ? "" : "s");
  }
}
