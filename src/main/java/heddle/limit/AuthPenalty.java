package heddle.limit;

import java.time.Duration;

/**
 * How many failed logins one connection may have, and how long each waits for its reply. It counts;
 * the session does the waiting. Failures are 535, any 501 of AUTH, {@code *} among them, and any
 * other no of a site's own; 454 is not one. Used by one conversation only.
 */
public final class AuthPenalty {
  /**
   * What a failure brings.
   *
   * @param delay before the reply is sent
   * @param close the reply is 421 4.7.0 in place of the failure's own, and the connection ends
   */
  public record Consequence(Duration delay, boolean close) {}

  private int failures;

  /**
   * One more failure. Success before it forgives nothing: the session has no second login.
   *
   * @param total the failure of this number closes; at least 1
   * @param wait not negative
   */
  public Consequence failed(int total, Duration wait) {
    if (total < 1 || wait.isNegative()) {
      throw new IllegalArgumentException("a total of 1 or more and a wait of 0 or more");
    }
    failures = Math.min(total, failures + 1);
    return new Consequence(wait, failures == total);
  }

  public int failures() {
    return failures;
  }
}
