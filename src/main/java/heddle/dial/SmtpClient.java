package heddle.dial;

import heddle.mail.Envelope;
import heddle.mail.Reply;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import heddle.wire.Deadline;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An SMTP client (RFC 5321) on one connection: any number of messages, one after the other. Used by
 * one thread.
 */
public final class SmtpClient implements AutoCloseable {
  private static final Duration GOODBYE = Duration.ofSeconds(2);

  private final Dialer dialer;
  private final Target target;
  private final Talk talk;
  private final Extensions extensions;
  private Handing.End last = Handing.End.CLEAN;

  private SmtpClient(Dialer dialer, Target target, Talk talk, Extensions extensions) {
    this.dialer = dialer;
    this.target = target;
    this.talk = talk;
    this.extensions = extensions;
  }

  /** Calls, listens to the greeting, says EHLO, secures the line and logs in. */
  public static Opened open(Dialer dialer, Target target, Manner manner) {
    Line line = null;
    boolean open = false;
    try {
      Deadline opening = Deadline.in(manner.patience().opening());
      line = dialer.connect(target, opening);
      var beginning = new Opening(line, target, manner);
      Extensions extensions = beginning.begin(opening);
      open = true;
      return new Opened.Ready(new SmtpClient(dialer, target, beginning.talk(), extensions));
    } catch (Broken broken) {
      return new Opened.Failed(broken.trouble());
    } finally {
      if (!open && line != null) {
        line.close();
      }
    }
  }

  /**
   * Logs in and takes its leave, to learn whether the other side takes the credentials. The
   * farewell is not waited for.
   *
   * @param deadline for all of it; the manner's patience ends by it too
   * @return what came in between; empty where the login was accepted
   */
  public static Optional<Trouble> tryLogin(
      Dialer dialer, Target target, Manner manner, Deadline deadline) {
    try {
      Deadline opening = Deadline.in(manner.patience().opening()).or(deadline);
      Line line = dialer.connect(target, opening);
      line.until(deadline);
      var beginning = new Opening(line, target, manner);
      try {
        beginning.begin(opening);
        return Optional.empty();
      } finally {
        Thread.startVirtualThread(() -> leave(beginning.talk()));
      }
    } catch (Broken broken) {
      return Optional.of(broken.trouble());
    }
  }

  /** What the other side offers now. Without DSN in it, reports of success are ours to make. */
  public Extensions extensions() {
    return extensions;
  }

  /** Whom we reached. */
  public RemoteAddress peer() {
    return talk.line().peer();
  }

  public Optional<TlsInfo> tls() {
    return talk.line().tls();
  }

  /** The certificates that the other side has shown, its own first; empty in clear. */
  public List<X509Certificate> shown() {
    return talk.line().shown();
  }

  /** Whether another message can be handed over on this connection. */
  public boolean usable() {
    return !talk.over();
  }

  /**
   * Hands a message over.
   *
   * @return what became of it for each recipient, in the order of the envelope
   */
  public List<Result> hand(Envelope envelope, Message message) {
    Optional<Trouble> trouble = reset();
    if (trouble.isPresent()) {
      Outcome outcome = new Outcome.Interrupted(trouble.get());
      return envelope.recipients().stream().map(r -> new Result(r, outcome)).toList();
    }
    var handing = new Handing(talk, extensions, envelope, message, dialer.mayChunk(target));
    List<Result> results = handing.run();
    last = handing.end();
    if (results.stream().anyMatch(SmtpClient::saysNoChunking)) {
      dialer.rememberNoChunking(target);
    }
    return results;
  }

  private static boolean saysNoChunking(Result result) {
    return result.outcome() instanceof Outcome.Interrupted(Trouble.NoChunkingAfterAll no);
  }

  /** RFC 5321 §4.1.1.5: what an earlier message left behind is forgotten. */
  private Optional<Trouble> reset() {
    if (talk.over()) {
      return Optional.of(new Trouble.HungUp(Phase.MAIL));
    }
    if (last == Handing.End.CLEAN) {
      return Optional.empty();
    }
    try {
      Reply reply = talk.ask(Phase.RSET, "RSET");
      if (reply.code() == 250) {
        last = Handing.End.CLEAN;
        return Optional.empty();
      }
      talk.line().cut();
      return Optional.of(new Trouble.Declined(Phase.RSET, reply));
    } catch (Broken broken) {
      return Optional.of(broken.trouble());
    }
  }

  /** Says QUIT, waits a moment for the answer, and hangs up. */
  @Override
  public void close() {
    leave(talk);
  }

  private static void leave(Talk talk) {
    if (!talk.line().isCut()) {
      try {
        Deadline moment = Deadline.in(GOODBYE).or(Deadline.in(talk.patience().command()));
        talk.line().until(moment);
        talk.line().enter(Phase.OTHER);
        talk.line().say("QUIT\r\n", moment);
        // RFC 5321 §4.1.1.10: the client "MUST NOT intentionally close the transmission channel
        // until it sends a QUIT ... and SHOULD wait until it receives the reply".
        talk.hear(Phase.OTHER, moment);
      } catch (Broken gone) {
        // It is over either way.
      }
    }
    talk.line().close();
  }
}
