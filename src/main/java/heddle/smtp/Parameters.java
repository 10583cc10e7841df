package heddle.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The parameters behind an address (RFC 5321 §4.1.2), and what each of them may say. */
final class Parameters {
  // RFC 3461 §4: xchar is printable without "+" and "="; the rest is "+" and two hex digits.
  private static final String XTEXT = "(?:[!-*,-<>-~]|\\+[0-9A-F]{2})";

  /** What RFC 3461 §4.2 and RFC 4954 §3 grant the longest; it also keeps the patterns shallow. */
  private static final int MAX_VALUE = 500;

  private static final Pattern KEYWORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*+");

  /** Of MAIL. A parameter without a value reads as empty; an empty value is refused before. */
  static final Map<String, Pattern> MAIL =
      Map.of(
          "SIZE", Pattern.compile("[0-9]{1,20}"), // RFC 1870: size-value
          "BODY", Pattern.compile("(?i)7BIT|8BITMIME"), // RFC 6152 §2; no BINARYMIME here
          "SMTPUTF8", Pattern.compile(""), // RFC 6531 §3.4: no value
          "RET", Pattern.compile("(?i)FULL|HDRS"), // RFC 3461 §4.3
          "ENVID", Pattern.compile(XTEXT + "{1,100}"), // RFC 3461 §4.4
          "AUTH", Pattern.compile(XTEXT + "+")); // RFC 4954 §5

  /** Of RCPT. */
  static final Map<String, Pattern> RCPT =
      Map.of(
          // RFC 3461 §4.1: NEVER stands alone.
          "NOTIFY",
          Pattern.compile("(?i)NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY))*"),
          // RFC 3461 §4.2; RFC 6533 §3 writes utf-8 addresses in a manner of its own.
          "ORCPT",
          Pattern.compile("(?i:utf-8);[^\\s=]+|[A-Za-z0-9-]+;" + XTEXT + "+"));

  private Parameters() {}

  static Optional<String> value(Map<String, Optional<String>> all, String key) {
    return all.getOrDefault(key, Optional.empty());
  }

  /**
   * Reads what stands behind the address.
   *
   * @param known the keys that may stand there, and the form of their values
   */
  static Understood<Map<String, Optional<String>>> read(String text, Map<String, Pattern> known) {
    var all = new LinkedHashMap<String, Optional<String>>();
    for (String word : text.split(" ")) {
      if (word.isEmpty()) {
        continue;
      }
      int equals = word.indexOf('=');
      String written = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? "" : word.substring(equals + 1);
      if (!KEYWORD.matcher(written).matches()) {
        return new Understood.No<>(Replies.PARAMETER_SYNTAX);
      }
      String key = written.toUpperCase(Locale.ROOT);
      Pattern form = known.get(key);
      if (form == null) {
        return new Understood.No<>(Replies.PARAMETER_UNKNOWN);
      }
      boolean empty = equals >= 0 && value.isEmpty();
      if (empty || value.length() > MAX_VALUE || !form.matcher(value).matches()) {
        return new Understood.No<>(Replies.badParameter(key));
      }
      // Said twice, it would depend on the reader which one holds.
      if (all.put(key, equals < 0 ? Optional.empty() : Optional.of(value)) != null) {
        return new Understood.No<>(Replies.parameterTwice(key));
      }
    }
    return new Understood.Yes<>(all);
  }
}
