package heddle.directory;

import heddle.sasl.Verifier;

/**
 * Somebody who knows who may log in. It answers {@code Accept}; {@code Reject}, for {@code
 * BAD_USER} where the name is unknown here, so that the next may be asked; {@code Defer} where it
 * cannot know now; {@code Pass} where it does not judge such claims. An exception counts as a
 * Defer. Safe to share.
 */
public interface Directory extends Verifier {
  /** Whether a password that anybody may have overheard is listened to: only devices' are. */
  default boolean hearsInClear() {
    return false;
  }
}
