package heddle.dial;

import heddle.mail.Secret;
import java.io.IOException;

/** How we log in there. */
public sealed interface Credentials {
  /** Not at all. */
  record None() implements Credentials {}

  /**
   * By a password: SCRAM-SHA-256, PLAIN, LOGIN or CRAM-MD5, the best that is offered.
   *
   * @param password asked for at each login; what it gives is wiped behind it
   */
  record Password(String username, Source password) implements Credentials {}

  /** By the certificate that we show; by EXTERNAL (RFC 4422 §A) too, where that is offered. */
  record Certificate() implements Credentials {}

  /** Where a password comes from. */
  @FunctionalInterface
  interface Source {
    Secret open() throws IOException;
  }
}
