package heddle.store;

/** The store cannot answer now: locked, disk full. A 4xx, never a no. */
public final class StoreUnavailable extends Exception {
  private static final long serialVersionUID = 1;

  public StoreUnavailable(String words) {
    super(words);
  }

  public StoreUnavailable(String words, Throwable cause) {
    super(words, cause);
  }
}
