package heddle.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {
  private static Map<String, Object> row(String check, String state, String says, String remedy) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("check", check);
    row.put("state", state);
    row.put("says", says);
    row.put("remedy", remedy);
    return row;
  }

  @Test
  void people_get_a_line_for_each_check_and_the_sum() {
    var rows = new ArrayList<>(List.of(row("disk", "ok", "9 GiB free", "")));
    assertEquals(
        List.of("ok    disk  9 GiB free", "1 ok, 0 warnings, 0 errors      (exit 0)"),
        DoctorCommand.lines(rows, false, 0));
    rows.add(row("submit", "skipped", "skipped: a hook", ""));
    rows.add(row("backup", "WARN", "no backup yet", "make one"));
    assertEquals(10, DoctorCommand.exit(rows));
    rows.add(row("queue", "ERR", "\u001b[2Jstuck", "look"));
    assertEquals(
        List.of(
            "ok    disk    9 GiB free",
            "--    submit  skipped: a hook",
            "WARN  backup  no backup yet.     make one",
            "ERR   queue   ?[2Jstuck.     look",
            "1 ok, 1 skipped, 1 warning, 1 error      (exit 11)"),
        DoctorCommand.lines(rows, false, 0));
  }

  @Test
  void that_nothing_has_changed_is_said() {
    assertEquals(List.of("Nothing has changed."), DoctorCommand.lines(List.of(), true, 0));
  }
}
