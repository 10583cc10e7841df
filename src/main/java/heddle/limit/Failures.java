package heddle.limit;

/**
 * When the last failures were, so many as there may be within a window. Used under its owner's
 * lock.
 */
final class Failures {
  /** Whoever allows more than this allows any number. */
  private static final int UNLIMITED = 10_000;

  private final long[] at;
  private final boolean limited;
  private final long window;
  private int next;
  private int kept;

  /** How many logins are being looked at: each of them may become a failure. */
  private int underWay;

  /**
   * @param most within the window
   * @param window in nanoseconds
   */
  Failures(int most, long window) {
    this.at = new long[Math.min(most, UNLIMITED)];
    this.limited = most <= UNLIMITED;
    this.window = window;
  }

  int count(long now) {
    int count = 0;
    for (int i = 0; i < kept; i++) {
      if (now - at[i] < window) {
        count++;
      }
    }
    return count;
  }

  boolean full(long now) {
    return limited && count(now) >= at.length;
  }

  boolean room(long now) {
    return !limited || count(now) + underWay < at.length;
  }

  void begin() {
    underWay++;
  }

  void end(boolean failed, long now) {
    underWay--;
    if (failed) {
      at[next] = now;
      next = (next + 1) % at.length;
      kept = Math.min(at.length, kept + 1);
    }
  }
}
