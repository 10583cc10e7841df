package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The page has every row of the seeds, once and in order; none may be lost with its test. */
class PageOfSeedsTest {
  private static final String ROWS = "A1-A32 B1-B16 C1-C26 D1-D12 E1-E9";

  @Test
  void every_row_of_every_seed_is_on_the_page_and_no_other() throws Exception {
    List<String> wanted =
        Arrays.stream(ROWS.split(" "))
            .flatMap(
                range -> {
                  String letter = range.substring(0, 1);
                  int last = Integer.parseInt(range.substring(range.indexOf('-') + 2));
                  return IntStream.rangeClosed(1, last).mapToObj(i -> letter + i);
                })
            .toList();
    List<String> there = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("docs/seeds.md"))) {
      if (line.matches("\\| [A-Z][0-9]+ \\|.*")) {
        there.add(line.split(" ")[1]);
      }
    }
    assertEquals(wanted, there);
  }
}
