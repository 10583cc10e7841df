package heddle.event;

import heddle.mail.Id;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * logfmt: {@code key=value}, quoted where the value is not a plain word. No value can end its line,
 * leave its quotes, or look like another field.
 */
public final class Logfmt {
  private Logfmt() {}

  /** {@code ID: event key=value …}, without a line end. */
  public static String line(Facts facts) {
    return line(facts.id().map(Id::value), facts.name(), facts.fields());
  }

  /** The same, of facts that were kept. */
  public static String line(Optional<String> id, String name, Map<String, String> fields) {
    var text = new StringBuilder();
    id.ifPresent(i -> text.append(i).append(": "));
    text.append(name);
    fields.forEach((key, value) -> value(text.append(' ').append(key).append('='), value));
    return text.toString();
  }

  private static void value(StringBuilder text, String value) {
    if (isPlain(value)) {
      text.append(value);
      return;
    }
    text.append('"');
    value.codePoints().forEach(c -> escaped(text, c));
    text.append('"');
  }

  private static boolean isPlain(String value) {
    return !value.isEmpty()
        && value
            .chars()
            .allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\' && c != '\'');
  }

  private static void escaped(StringBuilder text, int c) {
    switch (c) {
      case '"', '\\' -> text.append('\\').append((char) c);
      // An equals sign inside quotes could pass for a field with a careless reader (`client=`).
      case '=' -> text.append("\\u003d");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        int type = Character.getType(c);
        boolean unsafe =
            Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
        if (unsafe) {
          // Four digits each: what lies beyond is written as its two halves, as JSON has it.
          for (char half : Character.toChars(c)) {
            text.append(String.format(Locale.ROOT, "\\u%04x", (int) half));
          }
        } else {
          text.appendCodePoint(c);
        }
      }
    }
  }
}
