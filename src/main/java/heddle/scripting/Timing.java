package heddle.scripting;

import java.time.Duration;

/** Hears how long each call of a hook took, one that came to nothing among them. Must be quick. */
@FunctionalInterface
public interface Timing {
  Timing NONE = (_, _) -> {};

  void took(String hook, Duration time);
}
