package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real terminal: keys are typed, and the screens are those of the page. */
class ConsoleIT {
  private static final Path PAGE = Path.of("docs/console.md");
  private static final Pattern SUFFIX = Pattern.compile("ends in `([a-z]{4})`");

  private static final Pattern DOCTOR = Pattern.compile("(?s)heddle> doctor\n.*?\\(exit \\d+\\)");
  private static final Pattern CHECK =
      Pattern.compile("(?m)^(?:ok|WARN|ERR|--) +([a-z]+(?:\\.[a-z]+)?) ");

  @TempDir private Path folder;

  /** What differs from run to run: names, ids, times, numbers, and how wide they make a column. */
  private static List<String> plain(Path page) throws Exception {
    String text = Files.readString(page);
    Matcher suffix = SUFFIX.matcher(text);
    if (suffix.find()) {
      text = text.replace(suffix.group(1), "SUFX");
    }
    // What a machine has of disk, memory and trouble is its own: of the doctor the checks are
    // compared.
    Matcher doctor = DOCTOR.matcher(text);
    text =
        doctor.replaceAll(
            found ->
                CHECK
                    .matcher(found.group())
                    .results()
                    .map(check -> check.group(1))
                    .collect(Collectors.joining("\n", "doctor:\n", "\n")));
    return text.lines()
        .map(line -> line.replaceAll("\\b(?=\\w*\\d)[0-9A-HJKMNP-TV-Z]{6,12}\\b", "ID"))
        .map(line -> line.replaceAll("/tmp/\\S+", "HOME"))
        .map(line -> line.replaceAll("\\b(ID|[0-9A-HJKMNP-TV-Z]{6})  ", "ID  "))
        .map(line -> line.replaceAll("\\b[0-9A-HJKMNP-TV-Z]{6}$", "ID"))
        .map(line -> line.replaceAll("[▁-█]+", "▁"))
        .map(line -> line.replaceAll("\\S*…", "…"))
        .map(line -> line.replaceAll("\\d+([.:]\\d+)*", "0").replaceAll("\\s+", " "))
        .map(line -> line.replaceAll("\\b0 [smhd]\\b", "0 s").strip())
        .toList();
  }

  @Test
  void the_screens_of_the_page_are_those_of_a_real_terminal() throws Exception {
    Path taken = folder.resolve("console.md");
    Process script =
        new ProcessBuilder("bench/screens", taken.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    try {
      boolean ended = script.waitFor(5, TimeUnit.MINUTES);
      String out = Files.readString(folder.resolve("out"));
      assertEquals(true, ended, out);
      assertEquals(0, script.exitValue(), out);
    } finally {
      script.destroy();
    }
    if (Boolean.getBoolean("manual.write")) {
      Files.copy(taken, PAGE, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    assertNotEquals(suffix(PAGE), Boolean.getBoolean("manual.write") ? "" : suffix(taken));
    assertEquals(String.join("\n", plain(PAGE)), String.join("\n", plain(taken)));
  }

  private static String suffix(Path page) throws Exception {
    Matcher suffix = SUFFIX.matcher(Files.readString(page));
    return suffix.find() ? suffix.group(1) : "";
  }
}
