package heddle.console;

import heddle.control.Answer;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prints answers: a table for people, tab-separated values without a header for pipes, JSON lines
 * where asked for. Errors go to standard error as what, why and what to do, a line each.
 */
final class Printer {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;
  private final boolean people;
  private final JsonMapper mapper = JsonMapper.builder().build();

  Printer(PrintStream out, PrintStream err, boolean json, boolean people) {
    this.out = out;
    this.err = err;
    this.json = json;
    this.people = people;
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
      out.println(mapper.writeValueAsString(versioned));
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
      out.println(mapper.writeValueAsString(trouble));
      return;
    }
    err.println("heddle: " + answer.what());
    if (!answer.why().isEmpty()) {
      answer.why().lines().forEach(line -> err.println("   why: " + line));
    }
    if (!answer.remedy().isEmpty()) {
      err.println("   do:  " + answer.remedy());
    }
  }

  private void table(List<Map<String, Object>> rows) {
    List<String> columns = new ArrayList<>(rows.getFirst().keySet());
    if (!people) {
      for (Map<String, Object> row : rows) {
        out.println(String.join("\t", columns.stream().map(c -> cell(row.get(c))).toList()));
      }
      return;
    }
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).length();
      for (Map<String, Object> row : rows) {
        widths[i] = Math.max(widths[i], cell(row.get(columns.get(i))).length());
      }
    }
    line(columns.stream().map(c -> c.toUpperCase(java.util.Locale.ROOT)).toList(), widths);
    for (Map<String, Object> row : rows) {
      line(columns.stream().map(c -> cell(row.get(c))).toList(), widths);
    }
  }

  private void line(List<String> cells, int[] widths) {
    var text = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      text.append(cells.get(i));
      if (i < widths.length - 1) {
        text.repeat(' ', widths[i] - cells.get(i).length() + 2);
      }
    }
    out.println(text.toString().stripTrailing());
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
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
