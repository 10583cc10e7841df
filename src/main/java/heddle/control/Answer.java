package heddle.control;

import java.util.List;
import java.util.Map;

/**
 * What is answered: rows of fields where it went well, else what, why and what to do.
 *
 * @param exit 0, or an exit code: 1 failed, 2 usage, 3 not found, 4 refused, 5 not reachable, 6
 *     done in part, with rows
 * @param rows one map for each object, in order; values are text, numbers, booleans or lists
 */
public record Answer(
    int v, int exit, List<Map<String, Object>> rows, String what, String why, String remedy) {
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int NOT_FOUND = 3;
  public static final int REFUSED = 4;
  public static final int UNREACHABLE = 5;
  public static final int PARTIAL = 6;

  public Answer {
    rows = List.copyOf(rows);
  }

  public static Answer rows(List<Map<String, Object>> rows) {
    return new Answer(Request.VERSION, 0, rows, "", "", "");
  }

  public static Answer row(Map<String, Object> row) {
    return rows(List.of(row));
  }

  public static Answer no(int exit, String what, String why, String remedy) {
    return new Answer(Request.VERSION, exit, List.of(), what, why, remedy);
  }

  public boolean ok() {
    return exit == 0;
  }
}
