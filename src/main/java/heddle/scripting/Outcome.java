package heddle.scripting;

import java.util.Optional;

/** What came of one call of a hook. */
public sealed interface Outcome<T> {
  /**
   * It came back.
   *
   * @param words empty where it returned null
   */
  record Said<T>(Optional<T> words) implements Outcome<T> {}

  /** It threw, or was not back in time, or was not called at all. */
  record Failed<T>(String why) implements Outcome<T> {}
}
