package heddle.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The text of settings in force: every key with its value, defaults included. Of a secret only the
 * place where it is found is shown.
 */
public final class ConfigWriter {
  private ConfigWriter() {}

  /** TOML that reads back as the same settings, sources of secrets excepted. */
  public static String write(HeddleConfig config) {
    var text = new StringBuilder();
    table(config, "", text);
    return text.toString();
  }

  private static void table(Object record, String path, StringBuilder text) {
    List<Setting> settings = Setting.of(record.getClass());
    if (!path.isEmpty()) {
      text.append("\n[").append(path).append("]\n");
    }
    for (Setting setting : settings) {
      Object value = setting.valueIn(record);
      if (value instanceof Optional<?> maybe && maybe.orElse(null) instanceof Condition when) {
        text.append("if = ").append(quoted(when.key())).append('\n');
        text.append(operator(when)).append('\n');
      } else if (setting.plain() && !value.equals(Optional.empty())) {
        text.append(setting.key()).append(" = ").append(value(value)).append('\n');
      }
    }
    for (Setting setting : settings) {
      Object value = setting.valueIn(record);
      String key = Words.dotted(path, setting.key());
      if (setting.section().isPresent()) {
        table(value, key, text);
      } else if (value instanceof Map<?, ?> entries) {
        entries.forEach((name, entry) -> table(entry, Words.dotted(key, name.toString()), text));
      }
    }
  }

  /** One value, as the file writes it. */
  static String value(Object value) {
    return switch (value) {
      case Ruled<?>(var rules, var otherwise) when rules.isEmpty() -> value(otherwise);
      case Ruled<?>(var rules, var otherwise) ->
          rules.stream().map(ConfigWriter::rule).collect(Collectors.joining(", ", "[ ", ""))
              + ", { else = "
              + value(otherwise)
              + " } ]";
      case Optional<?> maybe -> maybe.isPresent() ? value(maybe.get()) : "false";
      case List<?> items ->
          items.stream().map(ConfigWriter::value).collect(Collectors.joining(", ", "[", "]"));
      case Boolean yes -> yes.toString();
      case Integer number -> number.toString();
      case Duration time -> quoted(Durations.text(time));
      case Worded choice -> quoted(choice.word());
      default -> quoted(value.toString());
    };
  }

  private static String rule(Ruled.Rule<?> rule) {
    Condition when = rule.when();
    return "{ if = %s, %s, then = %s }"
        .formatted(quoted(when.key()), operator(when), value(rule.then()));
  }

  private static String operator(Condition when) {
    String values =
        when.operator().takesList() ? value(when.values()) : quoted(when.values().getFirst());
    return when.operator().word() + " = " + values;
  }

  private static String quoted(String text) {
    var toml = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        toml.append('\\').append(c);
      } else if (Character.isISOControl(c)) {
        toml.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        toml.append(c);
      }
    }
    return toml.append('"').toString();
  }
}
