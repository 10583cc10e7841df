package heddle.console;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * How people see the rows of an answer.
 *
 * @param foot what is said below the table, with the rows and what was typed; may be empty
 */
record View(List<Column> columns, Function<List<Map<String, Object>>, String> foot) {
  /**
   * @param right whether it is a number
   */
  record Column(
      String title,
      BiFunction<Map<String, Object>, List<Map<String, Object>>, String> cell,
      boolean right) {}

  View {
    columns = List.copyOf(columns);
  }

  static Column text(String title, Function<Map<String, Object>, String> cell) {
    return new Column(title, (row, _) -> cell.apply(row), false);
  }

  static Column number(String title, Function<Map<String, Object>, String> cell) {
    return new Column(title, (row, _) -> cell.apply(row), true);
  }

  static Column field(String title, String field) {
    return text(title, row -> Printer.cell(row.get(field)));
  }

  static Column count(String title, String field) {
    return number(title, row -> Printer.cell(row.get(field)));
  }

  /** An id by as few of its first characters as tell it from the others. */
  static Column id(String title, String field) {
    return new Column(
        title,
        (row, all) -> {
          String id = Printer.cell(row.get(field));
          return shortest(id, all.stream().map(r -> Printer.cell(r.get(field))).toList());
        },
        false);
  }

  static String shortest(String id, List<String> all) {
    for (int length = 6; length < id.length(); length++) {
      String begin = id.substring(0, length);
      if (all.stream().noneMatch(other -> !other.equals(id) && other.startsWith(begin))) {
        return begin;
      }
    }
    return id;
  }
}
