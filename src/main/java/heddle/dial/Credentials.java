package heddle.dial;

import heddle.mail.Secret;
import java.io.IOException;
import java.util.List;

/** How we log in there. */
public sealed interface Credentials {
  /** Not at all. */
  record None() implements Credentials {}

  /**
   * By a password: SCRAM-SHA-256, PLAIN, LOGIN or CRAM-MD5, the first of our order that is offered.
   *
   * @param password asked for at each login; what it gives is wiped behind it
   */
  record Password(String username, Source password, Order order) implements Credentials {
    /** Where the server is to prove itself too, if it can. */
    public Password(String username, Source password) {
      this(username, password, Order.PROVEN);
    }
  }

  /** By the certificate that we show; by EXTERNAL (RFC 4422 §A) too, where that is offered. */
  record Certificate() implements Credentials {}

  /**
   * Which mechanism is tried first. CRAM-MD5 comes last: under TLS it protects nothing, and many a
   * server offers it without being able to check it.
   */
  enum Order {
    /** The server has to show that it knows the password. */
    PROVEN,
    /**
     * The server gets to know the password. A server that keeps hashes of some people's passwords
     * can check those in no other way, and says "wrong" where it should say "I cannot tell".
     */
    PLAIN;

    List<String> mechanisms() {
      return switch (this) {
        case PROVEN -> List.of("SCRAM-SHA-256", "PLAIN", "LOGIN", "CRAM-MD5");
        case PLAIN -> List.of("PLAIN", "LOGIN", "SCRAM-SHA-256", "CRAM-MD5");
      };
    }
  }

  /** Where a password comes from. */
  @FunctionalInterface
  interface Source {
    Secret open() throws IOException;
  }
}
