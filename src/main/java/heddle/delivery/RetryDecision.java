package heddle.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** What follows when an attempt came to nothing for now. A value. */
public sealed interface RetryDecision {
  /**
   * Once more.
   *
   * @param at never behind the day of expiry
   * @param notice whether the sender is now to be told of the delay
   */
  record Retry(Instant at, Notice notice) implements RetryDecision {}

  /** The time is over: what was a delay becomes a failure. */
  record Expire() implements RetryDecision {}

  /** Whether a report of the delay goes out with this attempt. */
  enum Notice {
    NOT_YET,
    DUE,
    GIVEN
  }

  /**
   * How long a site is patient.
   *
   * @param expire how long after acceptance we give up
   * @param notice how long after acceptance the sender hears of a delay, once
   */
  record Patience(RetrySchedule schedule, Duration expire, Duration notice) {
    /** RFC 5321 §4.5.4.1: "the give-up time generally needs to be at least 4-5 days". */
    public static final Duration EXPIRE = Duration.ofDays(5);

    public static final Duration NOTICE = Duration.ofHours(4);

    public Patience {
      if (expire.isNegative() || notice.isNegative()) {
        throw new IllegalArgumentException("patience is not negative");
      }
    }

    public static Patience of(RetrySchedule schedule) {
      return new Patience(schedule, EXPIRE, NOTICE);
    }

    /** When this message is given up. */
    public Instant giveUp(Instant accepted) {
      return accepted.plus(expire);
    }
  }

  /**
   * How one recipient's copy stands.
   *
   * @param attempts how many have failed, the last one included: 1 or more
   * @param told whether the sender has already heard of the delay: NOT_YET or GIVEN
   */
  record Standing(Instant accepted, int attempts, Notice told) {}

  /**
   * The decision table. Each wait is the schedule's step, ten per cent more or less, so that what
   * failed together does not come back together.
   */
  static RetryDecision decide(
      Patience patience, Standing standing, Instant now, RandomGenerator random) {
    Instant end = patience.giveUp(standing.accepted());
    if (!now.isBefore(end)) {
      return new Expire();
    }
    Duration step =
        Duration.between(now, patience.schedule().next(now, Math.max(1, standing.attempts())));
    Instant next = now.plus(jittered(step, random));
    // A last attempt is made at the very end instead of behind it.
    return new Retry(next.isAfter(end) ? end : next, notice(patience, standing, now));
  }

  private static Notice notice(Patience patience, Standing standing, Instant now) {
    if (standing.told() != Notice.NOT_YET) {
      return Notice.GIVEN;
    }
    return now.isBefore(standing.accepted().plus(patience.notice())) ? Notice.NOT_YET : Notice.DUE;
  }

  private static Duration jittered(Duration step, RandomGenerator random) {
    long millis = step.toMillis();
    return Duration.ofMillis(Math.round(millis * (0.9 + 0.2 * random.nextDouble())));
  }
}
