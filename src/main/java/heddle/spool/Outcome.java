package heddle.spool;

import java.time.Instant;
import java.util.Optional;

/** What came of one attempt for one recipient. The reply is the remote's text, untrusted. */
public sealed interface Outcome {
  /** What the next hop, or we ourselves, said. */
  String reply();

  /** Where it was tried. */
  String route();

  /** The next hop has it. */
  record Delivered(String reply, String route) implements Outcome {}

  /**
   * Not now.
   *
   * @param next when it is tried again
   * @param tried when it was tried this time
   * @param delayTold the sender is told of the delay with this attempt, or was before
   */
  record Deferred(
      String reply, String route, Instant next, Optional<Instant> tried, boolean delayTold)
      implements Outcome {
    public Deferred(String reply, String route, Instant next) {
      this(reply, route, next, Optional.empty(), false);
    }
  }

  /** Never. */
  record Failed(String reply, String route) implements Outcome {}
}
