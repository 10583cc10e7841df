package heddle.sasl;

import heddle.mail.Id;
import java.util.Optional;

/**
 * The credential that was shown.
 *
 * @param title what logs call it: {@code "password"}, {@code "app:iphone"}, {@code "remote/imap"}
 * @param id of one that is kept here; empty for those that others judge
 * @param version of it when it was shown; a changed one counts no more
 * @param terms how far its right goes
 */
public record Shown(String title, Optional<Id> id, long version, Terms terms) {
  /** One that others judge. */
  public static Shown as(String title) {
    return new Shown(title, Optional.empty(), 0, Terms.NONE);
  }
}
