package heddle.remote;

import heddle.dial.Broken;
import heddle.dial.Dialer;
import heddle.dial.Dialled;
import heddle.dial.Echo;
import heddle.dial.Line;
import heddle.dial.Phase;
import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dial.Trouble;
import heddle.mail.Octets;
import heddle.remote.ImapResponse.Condition;
import heddle.remote.ImapResponse.Tagged;
import heddle.wire.Deadline;
import java.util.Optional;
import java.util.Set;

/**
 * Asks an IMAP server (RFC 9051, RFC 3501) by logging in there, each time on a connection of its
 * own. Safe to share; holds no state.
 */
public final class ImapAsker implements Asker {
  private final Dialer dialer;
  private final Target target;
  private final boolean allowPlaintext;

  /**
   * @param target with {@link Security#STARTTLS} it is used where it is offered; where it is not,
   *     no password goes out but to this machine itself
   * @param allowPlaintext whether a password may go to any machine without TLS
   */
  public ImapAsker(Dialer dialer, Target target, boolean allowPlaintext) {
    this.dialer = dialer;
    this.target = target;
    this.allowPlaintext = allowPlaintext;
  }

  @Override
  public Verdict ask(Question question, Deadline deadline) throws InterruptedException {
    Verdict verdict =
        switch (dialer.dial(target, deadline)) {
          case Dialled.Connected(Line line) -> on(line, question, deadline);
          case Dialled.Failed(Trouble trouble) -> new Verdict.Unavailable(trouble.words());
        };
    if (Thread.interrupted()) {
      throw new InterruptedException("told to stop while an IMAP server was asked");
    }
    return verdict;
  }

  private Verdict on(Line line, Question question, Deadline deadline) {
    var talk = new ImapTalk(line, deadline);
    try {
      talk.greeting();
      secure(talk, deadline);
      if (talk.capabilities().isEmpty()) {
        askCapabilities(talk);
      }
      return login(talk, question);
    } catch (Unsaid unsaid) {
      return unsaid.verdict();
    } catch (Broken broken) {
      return new Verdict.Unavailable(broken.trouble().words());
    } finally {
      talk.leave();
    }
  }

  /** Behind this a password may go out. */
  private void secure(ImapTalk talk, Deadline deadline) throws Broken, Unsaid {
    Line line = talk.line();
    if (line.tls().isPresent()) {
      return;
    }
    boolean inClear = allowPlaintext || line.peer().address().isLoopbackAddress();
    if (target.security() != Security.STARTTLS) {
      if (!inClear) {
        throw new Unsaid(new Trouble.PasswordInClear().words());
      }
      return;
    }
    if (talk.capabilities().isEmpty()) {
      askCapabilities(talk);
    }
    if (talk.capabilities().contains("STARTTLS")) {
      Tagged answer = talk.ask(Phase.STARTTLS, "STARTTLS");
      if (answer.condition() != Condition.OK) {
        throw new Unsaid("STARTTLS was refused: " + talk.words(answer));
      }
      line.startTls(target, deadline);
      // RFC 9051 §6.2.1: "the client MUST discard cached information about server capabilities".
      talk.forgetCapabilities();
    } else if (!inClear) {
      throw new Unsaid(Unsaid.NO_STARTTLS);
    }
  }

  private static void askCapabilities(ImapTalk talk) throws Broken, Unsaid {
    Tagged answer = talk.ask(Phase.OTHER, "CAPABILITY");
    if (answer.condition() != Condition.OK || talk.capabilities().isEmpty()) {
      throw new Unsaid("the server does not say what it can do: " + talk.words(answer));
    }
  }

  private static Verdict login(ImapTalk talk, Question question) throws Broken, Unsaid {
    Set<String> offered = talk.capabilities();
    Optional<ImapLogin> best = ImapLogin.of(talk.tag(), offered, question);
    if (best.isEmpty()) {
      throw new Unsaid("LOGIN is disabled there, and AUTHENTICATE PLAIN is not offered");
    }
    try (ImapLogin login = best.get()) {
      talk.keepSecret(said -> login.isQuotedBy(said) || isQuoted(question, said));
      Optional<Tagged> end = Optional.empty();
      for (int i = 0; i < login.pieces().size(); i++) {
        if (end.isPresent()) {
          // It has not heard the password, so it cannot say that it is wrong.
          throw new Unsaid("the login was ended early: " + talk.words(end.get()));
        }
        talk.say(login.pieces().get(i));
        end = talk.next(login.tag());
      }
      Tagged answer = end.orElseThrow(() -> new Unsaid("the server asks for more than a password"));
      return verdict(answer, talk.words(answer));
    }
  }

  private static boolean isQuoted(Question question, Octets said) {
    return question.password().use(password -> Echo.quotes(said.toArray(), password));
  }

  private static Verdict verdict(Tagged answer, String words) {
    return switch (answer.condition()) {
      case OK -> Verdict.Yes.PLAIN;
      case BAD -> new Verdict.Unavailable("the login was not understood: " + words);
      case NO -> refusal(answer.code(), words);
    };
  }

  /** RFC 5530 §3. What says nothing of the password is no verdict about it. */
  private static Verdict refusal(String code, String words) {
    return switch (code) {
      // "access is no longer permitted using that passphrase"
      case "EXPIRED" -> new Verdict.Expired();
      case "UNAVAILABLE", "CONTACTADMIN", "INUSE", "LIMIT", "SERVERBUG", "CLIENTBUG", "CANNOT" ->
          new Verdict.Unavailable("no verdict: " + words);
      case "PRIVACYREQUIRED" -> new Verdict.Unavailable("it wants TLS: " + words);
      // RFC 2221 §4.1: the user's mail is elsewhere.
      case "REFERRAL" -> new Verdict.Unavailable("it sends us to another server: " + words);
      default -> new Verdict.No(Verdict.Why.WRONG);
    };
  }

  /** Nothing is held between questions. */
  @Override
  public void close() {}
}
