package heddle.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each file of {@code src/test/broken} says beside it what a person is told about it. */
class BrokenFilesTest {
  private static final Path FOLDER = Path.of("src/test/broken");
  private static final List<String> NEVER_SAID =
      List.of(
          "java.", "heddle.config", "Exception", "class ", "Optional", "Toml", "hunter2", "null");

  private static List<Path> files() throws Exception {
    try (var files = Files.list(FOLDER)) {
      return files.filter(f -> f.toString().endsWith(".toml")).sorted().toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> a_broken_file_is_told_in_full() throws Exception {
    return files().stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> tellsInFull(f)));
  }

  private static void tellsInFull(Path file) throws Exception {
    Path expected = Path.of(file.toString().replace(".toml", ".expected"));
    Outcome outcome = ConfigReader.read("heddle.toml", Files.readString(file));
    var problems = assertInstanceOf(Outcome.Invalid.class, outcome).problems();
    List<String> said = problems.stream().map(Problem::toString).toList();
    assertEquals(Files.readString(expected), String.join("\n", said) + "\n");
    assertEquals(problems.stream().sorted(Problem.BY_PLACE).toList(), problems);
    assertEquals(said.size(), new HashSet<>(said).size(), "told twice");
    for (String line : said) {
      assertTrue(line.startsWith("heddle.toml:"), line);
      assertFalse(line.chars().anyMatch(Character::isISOControl), line);
      NEVER_SAID.forEach(word -> assertFalse(line.contains(word), line));
    }
  }

  @Test
  void there_are_more_than_sixty_ways_to_go_wrong() throws Exception {
    assertTrue(files().size() > 60);
  }
}
