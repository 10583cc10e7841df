package heddle.delivery;

import heddle.dial.Outcome;
import heddle.dial.Trouble;
import heddle.mail.EnhancedStatus;
import heddle.mail.Reply;
import java.util.Optional;
import java.util.Set;

/**
 * What came of one attempt for one recipient, before patience and the sender's wishes are asked.
 */
sealed interface Turnout {
  /** Characters of a reply. */
  int LONGEST = 1000;

  /** As a reply is written, the remote's or our own: {@code 451 4.4.2 …}. Untrusted. */
  String reply();

  /** The server that said it; empty where it was ourselves. */
  Optional<String> remote();

  /**
   * @param handover what the success was
   * @param passedOn the next hop sends the reports that the sender wished for
   */
  record Delivered(
      String reply, Optional<String> remote, Report.Handover handover, boolean passedOn)
      implements Turnout {}

  /** Not now. */
  record Later(String reply, Optional<String> remote) implements Turnout {}

  /** Never. */
  record Never(String reply, Optional<String> remote) implements Turnout {}

  /**
   * Of a smarthost that greeted us. What it says of our standing with it, and not of the message,
   * is for the site to mend while the mail waits.
   *
   * @param dsn whether it offers DSN (RFC 3461)
   */
  static Turnout of(Outcome outcome, String host, boolean dsn) {
    return switch (outcome) {
      case Outcome.Accepted(var reply) ->
          new Delivered(brief(reply), Optional.of(host), Report.Handover.RELAYED, dsn);
      case Outcome.Deferred(var reply) -> new Later(brief(reply), Optional.of(host));
      case Outcome.Refused(var reply) ->
          concernsUs(reply)
              ? new Later(brief(reply), Optional.of(host))
              : new Never(brief(reply), Optional.of(host));
      case Outcome.NotCarried(var status, var words) ->
          new Never(code(status) + " " + status + " " + words, Optional.empty());
      case Outcome.Interrupted(var trouble) -> new Later(of(451, trouble), Optional.empty());
      case Outcome.Lost(var trouble) ->
          new Later(
              of(451, trouble) + ", so that it may arrive twice, or have arrived already",
              Optional.empty());
    };
  }

  /** Kept for each recipient, in the queue, the log and the report: so much and no more of it. */
  private static String brief(Reply reply) {
    String words = reply.toString();
    return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "…";
  }

  /** RFC 4954 §6: 530, 534, 535 and 538 ask for a login, a better one, or TLS. */
  private static boolean concernsUs(Reply reply) {
    return Set.of(530, 534, 535, 538).contains(reply.code());
  }

  /** RFC 5321 §4.2.3: 552 for what exceeds a limit, 554 for the rest. */
  private static int code(EnhancedStatus status) {
    return status.subject() == 3 && status.detail() == 4 ? 552 : 554;
  }

  /**
   * A trouble, written as the reply that nobody sent: the code, a status of RFC 3463, our words.
   */
  static String of(int code, Trouble trouble) {
    return code + " " + status(trouble) + " " + trouble.words();
  }

  private static String status(Trouble trouble) {
    return switch (trouble) {
      case Trouble.NoSuchName _, Trouble.NameUnknownNow _ -> "4.4.3";
      case Trouble.Refused _ -> "4.4.1";
      case Trouble.Silent(var phase) -> phase == heddle.dial.Phase.CONNECT ? "4.4.1" : "4.4.2";
      case Trouble.HungUp _ -> "4.4.2";
      case Trouble.TlsFailed _, Trouble.CertificateRefused _, Trouble.Injected _ -> "4.7.5";
      case Trouble.NoStartTls _ -> "4.7.4";
      case Trouble.Greeting(var reply) -> said(reply, "4.3.2");
      case Trouble.Declined(var _, var reply) -> said(reply, "4.3.2");
      case Trouble.NoChunkingAfterAll _, Trouble.BadReply _ -> "4.5.0";
      case Trouble.NoMechanism _, Trouble.LoginRefused _ -> "4.7.8";
      case Trouble.PasswordInClear _ -> "4.7.11";
      case Trouble.ServerUnproven _ -> "4.7.7";
      case Trouble.Ourselves _ -> "4.4.6";
      case Trouble.OurSide _ -> "4.3.0";
    };
  }

  private static String said(Reply reply, String otherwise) {
    return reply.status().filter(s -> s.kind() == 4).map(Object::toString).orElse(otherwise);
  }
}
