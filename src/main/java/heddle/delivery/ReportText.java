package heddle.delivery;

import heddle.mail.EnhancedStatus;
import heddle.mail.Mailbox;
import java.time.Duration;

/** The part for people: plain words, one paragraph a recipient. Safe to share; holds no state. */
final class ReportText {
  private static final String OTHERWISE =
      " If the words above do not help, show this report to your administrator.";

  private ReportText() {}

  static String subject(Report.Kind kind) {
    return switch (kind) {
      case FAILED, EXPIRED -> "Your message could not be delivered";
      case DELAYED -> "Your message is delayed, and we go on trying";
      case DELIVERED -> "Your message was delivered";
    };
  }

  /** Lines of at most 78 octets where the words allow it, each ended by CRLF. */
  static String of(Report.Facts facts) {
    var text = new StringBuilder();
    text.append(
        Clean.paragraph(
            "This is the mail system at " + facts.letterhead().hostname().ascii() + "."));
    text.append("\r\n").append(Clean.paragraph(opening(facts)));
    for (Report.Concerned concerned : facts.concerned()) {
      text.append("\r\n").append(Clean.paragraph(words(facts, concerned)));
    }
    text.append("\r\n").append(Clean.paragraph(ending(facts)));
    return text.toString();
  }

  private static String opening(Report.Facts facts) {
    String message = "Your message of " + StatusPart.date(facts.accepted());
    return switch (facts.kind()) {
      case FAILED -> message + " did not reach the people named below. It will not be tried again.";
      case EXPIRED ->
          message
              + " did not reach the people named below. We kept trying until the time was over,"
              + " and have now given up.";
      case DELAYED ->
          message
              + " has not yet reached the people named below. We go on trying until "
              + StatusPart.date(facts.letterhead().giveUp())
              + ". You need not send it again.";
      case DELIVERED -> message + " was delivered, and you asked to be told.";
    };
  }

  private static String ending(Report.Facts facts) {
    String back =
        switch (facts.returned()) {
          case WHOLE -> "Your message is attached.";
          case HEADER -> "The header of your message is attached.";
        };
    return "The part that follows says the same for programs. " + back;
  }

  private static String words(Report.Facts facts, Report.Concerned concerned) {
    Report.Fate fate = concerned.fate();
    String who = address(facts, concerned.recipient().mailbox()) + ": ";
    return switch (facts.kind()) {
      case FAILED ->
          who + where(fate, "refused it", "it could not be delivered") + advice(facts, fate);
      case EXPIRED ->
          who
              + where(fate, "did not take it", "it could not be delivered")
              + tried(facts, concerned)
              + advice(facts, fate);
      case DELAYED ->
          who
              + where(fate, "did not take it yet", "it could not be delivered yet")
              + tried(facts, concerned);
      case DELIVERED ->
          who
              + switch (fate.handover()) {
                case FINAL -> "it is in the mailbox.";
                case RELAYED ->
                    "it was handed on to "
                        + fate.remote().map(Clean::words).orElse("another server")
                        + ", which sends no further reports.";
                case EXPANDED -> "it was handed on to everyone behind this address.";
              };
    };
  }

  private static String address(Report.Facts facts, Mailbox mailbox) {
    String address = Clean.line(mailbox.toString());
    boolean narrow = facts.letterhead().road() == Report.Road.NARROW;
    return "<" + (narrow && !mailbox.isAscii() ? Xtext.unicode(address) : address) + ">";
  }

  private static String where(Report.Fate fate, String refused, String failed) {
    String said = Clean.words(fate.reply());
    String what =
        fate.remote().map(r -> "the server " + Clean.words(r) + " " + refused).orElse(failed);
    if (said.isEmpty()) {
      return what + ".";
    }
    return what + (fate.remote().isPresent() ? ". It said: \"" : ". The reason: \"") + said + "\".";
  }

  private static String tried(Report.Facts facts, Report.Concerned concerned) {
    int attempts = concerned.attempts();
    String times = attempts == 1 ? "once" : attempts + " times";
    Duration since = Duration.between(facts.accepted(), concerned.fate().at());
    return " We have tried " + (attempts < 1 ? "" : times + " ") + "for " + spoken(since) + ".";
  }

  /** The largest unit alone; nobody asks a report for seconds. */
  static String spoken(Duration time) {
    long minutes = Math.max(0, time.toMinutes());
    if (minutes >= 2 * 24 * 60) {
      return minutes / (24 * 60) + " days";
    }
    if (minutes >= 2 * 60) {
      return minutes / 60 + " hours";
    }
    return minutes == 1 ? "1 minute" : minutes + " minutes";
  }

  /** What to do, by subject and detail of the status (RFC 3463 §3). */
  private static String advice(Report.Facts facts, Report.Fate fate) {
    EnhancedStatus status = Verdict.status(facts.kind(), fate.reply());
    if (facts.kind() == Report.Kind.EXPIRED && fate.remote().isEmpty()) {
      // A next hop that was not to be had is the site's; the people named have no part in it.
      return " The address is not to blame: show this report to your administrator.";
    }
    if (status.equals(Verdict.EXPIRED)) {
      return OTHERWISE; // it says that the time is over, and nothing of the reason
    }
    return switch (status.subject()) {
      case 1 -> " Check the address for a mistake, or ask the person for the right one.";
      case 2 ->
          status.detail() == 2
              ? " The mailbox is full: try again later, or reach the person another way."
              : " Reach the person another way.";
      case 3 ->
          status.detail() == 4
              ? " Send a smaller message, or a link in the place of attachments."
              : " Their system has a problem: try again later.";
      case 4 -> " Their server could not be reached: check the part behind the @, or try later.";
      case 7 -> " Their rules do not allow it: show this report to your administrator.";
      default -> OTHERWISE;
    };
  }
}
