package heddle.config;

/**
 * Something worth knowing about a file that is valid: a setting not yet in force, a rule that
 * cannot hold, a door that stands open.
 *
 * @param line from 1
 * @param column from 1
 * @param text one sentence without a full stop
 */
public record Note(String file, int line, int column, String key, String text) {
  @Override
  public String toString() {
    return "%s:%d:%d  %s%s".formatted(file, line, column, key.isEmpty() ? "" : key + ": ", text);
  }
}
