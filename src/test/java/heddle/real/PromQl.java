package heddle.real;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which metrics an expression of Prometheus asks for. */
final class PromQl {
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

  /** Behind these stand labels in parentheses. */
  private static final String OF_LABELS = "by|without|on|ignoring|group_left|group_right";

  private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

  private PromQl() {}

  static SortedSet<String> metrics(String expression) {
    String bare =
        expression
            .replaceAll("\"(?:[^\"\\\\]|\\\\.)*\"", "")
            .replaceAll("label_values\\(([^,]*),[^)]*\\)", "$1")
            .replaceAll("\\{[^}]*}", "")
            .replaceAll("\\[[^\\]]*]", "")
            .replaceAll("\\b(?:" + OF_LABELS + ")\\s*\\([^)]*\\)", " by ")
            .replaceAll("\\b[0-9][0-9a-zA-Z_.]*", "");
    SortedSet<String> metrics = new TreeSet<>();
    Matcher word = WORD.matcher(bare);
    while (word.find()) {
      boolean called = bare.substring(word.end()).matches("(?s)\\s*(?:\\(|by ).*");
      String found = word.group();
      if (!called
          && !WORDS.contains(found.toLowerCase(java.util.Locale.ROOT))
          && !found.equals("by")) {
        metrics.add(found);
      }
    }
    return metrics;
  }
}
