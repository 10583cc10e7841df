package heddle.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** When to try again: the steps in turn, the last one for ever after. A value. */
public record RetrySchedule(List<Duration> steps) {
  public RetrySchedule {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a schedule has at least one step");
    }
  }

  /**
   * The time of the next attempt.
   *
   * @param attempts how many have failed, 1 or more
   */
  public Instant next(Instant now, int attempts) {
    return now.plus(steps.get(Math.clamp(attempts - 1L, 0, steps.size() - 1)));
  }
}
