package heddle.sasl;

import heddle.peer.Presence;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The port through which a mechanism asks upstairs whether a claim is true. */
public interface Verifier {
  /** The kinds of claim that can be proved here: a mechanism is offered only where its kind is. */
  Set<Class<? extends Claim>> proves();

  /**
   * What SCRAM tells before it knows whether there is such an account: of an unknown one the same
   * each time, and nothing that tells it from a known one. Asked only where {@link Claim.Scram} is
   * among {@link #proves}.
   */
  default Salt salt(String authn, ScramHash hash) {
    throw new UnsupportedOperationException("SCRAM cannot be proved here");
  }

  /** Whether what the line tells could be somebody's way in: EXTERNAL is offered only then. */
  default boolean mayKnow(Presence presence) {
    return false;
  }

  /**
   * The whole exchange of a mechanism, where who decides speaks it itself and claims are of no use;
   * empty elsewhere. Its end comes through the gate, too.
   */
  default Optional<Authenticator> speaks(String mechanism) {
    return Optional.empty();
  }

  /** Never a {@link Decision.Reply}. */
  Decision check(Claim claim, Attempt attempt) throws Exception;

  /**
   * The same.
   *
   * @param heard is told what each voice said, in the order in which they were asked
   */
  default Decision check(Claim claim, Attempt attempt, Consumer<Voiced> heard) throws Exception {
    return check(claim, attempt);
  }
}
