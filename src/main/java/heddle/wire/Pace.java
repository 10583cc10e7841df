package heddle.wire;

import java.time.Duration;

/** By when the next octets of a message must come, given how many came so far. */
@FunctionalInterface
public interface Pace {
  Deadline due(long octetsSoFar);

  /**
   * A pace that begins now: all by the deadline, and at no moment later than the grace and what
   * came so far, at the rate, allow. A client that sends one octet a minute holds its connection
   * for the grace only.
   *
   * @param octetsPerSecond at least 1
   */
  static Pace from(Deadline whole, Duration grace, long octetsPerSecond) {
    Deadline first = Deadline.in(grace);
    return octets -> {
      Duration earned = Duration.ofSeconds(octets / octetsPerSecond);
      return whole.or(first.plus(earned));
    };
  }
}
