package heddle.event;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The filter that we ship, read as fail2ban reads it: {@code Fail2banIT} asks the real one, this
 * one can be asked thousands of times.
 */
final class Fail2banFilter {
  private static final Pattern TAG = Pattern.compile("<([\\w-]+)>");

  /** As fail2ban 1.0 has them. */
  private static final Map<String, String> ADDRESSES =
      Map.of(
          "IP4",
          "(?:::f{4,6}:)?(?<ip4>(?:\\d{1,3}\\.){3}\\d{1,3})",
          "IP6",
          "(?<ip6>(?:[0-9a-fA-F]{1,4}::?|::){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):)?)");

  private final List<Pattern> expressions = new ArrayList<>();

  private Fail2banFilter() {}

  static Fail2banFilter read(String mode) {
    Map<String, String> keys = new LinkedHashMap<>();
    String key = "";
    try {
      for (String line : Files.readAllLines(Path.of("examples/fail2ban/filter.d/heddle.conf"))) {
        if (line.startsWith("#") || line.isBlank()) {
          continue;
        }
        Matcher set = Pattern.compile("([a-z_-]+) *= *(.*)").matcher(line);
        if (line.startsWith(" ")) {
          keys.merge(key, line.strip(), (above, more) -> above + "\n" + more);
        } else if (set.matches()) {
          key = set.group(1);
          keys.put(key, set.group(2));
        }
      }
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
    keys.put("mode", mode);
    var filter = new Fail2banFilter();
    for (String expression : filled(keys.get("failregex"), keys).lines().toList()) {
      if (!expression.isBlank()) {
        // As Python reads it: all of Unicode counts, and only a line feed ends a line.
        int flags = Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES;
        filter.expressions.add(Pattern.compile(expression, flags));
      }
    }
    return filter;
  }

  private static String filled(String text, Map<String, String> keys) {
    String before = "";
    String now = text;
    while (!now.equals(before)) {
      before = now;
      now =
          TAG.matcher(now)
              .replaceAll(
                  tag ->
                      Matcher.quoteReplacement(
                          keys.getOrDefault(
                              tag.group(1), ADDRESSES.getOrDefault(tag.group(1), tag.group()))));
    }
    return now;
  }

  int expressions() {
    return expressions.size();
  }

  /** Whom it would count for this line. */
  Optional<String> client(String line) {
    for (Pattern expression : expressions) {
      Matcher found = expression.matcher(line);
      if (found.find()) {
        return Optional.of(found.group("ip4") != null ? found.group("ip4") : found.group("ip6"));
      }
    }
    return Optional.empty();
  }
}
