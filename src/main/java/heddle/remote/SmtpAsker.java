package heddle.remote;

import heddle.dial.Credentials;
import heddle.dial.Dialer;
import heddle.dial.Manner;
import heddle.dial.Patience;
import heddle.dial.Security;
import heddle.dial.SmtpClient;
import heddle.dial.Target;
import heddle.dial.Trouble;
import heddle.mail.Reply;
import heddle.mail.Secret;
import heddle.wire.Deadline;
import java.util.function.Predicate;

/**
 * Asks an SMTP server by logging in there (RFC 4954), each time on a connection of its own. Safe to
 * share; holds no state.
 */
public final class SmtpAsker implements Asker {
  private final Dialer dialer;
  private final Target target;
  private final Manner.Clear clear;
  private final String hello;
  private final Predicate<Manner.Hello> ourselves;

  /**
   * @param target with {@link Security#STARTTLS} it is used where it is offered; where it is not,
   *     no password goes out but to this machine itself
   * @param allowPlaintext whether a password may go to any machine without TLS
   * @param hello what we call ourselves
   * @param ourselves whether what was said on arrival is our own voice: we would ask ourselves for
   *     ever
   */
  public SmtpAsker(
      Dialer dialer,
      Target target,
      boolean allowPlaintext,
      String hello,
      Predicate<Manner.Hello> ourselves) {
    this.dialer = dialer;
    this.target = target;
    this.clear = allowPlaintext ? Manner.Clear.TO_ANYBODY : Manner.Clear.TO_OURSELVES;
    this.hello = hello;
    this.ourselves = ourselves;
  }

  @Override
  public Verdict ask(Question question, Deadline deadline) throws InterruptedException {
    var credentials =
        new Credentials.Password(
            question.name(),
            () -> question.password().use(Secret::of), // the dialogue wipes what it is given
            Credentials.Order.PLAIN);
    var manner = new Manner(hello, credentials, clear, Patience.of(deadline.left()), ourselves);
    Verdict verdict =
        SmtpClient.tryLogin(dialer, target, manner, deadline)
            .map(SmtpAsker::verdict)
            .orElse(Verdict.Yes.PLAIN);
    if (Thread.interrupted()) {
      throw new InterruptedException("told to stop while an SMTP server was asked");
    }
    return verdict;
  }

  private static Verdict verdict(Trouble trouble) {
    return switch (trouble) {
      case Trouble.LoginRefused(Reply reply) -> refusal(reply, trouble);
      case Trouble.Ourselves loop ->
          new Verdict.Unavailable("the directory leads back to this server");
      case Trouble.NoStartTls none -> new Verdict.Unavailable(Unsaid.NO_STARTTLS);
      case Trouble other -> new Verdict.Unavailable(other.words());
    };
  }

  private static Verdict refusal(Reply reply, Trouble trouble) {
    return switch (reply.code()) {
      // RFC 4954 §6: "the authentication failed due to invalid or insufficient ... credentials"
      case 535 -> new Verdict.No(Verdict.Why.WRONG);
      // RFC 5248 §2.4, X.7.13: "User Account Disabled"
      case 525 -> new Verdict.No(Verdict.Why.DISABLED);
      // RFC 4954 §6: "a password transition is needed"
      case 432 -> new Verdict.Expired();
      // 534, "mechanism is too weak", speaks of the mechanism and not of the password.
      default -> new Verdict.Unavailable(trouble.words());
    };
  }

  /** Nothing is held between questions. */
  @Override
  public void close() {}
}
