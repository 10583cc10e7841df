package heddle.spool;

import java.time.Instant;

/** What came of one attempt for one recipient. The reply is the remote's text, untrusted. */
public sealed interface Outcome {
  /** What the next hop, or we ourselves, said. */
  String reply();

  /** Where it was tried. */
  String route();

  /** The next hop has it. */
  record Delivered(String reply, String route) implements Outcome {}

  /** Not now; again at {@code next}. */
  record Deferred(String reply, String route, Instant next) implements Outcome {}

  /** Never. */
  record Failed(String reply, String route) implements Outcome {}
}
