package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The real mandoc has nothing to say against the manual pages. */
class ManPagesIT {
  private static final String MANDOC = "mandoc";

  @Test
  void mandoc_finds_nothing_wrong_with_any_page() throws Exception {
    List<String> command = new ArrayList<>(List.of(MANDOC, "-Tlint", "-Wwarning"));
    try (var pages = Files.list(Path.of("docs/man"))) {
      pages.map(Path::toString).sorted().forEach(command::add);
    }
    assertTrue(command.size() > 15, command.toString());
    var said = ServerProcess.run(command, "", Map.of());
    assertEquals("", said.out() + said.err());
    assertEquals(0, said.exit());
  }

  @Test
  void a_page_reads_as_it_was_meant() throws Exception {
    var shown =
        ServerProcess.run(
            List.of(MANDOC, "-Tascii", "-Owidth=100", "docs/man/heddle-queue.1"), "", Map.of());
    // A letter, a backspace and the letter again is how a terminal's bold is written.
    String text = shown.out().replaceAll(".\\x08", "");
    assertTrue(text.contains("heddle queue hold [--reason WHY] [--all] [--dry-run]"), text);
    assertTrue(text.contains("reply~\"5.7.1\""), text);
    assertTrue(text.contains("heddle-queue - what waits for delivery"), text);
  }
}
