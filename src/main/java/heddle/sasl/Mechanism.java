package heddle.sasl;

import heddle.mail.Octets;
import heddle.peer.Presence;

/**
 * A SASL mechanism as a value: it holds no state of an exchange, so it is safe to share. What is
 * under way lives in the {@link Decision.Reply} that waits for its answer.
 */
public interface Mechanism {
  /** The registered name, upper case. */
  String name();

  /** The kind of claim a directory must prove for this mechanism to be worth offering. */
  Class<? extends Claim> claim();

  /** Whether the client's secret crosses the line as it is: such a one needs TLS (RFC 4954 §4). */
  boolean needsTls();

  /** Whether it makes sense with what the line tells: a certificate, a channel to bind to. */
  default boolean suits(Presence presence) {
    return true;
  }

  /** The voice that speaks for this mechanism and asks the verifier at its end. */
  Authenticator with(Verifier verifier);

  /**
   * Where the client speaks first: its initial response, or what it answers to an empty challenge
   * (RFC 4954 §4).
   */
  static Authenticator clientFirst(Authenticator first) {
    return attempt ->
        attempt.response().isPresent()
            ? first.decide(attempt)
            : new Decision.Reply(Octets.EMPTY, first);
  }
}
