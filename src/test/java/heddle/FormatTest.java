package heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every Java file stands as google-java-format writes it. To mend: {@code mvn test -Pformat}. */
class FormatTest {
  @Test
  void every_file_stands_as_the_formatter_writes_it() throws Exception {
    boolean apply = Boolean.getBoolean("format.apply");
    List<String> untidy = new ArrayList<>();
    for (String root : List.of("src/main/java", "src/test/java", "examples")) {
      if (!Files.isDirectory(Path.of(root))) {
        continue;
      }
      try (var files = Files.walk(Path.of(root))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
          String text = Files.readString(file);
          String tidy = tidy(text);
          if (!tidy.equals(text)) {
            if (apply) {
              Files.writeString(file, tidy);
            } else {
              untidy.add(file.toString());
            }
          }
        }
      }
    }
    assertEquals(List.of(), untidy, "not formatted; run: mvn test -Pformat");
  }

  private static String tidy(String text) throws Exception {
    String ordered = ImportOrderer.reorderImports(text, JavaFormatterOptions.Style.GOOGLE);
    return new Formatter().formatSource(RemoveUnusedImports.removeUnusedImports(ordered));
  }
}
