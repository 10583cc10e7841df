package heddle.delivery;

import heddle.mail.EnhancedStatus;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the numbers of a reply mean for a report. Safe to share; holds no state. */
final class Verdict {
  private static final Pattern REPLY =
      Pattern.compile(
          "\\s*([2-5][0-9]{2})(?:[- ]+(?:([245])\\.([0-9]{1,3})\\.([0-9]{1,3})(?![0-9.]))?.*)?",
          Pattern.DOTALL);

  /** RFC 3463 §3.5: X.4.7, "Delivery time expired". */
  static final EnhancedStatus EXPIRED = new EnhancedStatus(4, 4, 7);

  private Verdict() {}

  /** Whether it reads as an SMTP reply: three digits first. */
  static boolean isReply(String reply) {
    return REPLY.matcher(reply).matches();
  }

  /**
   * The status for the report: the remote's own where it has one that fits what happened, else the
   * class of what happened and two zeros.
   */
  static EnhancedStatus status(Report.Kind kind, String reply) {
    Matcher read = REPLY.matcher(reply);
    if (read.matches() && read.group(2) != null) {
      var said =
          new EnhancedStatus(
              Integer.parseInt(read.group(2)),
              Integer.parseInt(read.group(3)),
              Integer.parseInt(read.group(4)));
      // RFC 2034 §4: the class agrees with the reply's first digit; one that does not is a guess.
      if (read.group(1).startsWith(read.group(2)) && fits(kind, said.kind())) {
        return said;
      }
    }
    return switch (kind) {
      case FAILED -> new EnhancedStatus(5, 0, 0);
      case EXPIRED -> EXPIRED;
      case DELAYED -> new EnhancedStatus(4, 0, 0);
      case DELIVERED -> new EnhancedStatus(2, 0, 0);
    };
  }

  /** 552, or X.3.4: the message has too many octets. */
  static boolean isTooLarge(Report.Kind kind, String reply) {
    EnhancedStatus status = status(kind, reply);
    return reply.startsWith("552") || status.subject() == 3 && status.detail() == 4;
  }

  private static boolean fits(Report.Kind kind, int digit) {
    return switch (kind) {
      case FAILED -> digit == 5 || digit == 4;
      case EXPIRED, DELAYED -> digit == 4;
      case DELIVERED -> digit == 2;
    };
  }
}
