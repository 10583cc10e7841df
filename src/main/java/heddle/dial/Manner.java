package heddle.dial;

import heddle.mail.Reply;
import java.util.function.Predicate;

/**
 * How we behave on the line.
 *
 * @param hello what we call ourselves: a host name, or an address literal
 * @param ourselves whether what was said on arrival is our own voice; the guard against a route
 *     that leads back here
 */
public record Manner(
    String hello, Credentials credentials, Patience patience, Predicate<Hello> ourselves) {
  /** What the other side said of itself; all of it unproven. */
  public record Hello(Reply greeting, Extensions extensions) {}

  public Manner {
    if (!hello.matches("[\\x21-\\x7e]{1,255}")) {
      throw new IllegalArgumentException("not a name for EHLO: \"" + hello + "\"");
    }
  }
}
