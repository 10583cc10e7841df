package heddle.store;

import heddle.mail.Id;

/** A change of the accounts that is on disk and in the snapshot. */
public record Change(Kind kind, String name, Id account) {
  public enum Kind {
    ADDED,
    PASSWORD,
    CREDENTIALS,
    DISABLED,
    ENABLED,
    REMOVED
  }
}
