package heddle.spool;

import java.time.Instant;

/**
 * How far one recipient's copy has come.
 *
 * @param attempts outcomes so far
 * @param next when it is tried again, while pending
 * @param lastReply what was last said of it, in the words of the remote: untrusted; empty at first
 * @param route where it was last tried; empty at first
 */
public record RecipientState(
    Status status, int attempts, Instant next, String lastReply, String route) {
  /** Pending, or one of the two ends. */
  public enum Status {
    PENDING,
    DELIVERED,
    FAILED
  }

  static RecipientState fresh(Instant accepted) {
    return new RecipientState(Status.PENDING, 0, accepted, "", "");
  }

  public boolean done() {
    return status != Status.PENDING;
  }

  RecipientState after(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered d ->
          new RecipientState(Status.DELIVERED, attempts + 1, next, d.reply(), d.route());
      case Outcome.Failed f ->
          new RecipientState(Status.FAILED, attempts + 1, next, f.reply(), f.route());
      case Outcome.Deferred d ->
          new RecipientState(Status.PENDING, attempts + 1, d.next(), d.reply(), d.route());
    };
  }
}
