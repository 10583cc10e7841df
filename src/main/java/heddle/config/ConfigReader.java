package heddle.config;

import java.util.List;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Turns the text of a configuration file into settings, or into the list of its problems. */
public final class ConfigReader {
  private static final int MAX_TEXT = 1 << 20;
  private static final int MAX_DEPTH = 64;

  private ConfigReader() {}

  /**
   * Reads the text of a file; opens nothing and never throws for what the text says. Several
   * problems are told in one run.
   *
   * @param fileName as it is to be shown, usually without folders
   */
  public static Outcome read(String fileName, String toml) {
    String text = toml.startsWith("\ufeff") ? toml.substring(1) : toml;
    var sheet = new Sheet(fileName, text.lines().toList());
    if (text.length() > MAX_TEXT) {
      sheet.problem(Place.START, "", "the file is longer than a million characters", "");
      return new Outcome.Invalid(sheet.problems());
    }
    if (depth(text) > MAX_DEPTH) {
      // The parser calls itself for each bracket and would run out of stack.
      sheet.problem(Place.START, "", "brackets stand within brackets beyond all measure", "");
      return new Outcome.Invalid(sheet.problems());
    }
    TomlParseResult parsed;
    try {
      parsed = Toml.parse(text);
    } catch (TomlParseError inAKey) {
      // An unknown escape within a quoted key is thrown, not collected (tomlj 1.1.1).
      new Syntax(sheet).tell(List.of(inAKey));
      return new Outcome.Invalid(sheet.problems());
    } catch (RuntimeException | StackOverflowError parsersOwn) {
      sheet.problem(Place.START, "", "the file cannot be read as TOML", "");
      return new Outcome.Invalid(sheet.problems());
    }
    new Syntax(sheet).tell(parsed.errors());
    HeddleConfig config = new Binder(sheet).config(parsed);
    new CrossChecks(sheet, config).run();
    List<Problem> problems = sheet.problems();
    return problems.isEmpty()
        ? new Outcome.Valid(config, sheet.notes())
        : new Outcome.Invalid(problems);
  }

  /** The settings of an empty file. */
  public static HeddleConfig defaults() {
    return switch (read("", "")) {
      case Outcome.Valid(var config, var _) -> config;
      case Outcome.Invalid(var problems) -> throw new IllegalStateException(problems.toString());
    };
  }

  /** An upper bound: brackets in text and comments are counted along. */
  private static int depth(String text) {
    int depth = 0;
    int deepest = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '[', '{' -> deepest = Math.max(deepest, ++depth);
        case ']', '}' -> depth = Math.max(0, depth - 1);
        case '\n' -> {
          String rest = text.substring(i + 1, Math.min(text.length(), i + 2));
          depth = rest.equals("[") ? 0 : depth;
        }
        default -> {}
      }
    }
    return deepest;
  }
}
