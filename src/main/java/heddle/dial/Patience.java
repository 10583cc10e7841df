package heddle.dial;

import java.time.Duration;

/**
 * How long we wait for the other side.
 *
 * @param opening connecting, TLS and the greeting together
 * @param command each command's reply
 * @param dataStart the reply to DATA
 * @param block for the other side to take each block of the message
 * @param dataEnd the reply to the message
 */
public record Patience(
    Duration opening, Duration command, Duration dataStart, Duration block, Duration dataEnd) {
  /** The least that RFC 5321 §4.5.3.2 lets a client wait. */
  public static final Patience RFC_5321 =
      new Patience(
          Duration.ofMinutes(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofMinutes(3),
          Duration.ofMinutes(10));

  /** The same for everything. */
  public static Patience of(Duration each) {
    return new Patience(each, each, each, each, each);
  }
}
