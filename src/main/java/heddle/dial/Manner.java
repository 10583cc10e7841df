package heddle.dial;

import heddle.mail.Reply;
import java.util.function.Predicate;

/**
 * How we behave on the line.
 *
 * @param hello what we call ourselves: a host name, or an address literal
 * @param clear what may be said without TLS
 * @param ourselves whether what was said on arrival is our own voice; the guard against a route
 *     that leads back here
 */
public record Manner(
    String hello,
    Credentials credentials,
    Clear clear,
    Patience patience,
    Predicate<Hello> ourselves) {
  /** How much may be said without TLS. */
  public enum Clear {
    /**
     * Nothing, where the target asks for TLS. Where it asks for none, a password goes to our own
     * machine only.
     */
    AS_ASKED,
    /** All, to our own machine, where STARTTLS is not offered: nobody listens in between. */
    TO_OURSELVES,
    /** All, to anybody, where STARTTLS is not offered or not asked for. By the site's own word. */
    TO_ANYBODY
  }

  /** What the other side said of itself; all of it unproven. */
  public record Hello(Reply greeting, Extensions extensions) {}

  public Manner {
    if (!hello.matches("[\\x21-\\x7e]{1,255}")) {
      throw new IllegalArgumentException("not a name for EHLO: \"" + hello + "\"");
    }
  }

  /** One that says no more in clear than the target asks for. */
  public Manner(
      String hello, Credentials credentials, Patience patience, Predicate<Hello> ourselves) {
    this(hello, credentials, Clear.AS_ASKED, patience, ourselves);
  }
}
