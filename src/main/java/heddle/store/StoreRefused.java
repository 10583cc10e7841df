package heddle.store;

/** What is on disk cannot be used as it is. The message is for an administrator. */
public final class StoreRefused extends Exception {
  private static final long serialVersionUID = 1;

  public StoreRefused(String words) {
    super(words);
  }

  public StoreRefused(String words, Throwable cause) {
    super(words, cause);
  }
}
