package heddle.event;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A time as the log has it: RFC 3339, in UTC, to the millisecond, always of one width. */
final class Millis {
  private Millis() {}

  static String text(Instant at) {
    String time = at.truncatedTo(ChronoUnit.MILLIS).toString();
    // Instant drops ".000"; a column that changes its width is hard to read.
    return time.length() == 20 ? time.substring(0, 19) + ".000Z" : time;
  }
}
