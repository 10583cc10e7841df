package heddle.config;

/** How the log is written. */
public record LogConfig(
    @Doc(
            value =
                "How an event is written: a line of text, or a line that is one JSON object. Where"
                    + " systemd's journal reads it, its priority stands before either.",
            byDefault = "\"text\"",
            applies = Applies.RESTART)
        Format format) {
  /** How an event is written. */
  public enum Format implements Worded {
    TEXT("text"),
    JSON("json");

    private final String word;

    Format(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }
}
