package heddle.config;

import java.util.Collection;
import java.util.Locale;

/** How words and keys of a file are shown back to the person who wrote them. */
final class Words {
  private static final int SHOWN = 60;

  private Words() {}

  /** In quotation marks, on one line, shortened. */
  static String quoted(String text) {
    return "\"" + plain(text) + "\"";
  }

  /** On one line, shortened; what a terminal would act on is spelled out. */
  static String plain(String text) {
    var shown = new StringBuilder();
    for (int i = 0; i < text.length() && i < SHOWN; i++) {
      char c = text.charAt(i);
      boolean odd = Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
      shown.append(
          odd || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c)
              ? String.format(Locale.ROOT, "\\u%04x", (int) c)
              : String.valueOf(c));
    }
    return text.length() > SHOWN ? shown + "…" : shown.toString();
  }

  /** One part of a dotted key, quoted where TOML wants it quoted. */
  static String part(String key) {
    return key.matches("[A-Za-z0-9_-]+") ? key : quoted(key);
  }

  /** A dotted key; the path may be empty. */
  static String dotted(String path, String key) {
    return path.isEmpty() ? part(key) : path + "." + part(key);
  }

  static String didYouMean(String word, Collection<String> candidates) {
    return Nearest.of(word, candidates).map(n -> "Did you mean " + quoted(n) + "?").orElse("");
  }

  /** {@code maxMessageSize} is {@code max-message-size}. */
  static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
