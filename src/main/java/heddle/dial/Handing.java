package heddle.dial;

import heddle.mail.Envelope;
import heddle.mail.Recipient;
import heddle.mail.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One message on its way to the next hop. Used for one. */
final class Handing {
  /** So many commands go out before their replies are read: neither side's buffers fill up. */
  private static final int PIPELINE = 50;

  private final Talk talk;
  private final Carriage carriage;
  private final List<Recipient> recipients;
  private final boolean chunked;
  private final @Nullable Outcome[] outcomes;
  private boolean begun;

  /** What a finished transaction leaves behind. */
  enum End {
    /** The other side has forgotten it. */
    CLEAN,
    /** RSET before the next. */
    OPEN
  }

  private End end = End.CLEAN;

  Handing(Talk talk, Extensions extensions, Envelope envelope, Message message, boolean chunked) {
    this.talk = talk;
    this.carriage = new Carriage(extensions, envelope, message);
    this.recipients = envelope.recipients();
    this.chunked = chunked && extensions.has("CHUNKING");
    this.outcomes = new @Nullable Outcome[recipients.size()];
  }

  End end() {
    return end;
  }

  /** Hands it over as far as it goes; the results stand in the order of the recipients. */
  List<Result> run() {
    try {
      Optional<Outcome> obstacle = carriage.obstacle();
      if (obstacle.isPresent()) {
        forAllOpen(obstacle.get());
      } else {
        offer();
      }
    } catch (Broken broken) {
      talk.line().cut();
      Trouble trouble = broken.trouble();
      forAllOpen(
          begun && talk.line().phase() == Phase.END_OF_TEXT
              ? new Outcome.Lost(trouble)
              : new Outcome.Interrupted(trouble));
    }
    return results();
  }

  private void offer() throws Broken {
    List<Integer> carried = new ArrayList<>();
    for (int i = 0; i < recipients.size(); i++) {
      Optional<Outcome> no = carriage.obstacle(recipients.get(i));
      if (no.isPresent()) {
        outcomes[i] = no.get();
      } else {
        carried.add(i);
      }
    }
    if (carried.isEmpty()) {
      return;
    }
    end = End.OPEN;
    Reply failure = envelope(carried);
    if (failure != null) {
      forAllOpen(failed(failure));
    } else if (stillOpen()) {
      text();
    }
  }

  private boolean stillOpen() {
    for (Outcome each : outcomes) {
      if (each == null) {
        return true;
      }
    }
    return false;
  }

  /**
   * MAIL and RCPT.
   *
   * @return what ended it for all; null where it goes on
   */
  private @Nullable Reply envelope(List<Integer> carried) throws Broken {
    boolean pipelining = carriage.extensions().has("PIPELINING"); // RFC 2920
    Reply mail = null;
    int done = 0;
    while (done < carried.size()) {
      int until = Math.min(carried.size(), pipelining ? done + PIPELINE : done + 1);
      var commands = new StringBuilder();
      if (mail == null && pipelining) {
        commands.append(carriage.mail());
      } else if (mail == null) {
        talk.tell(Phase.MAIL, carriage.mail());
        mail = talk.hear(Phase.MAIL);
        if (mail.code() != 250) {
          return mail;
        }
      }
      carried.subList(done, until).forEach(i -> commands.append(carriage.rcpt(recipients.get(i))));
      talk.tell(mail == null ? Phase.MAIL : Phase.RCPT, commands.toString());
      if (mail == null) {
        mail = talk.hear(Phase.MAIL);
      }
      Reply bad = recipientReplies(carried.subList(done, until), mail);
      if (bad != null) {
        return bad;
      }
      done = until;
    }
    return null;
  }

  private @Nullable Reply recipientReplies(List<Integer> asked, Reply mail) throws Broken {
    boolean mailTaken = mail.code() == 250;
    for (int i : asked) {
      if (talk.over()) {
        return mail; // 421 was its last word
      }
      Reply reply = talk.hear(Phase.RCPT);
      if (!mailTaken) {
        continue; // RFC 2920 §3.1: each command has its reply; these only say that MAIL failed
      }
      if (reply.code() == 421) {
        return reply;
      }
      // RFC 5321 §4.2.3: 250, 251 "will forward", 252 "will accept message and attempt delivery".
      if (reply.code() / 100 != 2) {
        outcomes[i] = failed(reply);
      }
    }
    return mailTaken ? null : mail;
  }

  private void text() throws Broken {
    var sending = new TextSending(talk, carriage.message());
    begun = true;
    Reply reply = chunked ? sending.byBdat() : sending.byData();
    if (talk.line().phase() == Phase.END_OF_TEXT && reply.code() / 100 == 2) {
      end = End.CLEAN;
      forAllOpen(new Outcome.Accepted(reply));
      return;
    }
    if (reply.code() < 400) {
      // The two of us disagree on what is text and what are commands: no more on this line.
      String said = Words.brief(reply.toString());
      throw new Broken(new Trouble.BadReply(talk.line().phase(), said + " does not belong there"));
    }
    if (reply.code() < 400) {
      // We no longer agree on what is text and what are commands: not another word on this line.
      throw new Broken(
          new Trouble.BadReply(
              talk.line().phase(), Words.brief(reply.toString()) + " does not belong there"));
    }
    forAllOpen(failed(reply));
  }

  /** No promise: a 2xx or 3xx that MAIL or RCPT does not have is a reason to try again. */
  private static Outcome failed(Reply reply) {
    return reply.code() / 100 == 5 ? new Outcome.Refused(reply) : new Outcome.Deferred(reply);
  }

  private void forAllOpen(Outcome outcome) {
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        outcomes[i] = outcome;
      }
    }
  }

  private List<Result> results() {
    var results = new ArrayList<Result>();
    for (int i = 0; i < outcomes.length; i++) {
      Outcome outcome = outcomes[i];
      if (outcome == null) {
        throw new IllegalStateException("a recipient without an outcome");
      }
      results.add(new Result(recipients.get(i), outcome));
    }
    return List.copyOf(results);
  }
}
