package heddle.console;

import heddle.control.Answer;
import heddle.control.JsonLines;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prints answers: a table for people, tab-separated values without a header for pipes, JSON lines
 * where asked for. Errors go to standard error as what, why and what to do, a line each.
 */
final class Printer {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;
  private final boolean people;
  private final boolean titles;
  private final boolean console;
  private final int width;

  Printer(Io io, boolean json) {
    this.out = io.out();
    this.err = io.err();
    this.json = json;
    this.people = io.tables();
    this.titles = io.titles();
    this.console = io.console();
    this.width = io.width();
  }

  /** Whether a person reads it. */
  boolean forPeople() {
    return people && !json;
  }

  /** Text as it is. */
  void text(Object line) {
    out.println(line);
  }

  /** Prints the rows as people see those of the verb; else as {@link #print}. */
  int show(String verb, Answer answer, String nothing) {
    Optional<View> view = Views.of(verb);
    if (!forPeople() || !answer.ok() || answer.rows().isEmpty() || view.isEmpty()) {
      return print(answer, nothing);
    }
    List<Map<String, Object>> rows = answer.rows();
    List<List<String>> cells = new ArrayList<>();
    cells.add(view.get().columns().stream().map(View.Column::title).toList());
    for (Map<String, Object> row : rows) {
      cells.add(view.get().columns().stream().map(c -> c.cell().apply(row, rows)).toList());
    }
    List<Boolean> right = view.get().columns().stream().map(View.Column::right).toList();
    boolean titled = titles && cells.getFirst().stream().anyMatch(t -> !t.isEmpty());
    aligned(titled ? cells : cells.subList(1, cells.size()), right);
    String foot = view.get().foot().apply(rows);
    if (titles && !foot.isEmpty()) {
      out.println(foot);
    }
    return 0;
  }

  private void aligned(List<List<String>> cells, List<Boolean> right) {
    columns(cells, right, width).forEach(out::println);
  }

  /** Lines of a table, the titles first. */
  static List<String> columns(List<List<String>> cells, int width) {
    return columns(cells, cells.getFirst().stream().map(_ -> false).toList(), width);
  }

  private static List<String> columns(List<List<String>> cells, List<Boolean> right, int width) {
    int[] widths = new int[right.size()];
    for (List<String> row : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], places(row.get(i)));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : cells) {
      var text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        int gap = widths[i] - places(row.get(i));
        boolean last = i == widths.length - 1;
        text.repeat(' ', right.get(i) ? gap : 0).append(row.get(i));
        text.repeat(' ', last ? 0 : (right.get(i) ? 0 : gap) + 2);
      }
      lines.add(cut(text.toString().stripTrailing(), width));
    }
    return lines;
  }

  /** Beyond the screen's edge a table is no table any more. */
  static String cut(String line, int width) {
    if (width < 10 || places(line) <= width) {
      return line;
    }
    int end =
        line.offsetByCodePoints(0, Math.min(width - 1, line.codePointCount(0, line.length())));
    return line.substring(0, end) + "…";
  }

  /** How many places a text takes: more than its characters have those of the East. */
  private static int places(String text) {
    return text.codePoints().map(c -> wide(c) ? 2 : 1).sum();
  }

  private static boolean wide(int c) {
    return c >= 0x1100
        && (c <= 0x115f
            || c >= 0x2e80 && c <= 0xa4cf
            || c >= 0xac00 && c <= 0xd7a3
            || c >= 0xf900 && c <= 0xfaff
            || c >= 0xfe30 && c <= 0xfe6f
            || c >= 0xff00 && c <= 0xff60
            || c >= 0x1f300 && c <= 0x1faff);
  }

  /** Prints the rows or the trouble; returns the exit code. */
  int print(Answer answer, String nothing) {
    if (json && answer.exit() == Answer.PARTIAL) {
      rows(answer);
      return answer.exit();
    }
    if (!answer.ok()) {
      trouble(answer);
      return answer.exit();
    }
    if (json) {
      rows(answer);
    } else if (answer.rows().isEmpty()) {
      if (people) {
        out.println(nothing);
      }
    } else {
      table(answer.rows());
    }
    return 0;
  }

  /** One object, a line for each of its fields. */
  int details(Answer answer) {
    if (json || !answer.ok()) {
      return print(answer, "");
    }
    for (Map<String, Object> row : answer.rows()) {
      int width = row.keySet().stream().mapToInt(String::length).max().orElse(0);
      row.forEach(
          (key, value) -> {
            String cell = cell(value);
            if (people && !cell.isEmpty()) {
              out.println(key + " ".repeat(width - key.length() + 2) + cell);
            } else if (!people) {
              out.println(key + "\t" + cell);
            }
          });
    }
    return 0;
  }

  private void rows(Answer answer) {
    for (Map<String, Object> row : answer.rows()) {
      Map<String, Object> versioned = new LinkedHashMap<>(row);
      versioned.put("v", answer.v());
      out.println(JsonLines.write(versioned));
    }
  }

  /** One sentence for people, the row for machines; what was not done comes behind. */
  int say(Answer answer, String sentence) {
    boolean partial = answer.exit() == Answer.PARTIAL;
    if (json || !answer.ok() && !partial) {
      return print(answer, "");
    }
    out.println(sentence);
    return partial ? print(answer, "") : 0;
  }

  private void trouble(Answer answer) {
    if (json) {
      Map<String, Object> trouble = new LinkedHashMap<>();
      trouble.put("error", answer.what());
      trouble.put("why", answer.why());
      trouble.put("do", answer.remedy());
      trouble.put("exit", answer.exit());
      trouble.put("v", answer.v());
      out.println(JsonLines.write(trouble));
      return;
    }
    err.println((console ? "" : "heddle: ") + cell(answer.what()));
    if (!answer.why().isEmpty()) {
      answer.why().lines().forEach(line -> err.println("   why: " + line));
    }
    if (!answer.remedy().isEmpty()) {
      err.println("   do:  " + typed(answer.remedy()));
    }
  }

  /** In the console a command has no {@code heddle} before it. */
  private String typed(String remedy) {
    return console ? remedy.replaceAll("\\bheddle (?=[a-z]+)", "") : remedy;
  }

  private void table(List<Map<String, Object>> rows) {
    List<String> columns = new ArrayList<>(rows.getFirst().keySet());
    if (!people) {
      for (Map<String, Object> row : rows) {
        out.println(String.join("\t", columns.stream().map(c -> cell(row.get(c))).toList()));
      }
      return;
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(columns.stream().map(c -> c.toUpperCase(java.util.Locale.ROOT)).toList());
    for (Map<String, Object> row : rows) {
      cells.add(columns.stream().map(c -> cell(row.get(c))).toList());
    }
    aligned(
        titles ? cells : cells.subList(1, cells.size()), columns.stream().map(_ -> false).toList());
  }

  /** A value on one line: what clients wrote must not move a terminal's cursor. */
  static String cell(@org.jspecify.annotations.Nullable Object value) {
    if (value == null) {
      return "";
    }
    String text =
        value instanceof List<?> list
            ? String.join(",", list.stream().map(String::valueOf).toList())
            : value.toString();
    return text.codePoints()
        .map(c -> unprintable(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** What could move the cursor, or turn the line around. */
  private static boolean unprintable(int c) {
    int type = Character.getType(c);
    return Character.isISOControl(c)
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
