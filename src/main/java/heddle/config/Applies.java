package heddle.config;

/** When a changed setting takes effect after a reload. */
public enum Applies {
  NOW("now"),
  NEW_CONNECTIONS("new connections"),
  RESTART("restart");

  private final String words;

  Applies(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
