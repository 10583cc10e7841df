package heddle.mail;

import java.util.List;
import java.util.Optional;

/**
 * What MAIL and RCPT said.
 *
 * @param body the declared content (RFC 6152)
 * @param utf8 SMTPUTF8 was asked for (RFC 6531)
 * @param ret how much of the message a report should return (RFC 3461 §4.3)
 * @param envid the sender's own name for the transaction, xtext, still encoded (RFC 3461 §4.4)
 */
public record Envelope(
    Path sender,
    List<Recipient> recipients,
    Body body,
    boolean utf8,
    Optional<Ret> ret,
    Optional<String> envid) {
  /** BODY= of RFC 6152. */
  public enum Body {
    SEVEN_BIT,
    EIGHT_BIT_MIME
  }

  /** RET= of RFC 3461. */
  public enum Ret {
    FULL,
    HDRS
  }

  public Envelope {
    recipients = List.copyOf(recipients);
  }

  /** The same message to these. */
  public Envelope to(List<Recipient> others) {
    return new Envelope(sender, others, body, utf8, ret, envid);
  }
}
