package heddle.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.config.ManPage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The manual pages in the tree are those that the commands and the settings tell. */
class ManPagesTest {
  private static final Path FOLDER = Path.of("docs/man");
  private static final String MEND =
      "the manual pages are out of date; run: mvn test -Dtest=ManPagesTest -Dmanual.write=true";

  private static Map<String, String> wanted() {
    Map<String, String> wanted = new TreeMap<>(ManPages.all());
    wanted.put("heddle.toml.5", ManPage.settings());
    return wanted;
  }

  private static Map<String, String> inTree() throws Exception {
    Map<String, String> there = new TreeMap<>();
    try (var files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        there.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return there;
  }

  @Test
  void the_pages_in_the_tree_are_those_that_the_program_tells() throws Exception {
    Map<String, String> wanted = wanted();
    if (Boolean.getBoolean("manual.write")) {
      Files.createDirectories(FOLDER);
      for (String gone : inTree().keySet()) {
        Files.delete(FOLDER.resolve(gone));
      }
      for (var page : wanted.entrySet()) {
        Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
      }
    }
    Map<String, String> there = inTree();
    assertEquals(wanted.keySet(), there.keySet(), MEND);
    wanted.forEach((file, text) -> assertEquals(text, there.get(file), file + ": " + MEND));
  }

  @Test
  void every_verb_and_option_has_a_word_in_its_page() {
    Map<String, String> pages = ManPages.all();
    assertTrue(pages.get("heddle-queue.1").contains(".SS \"heddle queue drop [\\-\\-all]"));
    pages.forEach(
        (file, text) -> {
          assertTrue(!text.matches("(?s).*\\barg\\d.*"), file + " has a value without a name");
          assertTrue(!text.contains("${") && !text.contains("@|"), file);
          assertTrue(!text.contains("\n\\&\n"), file + " has something without a description");
        });
  }
}
