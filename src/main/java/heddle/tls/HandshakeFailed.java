package heddle.tls;

import java.io.IOException;

/** A handshake that came to nothing; the message is a few words fit for a log. */
public final class HandshakeFailed extends IOException {
  private static final long serialVersionUID = 1;

  HandshakeFailed(String why) {
    super(why);
  }

  /** For example {@code "client spoke plain text"}. */
  public String why() {
    return String.valueOf(getMessage());
  }
}
