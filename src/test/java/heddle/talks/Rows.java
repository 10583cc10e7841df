package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The rows of one seed document. A test says what it sees of a row through {@link #shows}, which
 * asserts it and keeps it; what was kept is the document's part of {@code docs/seeds.md}. So the
 * page cannot say what no test asserts.
 */
final class Rows implements BeforeEachCallback {
  private static final Path PAGE = Path.of("docs/seeds.md");
  private static final Path TESTS = Path.of("src/test/java/heddle");
  private final Seed seed;

  /** From row to what it asks, in order. */
  private final Map<String, String> asks = new LinkedHashMap<>();

  private final Map<String, Set<String>> tests = new LinkedHashMap<>();
  private final Map<String, Map<String, List<String>>> seen = new LinkedHashMap<>();
  private Set<String> tags = Set.of();
  private String test = "";
  private String type = "";

  /**
   * @param asks a line for each row: its id, a space, what it asks
   */
  Rows(Seed seed, String asks) {
    this.seed = seed;
    asks.lines()
        .map(line -> line.split(" ", 2))
        .forEach(words -> this.asks.put(words[0], words[1].strip()));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    tags = context.getTags();
    test = context.getRequiredTestMethod().getName();
    type = context.getRequiredTestClass().getSimpleName();
  }

  /**
   * Asserts one facet of a row.
   *
   * @param facet in a few words, for the page
   */
  void shows(String row, String facet, Object expected, Object actual) {
    assertEquals(expected, actual, row + ": " + facet);
    keep(row, facet + ": " + code(String.valueOf(expected)));
  }

  /** The same for a value that is another one each time. */
  void fits(String row, String facet, String pattern, String actual) {
    assertTrue(actual.matches(pattern), row + ": " + facet + ": " + actual);
    keep(row, facet + ": like " + code(pattern));
  }

  /**
   * Where the row is seen with a server of another maker.
   *
   * @param test the class, from its room on: {@code real/ImapAskerIT}
   */
  void elsewhere(String row, String component, String test) {
    assertTrue(Files.exists(TESTS.resolve(test + ".java")), "there is no test " + test);
    keep(row, component + ": " + code(test.substring(test.indexOf('/') + 1)));
  }

  private void keep(String row, String line) {
    assertTrue(asks.containsKey(row), "there is no row " + row);
    assertTrue(tags.contains(row), test + " has no @Tag(\"" + row + "\")");
    tests.computeIfAbsent(row, _ -> new LinkedHashSet<>()).add(test);
    seen.computeIfAbsent(row, _ -> new TreeMap<>())
        .computeIfAbsent(test, _ -> new ArrayList<>())
        .add(line);
  }

  /** A leading or trailing space of a value would be lost on the page. */
  private static String code(String value) {
    String shown = value.endsWith(" ") ? value.substring(0, value.length() - 1) + "␠" : value;
    return shown.isEmpty() ? "nothing" : "`" + shown.replace("|", "\\|") + "`";
  }

  /** That these rows are all there are, that each was played, and that the page says so. */
  void compare(String letter, int first, int last) throws IOException {
    var wanted = new ArrayList<String>();
    for (int i = first; i <= last; i++) {
      wanted.add(letter + i);
    }
    assertEquals(wanted, List.copyOf(asks.keySet()), "the rows of the document");
    wanted.removeAll(seen.keySet());
    assertEquals(List.of(), wanted, "rows of which no test has shown anything");
    Map<String, String> page = page();
    if (Boolean.getBoolean("manual.write")) {
      page.put("", opening());
      page.put(seed.heading(), table());
      write(page);
    }
    String mend =
        "docs/seeds.md is out of date; run: mvn test -Dtest='Seed*Test' -Dmanual.write=true";
    assertEquals(opening(), page.getOrDefault("", ""), mend);
    assertEquals(table(), page.getOrDefault(seed.heading(), ""), mend);
  }

  private String table() {
    var table = new StringBuilder(seed.heading());
    table.append("\n\nPlayed by `").append(type).append("`.\n\n");
    table.append("| row | what it asks | test | what is asserted |\n|---|---|---|---|\n");
    asks.forEach(
        (row, asked) -> {
          List<String> lines = seen.get(row).values().stream().flatMap(List::stream).toList();
          table
              .append("| ")
              .append(row)
              .append(" | ")
              .append(asked.replace("|", "\\|"))
              .append(Otherwise.of(row).map(how -> "<br>*Otherwise here: " + how + "*").orElse(""))
              .append(" | ")
              .append(String.join("<br>", tests.get(row).stream().sorted().toList()))
              .append(" | ")
              .append(String.join("<br>", lines))
              .append(" |\n");
        });
    return table.toString();
  }

  private static String opening() throws IOException {
    try (var text = Rows.class.getResourceAsStream("/seeds.md")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The page as it stands: from heading to part, the opening without one. */
  private static Map<String, String> page() throws IOException {
    var parts = new LinkedHashMap<String, String>();
    String text = Files.exists(PAGE) ? Files.readString(PAGE) : "";
    for (String part : text.split("(?m)^(?=## )")) {
      String line = part.lines().findFirst().orElse("");
      String heading = line.startsWith("## ") ? line : "";
      parts.put(heading, part.stripTrailing() + "\n");
    }
    return parts;
  }

  private static void write(Map<String, String> parts) throws IOException {
    var page = new StringBuilder(parts.getOrDefault("", ""));
    for (Seed each : Seed.values()) {
      if (parts.containsKey(each.heading())) {
        page.append("\n").append(parts.get(each.heading()));
      }
    }
    Files.writeString(PAGE, page);
  }
}
