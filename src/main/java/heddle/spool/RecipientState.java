package heddle.spool;

import java.time.Instant;
import java.util.Optional;

/**
 * How far one recipient's copy has come.
 *
 * @param attempts outcomes so far
 * @param next when it is tried again, while pending
 * @param lastReply what was last said of it, in the words of the remote: untrusted; empty at first
 * @param route where it was last tried; empty at first
 * @param firstTried when the first attempt was made since it was accepted or released: from then on
 *     patience counts
 * @param delayTold whether the sender has heard that it is delayed
 */
public record RecipientState(
    Status status,
    int attempts,
    Instant next,
    String lastReply,
    String route,
    Optional<Instant> firstTried,
    boolean delayTold) {
  /** Pending, or one of the two ends. */
  public enum Status {
    PENDING,
    DELIVERED,
    FAILED
  }

  static RecipientState fresh(Instant accepted) {
    return new RecipientState(Status.PENDING, 0, accepted, "", "", Optional.empty(), false);
  }

  public boolean done() {
    return status != Status.PENDING;
  }

  RecipientState after(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered d -> after(Status.DELIVERED, next, d, delayTold);
      case Outcome.Failed f -> after(Status.FAILED, next, f, delayTold);
      case Outcome.Deferred d -> after(Status.PENDING, d.next(), d, delayTold || d.delayTold());
    };
  }

  private RecipientState after(Status then, Instant again, Outcome outcome, boolean told) {
    Optional<Instant> first =
        firstTried.or(
            () -> outcome instanceof Outcome.Deferred d ? d.tried() : Optional.<Instant>empty());
    return new RecipientState(
        then, attempts + 1, again, outcome.reply(), outcome.route(), first, told);
  }

  /** Behind a time on hold patience begins anew. */
  RecipientState released() {
    return new RecipientState(
        status, attempts, next, lastReply, route, Optional.empty(), delayTold);
  }
}
