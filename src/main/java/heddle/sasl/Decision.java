package heddle.sasl;

import heddle.mail.Octets;
import java.util.Optional;

/** One voice's answer to "who is this?". Only a {@link Reply} can be answered. */
public sealed interface Decision {
  /**
   * 235.
   *
   * @param last goes out in a 334 first (RFC 4954 §4)
   */
  record Accept(Identity who, Optional<Octets> last) implements Decision {
    public Accept(Identity who) {
      this(who, Optional.empty());
    }
  }

  /** A definite no: 535 5.7.8 unless the words say otherwise. */
  record Reject(Refusal words) implements Decision {}

  /** A temporary trouble: 454 4.7.0 unless the words say otherwise. Never told as a no. */
  record Defer(Refusal words) implements Decision {}

  /**
   * 334 with the prompt; the client's answer goes to {@code then}.
   *
   * @param unanswered is run where none comes
   */
  record Reply(Octets prompt, Authenticator then, Runnable unanswered) implements Decision {
    public Reply(Octets prompt, Authenticator then) {
      this(prompt, then, () -> {});
    }
  }

  /** Not mine: the next voice. */
  record Pass(String why) implements Decision {}
}
