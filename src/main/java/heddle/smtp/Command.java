package heddle.smtp;

import heddle.mail.Mailbox;
import heddle.mail.Path;
import heddle.mail.Reply;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a client said. What it could not say is a command too: {@link Unknown}, {@link Malformed}.
 */
public sealed interface Command {
  /**
   * EHLO.
   *
   * @param host what the client calls itself: printable, at most 255 octets, and not to be trusted
   */
  record Ehlo(String host) implements Command {}

  /** HELO; the host as in {@link Ehlo}. */
  record Helo(String host) implements Command {}

  record Mail(Path from, MailParameters parameters) implements Command {}

  /**
   * RCPT.
   *
   * @param to not ASCII where the client says so; whether it may is known from MAIL only (RFC 6531)
   */
  record Rcpt(Mailbox to, RcptParameters parameters) implements Command {}

  record Data() implements Command {}

  /**
   * BDAT; so many octets follow at once, whatever is answered.
   *
   * @param size 0 to 2^63-1
   */
  record Bdat(long size, boolean last) implements Command {}

  record Rset() implements Command {}

  record Noop() implements Command {}

  record Quit() implements Command {}

  record Vrfy(String what) implements Command {}

  record Expn(String what) implements Command {}

  record Help() implements Command {}

  record StartTls() implements Command {}

  /**
   * AUTH.
   *
   * @param mechanism upper case
   * @param initial the initial response as sent, {@code =} included; may be a password, so it is
   *     not printed
   */
  record Auth(String mechanism, Optional<String> initial) implements Command {
    @Override
    public String toString() {
      return "Auth[" + mechanism + (initial.isPresent() ? ", initial" : "") + "]";
    }
  }

  /**
   * XCLIENT: a proxy tells of the client for which it speaks. What it does not tell, or does not
   * know, is empty.
   *
   * @param nameTold whether it has told of the name at all
   * @param name by the name servers; empty where the address has none
   * @param extended whether the client said EHLO, not HELO
   */
  record Xclient(
      Optional<InetAddress> address,
      OptionalInt port,
      boolean nameTold,
      Optional<String> name,
      Optional<String> hello,
      boolean extended,
      Optional<InetAddress> server,
      OptionalInt serverPort)
      implements Command {}

  /**
   * No command of ours.
   *
   * @param verb upper case, letters only, at most 8; else empty: a line that lost its way may be
   *     the answer to a password prompt, and what is written here is read in logs
   */
  record Unknown(String verb) implements Command {}

  /**
   * A command of ours that cannot be understood.
   *
   * @param verb upper case
   * @param reply what the client is to hear; holds nothing of what it said behind AUTH
   */
  record Malformed(String verb, Reply reply) implements Command {}
}
