package heddle.sasl;

import java.util.Set;

/** The port through which a mechanism asks upstairs whether a claim is true. */
public interface Verifier {
  /** The kinds of claim that can be proved here: a mechanism is offered only where its kind is. */
  Set<Class<? extends Claim>> proves();

  /** Never a {@link Decision.Reply}. */
  Decision check(Claim claim, Attempt attempt) throws Exception;
}
