package heddle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/metrics.md has the figures that there are. */
class MetricsPageTest {
  private static final Path PAGE = Path.of("docs/metrics.md");
  private static final String BEGIN = "<!-- figures -->\n";
  private static final String END = "<!-- /figures -->\n";

  private static String table() {
    var table = new StringBuilder("| name | type | labels | meaning |\n|---|---|---|---|\n");
    for (Measure measure : Measure.values()) {
      table.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(
                  measure.title(),
                  measure.kind().name().toLowerCase(Locale.ROOT),
                  measure.labels().stream()
                      .map(label -> "`" + label + "`")
                      .collect(Collectors.joining(", ")),
                  measure.meaning()));
    }
    return table.toString();
  }

  @Test
  void the_table_in_the_tree_is_the_one_of_the_program() throws Exception {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    String wanted = page.substring(0, from) + table() + page.substring(page.indexOf(END));
    if (Boolean.getBoolean("manual.write")) {
      Files.writeString(PAGE, wanted);
    }
    assertEquals(
        wanted,
        Files.readString(PAGE),
        "out of date; run: mvn test -Dtest=MetricsPageTest -Dmanual.write=true");
  }

  @Test
  void every_name_on_the_page_is_one_of_them() throws Exception {
    var named = java.util.regex.Pattern.compile("heddle_[a-z_]+").matcher(Files.readString(PAGE));
    int found = 0;
    while (named.find()) {
      found++;
      String name = named.group();
      assertTrue(
          java.util.Arrays.stream(Measure.values()).anyMatch(m -> m.title().equals(name)), name);
    }
    assertTrue(found > Measure.values().length, "found " + found);
  }
}
