package heddle.spool;

import java.io.IOException;

/** Nothing can be made durable now: 452 4.3.1 for the client, who keeps the message. */
public final class SpoolUnavailable extends IOException {
  private static final long serialVersionUID = 1L;

  SpoolUnavailable(String why) {
    super(why);
  }

  SpoolUnavailable(String why, Throwable cause) {
    super(why, cause);
  }
}
