package heddle.config;

import java.util.Comparator;

/**
 * A mistake in a configuration file; prints as one line and never holds a secret.
 *
 * @param line from 1
 * @param column from 1
 * @param key dotted, or empty where the place has none
 * @param reason what is wrong, a clause without a full stop
 * @param suggestion what to do, a sentence, or empty
 */
public record Problem(
    String file, int line, int column, String key, String reason, String suggestion) {
  static final Comparator<Problem> BY_PLACE =
      Comparator.comparingInt(Problem::line)
          .thenComparingInt(Problem::column)
          .thenComparing(Problem::key)
          .thenComparing(Problem::reason);

  /** {@code heddle.toml:41:1 listener.lan.adress: unknown key. Did you mean "address"?} */
  @Override
  public String toString() {
    return "%s:%d:%d  %s%s%s"
        .formatted(
            file,
            line,
            column,
            key.isEmpty() ? "" : key + ": ",
            reason,
            suggestion.isEmpty() ? "" : ". " + suggestion);
  }
}
