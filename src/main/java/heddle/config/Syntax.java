package heddle.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.TomlParseError;

/**
 * Tells a syntax error in words for people who do not know TOML. Shows nothing of a value, for it
 * may be a secret.
 */
final class Syntax {
  private static final Pattern TWICE =
      Pattern.compile("(.+) previously defined at line (\\d+), column \\d+");
  private static final Pattern ASSIGNED =
      Pattern.compile("\\s*([A-Za-z0-9_.\"'-]+)\\s*=(.*)", Pattern.DOTALL);
  private static final int TOLD = 200;
  private final Sheet sheet;

  Syntax(Sheet sheet) {
    this.sheet = sheet;
  }

  void tell(List<TomlParseError> errors) {
    for (TomlParseError error : errors.subList(0, Math.min(TOLD, errors.size()))) {
      String message = error.getMessage() == null ? "" : error.getMessage();
      tell(Sheet.place(error.position()), message);
    }
  }

  private void tell(Place at, String message) {
    Place place = at;
    String line = line(place.line());
    Matcher twice = TWICE.matcher(message);
    if (twice.matches()) {
      String key = twice.group(1);
      boolean header = line.strip().startsWith("[");
      sheet.breakLine(
          place,
          header ? Words.plain(key) : within(place.line(), key),
          "already in line " + twice.group(2),
          header ? "Write one table of this name" : "Write the key once in its table");
      if (header) {
        ignoreTable(place.line());
      }
      return;
    }
    if (inList(place, line)) {
      return;
    }
    if (line.strip().startsWith("[") && !isListItem(place.line())) {
      header(place, line, message);
      return;
    }
    Matcher assigned = ASSIGNED.matcher(line);
    if (assigned.matches() && place.column() - 1 > assigned.start(2) - 1) {
      String key = within(place.line(), assigned.group(1));
      value(place, key, assigned.group(2).strip(), message);
    } else {
      key(place, line.strip(), message);
    }
  }

  private String line(int number) {
    return number >= 1 && number <= sheet.lines.size() ? sheet.lines.get(number - 1) : "";
  }

  /** Whether a line that begins with a bracket goes on with a list from above. */
  private boolean isListItem(int number) {
    return !line(number).strip().matches("\\[+[^,=]*") || line(number - 1).strip().endsWith(",");
  }

  /** The key with the name of the table above it. */
  private String within(int number, String key) {
    for (int i = number - 1; i >= 1; i--) {
      String text = line(i).strip();
      if (text.startsWith("[") && text.contains("]") && !isListItem(i)) {
        return Words.plain(text.substring(1, text.indexOf(']')).strip() + "." + key);
      }
    }
    return Words.plain(key);
  }

  private void header(Place place, String line, String message) {
    String reason =
        !line.contains("]")
            ? "the name of the table is not closed"
            : message.startsWith("Empty") || line.strip().startsWith("[]")
                ? "the table has no name"
                : line.substring(line.indexOf(']')).matches("]+\\s*[^#\\s].*")
                    ? "something follows the name of the table"
                    : "this is not the name of a table";
    sheet.breakLine(place, "", reason, "Write [name] or [name.name] on a line of its own");
    ignoreTable(place.line());
  }

  /** Whose keys the lines below a broken table name are, nobody knows. */
  private void ignoreTable(int header) {
    for (int i = header + 1; i <= sheet.lines.size() + 1 && !line(i).strip().startsWith("["); i++) {
      sheet.ignore(i);
    }
  }

  /** An error within a list that began on a line above. */
  private boolean inList(Place place, String line) {
    int first = place.line() - 1;
    while (first >= 1 && !ASSIGNED.matcher(line(first)).matches()) {
      first--;
    }
    Matcher opening = ASSIGNED.matcher(line(first));
    if (!opening.matches() || !opening.group(2).strip().startsWith("[")) {
      return false;
    }
    int open = 0;
    for (int i = first; i < place.line(); i++) {
      String bare = line(i).replaceAll("\"[^\"]*\"|'[^']*'|#.*", "");
      open += count(bare, '[') - count(bare, ']');
    }
    if (open <= 0) {
      return false;
    }
    String next = line.strip();
    boolean ended = next.matches("\\[[A-Za-z\"].*") || ASSIGNED.matcher(line).matches();
    sheet.breakLine(
        ended ? new Place(first, opening.start(2) + 1) : place,
        within(first, opening.group(1)),
        ended ? "the list that begins here is not closed" : "the list is not well formed",
        ended ? "Write \"]\" at its end" : "Write [ …, … ], with text in quotation marks");
    sheet.ignore(place.line());
    ignoreTable(place.line());
    return true;
  }

  private static int count(String text, char c) {
    return (int) text.chars().filter(x -> x == c).count();
  }

  private void key(Place place, String line, String message) {
    if (message.contains("'\\u0000'") || message.contains("'\\u00")) {
      sheet.breakLine(place, "", "a control character stands here", "Remove it");
    } else if (line.startsWith("=")) {
      sheet.breakLine(place, "", "no key stands before the \"=\"", "");
    } else if (line.matches("[A-Za-z0-9_.-]+\\s*:.*")) {
      sheet.breakLine(place, "", "a colon stands where \"=\" belongs", "Write key = value");
    } else if (line.matches("[A-Za-z0-9_.-]+(\\s+[A-Za-z0-9_.-]+)+\\s*=.*")) {
      sheet.breakLine(place, "", "a key is one word", "Join its parts by \"-\" as in the manual");
    } else if (line.matches("[A-Za-z0-9_.-]+\\s*(#.*)?")) {
      sheet.breakLine(place, "", "a key without a value", "Write key = value");
    } else if (line.startsWith("//") || line.startsWith(";") || line.startsWith("--")) {
      sheet.breakLine(place, "", "a comment begins with \"#\"", "");
    } else {
      sheet.breakLine(place, "", "not understood", "A line reads key = value, or [table]");
    }
  }

  private void value(Place place, String key, String value, String message) {
    String lower = value.toLowerCase(Locale.ROOT);
    String unquoted =
        key.matches("(.*\\.)?pass[a-z]*")
            ? "Write { file = \"…\" }, { env = \"…\" } or { credential = \"…\" }"
            : "Text stands in quotation marks, and so do durations, sizes and addresses";
    if (message.startsWith("Invalid escape") || message.startsWith("Invalid unicode")) {
      sheet.breakLine(
          place,
          key,
          "a backslash in \"…\" begins a special character",
          "Write two of them, or put the text in '…'");
    } else if (message.contains("control character") || controls(value)) {
      sheet.breakLine(place, key, "a control character stands here", "Remove it");
    } else if (value.isEmpty() || value.startsWith("#")) {
      sheet.breakLine(place, key, "no value stands behind the \"=\"", "");
    } else if (value.startsWith("=")) {
      sheet.breakLine(place, key, "one \"=\" is enough", "");
    } else if (lower.matches("(true|false)\\b.*")) {
      sheet.breakLine(
          place,
          key,
          value.matches("(true|false)\\b.*")
              ? "something follows the value"
              : "true and false are written in small letters",
          value.matches("(true|false)\\b.*") ? "Each setting has a line of its own" : "");
    } else if (lower.matches("(yes|no|on|off)\\s*(#.*)?")) {
      sheet.breakLine(place, key, "not a value", "Write true or false");
    } else if ("“”„‘’«»".indexOf(value.charAt(0)) >= 0) {
      sheet.breakLine(place, key, "these are quotation marks of print", "Write \"…\"");
    } else if (value.startsWith("[") && !message.contains("end-of-input")) {
      sheet.breakLine(
          place,
          key,
          "the list is not well formed",
          "Write [ …, … ], with text in quotation marks");
    } else if (value.startsWith("{") && !message.contains("end-of-input")) {
      sheet.breakLine(
          place,
          key,
          "the table in { … } is not well formed",
          "Write { key = value, key = value } on one line");
      for (int i = place.line();
          i < sheet.lines.size() && !line(i).contains("}") && !line(i).strip().startsWith("[");
          i++) {
        sheet.ignore(i + 1);
      }
    } else if (value.matches("[\"'].*") && message.contains("end of line")) {
      sheet.breakLine(place, key, "the text has no closing quotation mark", "");
    } else if (message.contains("too large")) {
      sheet.breakLine(place, key, "the number is too large", "");
    } else if (value.matches("[0-9][0-9_]*\\s*(#.*)?")) {
      sheet.breakLine(place, key, "a number does not begin with 0", "");
    } else if (value.matches("[\"'\\[{].*")) {
      sheet.breakLine(
          place, key, "something follows the value", "Each setting has a line of its own");
    } else if (value.matches("[0-9]+\\s+.*=.*")) {
      sheet.breakLine(
          place, key, "something follows the value", "Each setting has a line of its own");
    } else {
      sheet.breakLine(place, key, "text without quotation marks", unquoted);
    }
  }

  private static boolean controls(String text) {
    return text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t');
  }
}
