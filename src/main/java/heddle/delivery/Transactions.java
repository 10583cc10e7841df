package heddle.delivery;

import heddle.dial.Message;
import heddle.dial.Outcome;
import heddle.dial.Phase;
import heddle.dial.Result;
import heddle.dial.SmtpClient;
import heddle.dial.Trouble;
import heddle.mail.Envelope;
import heddle.mail.Recipient;
import java.util.ArrayList;
import java.util.List;

/** One message on one connection: in as many transactions as it takes. Holds no state. */
final class Transactions {
  private static final int TOO_MANY_RECIPIENTS = 452;
  private static final int TOO_MANY_RECIPIENTS_OF_OLD = 552;

  private Transactions() {}

  /** BDAT was offered and is not known. */
  static boolean chunkingFailed(List<Result> results) {
    return results.stream()
        .anyMatch(r -> r.outcome() instanceof Outcome.Interrupted(Trouble.NoChunkingAfterAll _));
  }

  /**
   * RFC 5321 §4.5.3.1.10: recipients beyond what the server takes at once come in a transaction of
   * their own, at once.
   */
  static List<Result> handAll(SmtpClient client, Envelope envelope, Message message) {
    var results = new ArrayList<>(client.hand(envelope, message));
    List<Result> last = results;
    // Where it took nobody, it was not for the others that it took no more.
    while (client.usable()
        && last.stream().anyMatch(r -> r.outcome() instanceof Outcome.Accepted)) {
      List<Integer> turnedAway = new ArrayList<>();
      for (int i = 0; i < results.size(); i++) {
        if (isTurnedAway(results.get(i).outcome())) {
          turnedAway.add(i);
        }
      }
      if (turnedAway.isEmpty()) {
        break;
      }
      List<Recipient> rest = turnedAway.stream().map(envelope.recipients()::get).toList();
      last = client.hand(envelope.to(rest), message);
      for (int i = 0; i < last.size(); i++) {
        results.set(turnedAway.get(i), last.get(i));
      }
    }
    boolean others = results.stream().anyMatch(r -> !(r.outcome() instanceof Outcome.Refused));
    if (others) {
      results.replaceAll(Transactions::notForEver);
    }
    return results;
  }

  /** A 552 beside others that were taken, or may be, is of their number: again later. */
  private static Result notForEver(Result result) {
    return result.outcome() instanceof Outcome.Refused(var reply)
            && reply.code() == TOO_MANY_RECIPIENTS_OF_OLD
            && reply.status().map(st -> st.subject() == 5).orElse(true)
        ? new Result(result.recipient(), new Outcome.Deferred(reply))
        : result;
  }

  /** The same section: "Clients SHOULD treat a 552 code in this case as a temporary" one. */
  private static boolean isTurnedAway(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Deferred(var reply) -> reply.code() == TOO_MANY_RECIPIENTS;
      case Outcome.Refused(var reply) -> reply.code() == TOO_MANY_RECIPIENTS_OF_OLD;
      case Outcome.Accepted _, Outcome.NotCarried _, Outcome.Interrupted _, Outcome.Lost _ -> false;
    };
  }

  /** Whether a kept connection had died while nobody looked: nothing of the message went out. */
  static boolean wasStale(List<Result> results) {
    return results.stream()
        .allMatch(
            r ->
                switch (r.outcome()) {
                  case Outcome.Interrupted(Trouble.HungUp(var phase)) -> isBefore(phase);
                  case Outcome.Interrupted(Trouble.Silent(var phase)) -> isBefore(phase);
                  case Outcome.Interrupted(Trouble.Declined(var phase, var _)) -> isBefore(phase);
                  case Outcome.Interrupted _ -> false;
                  // RFC 5321 §3.8: a server that ends an idle connection says 421.
                  case Outcome.Deferred(var reply) -> reply.code() == 421;
                  case Outcome.Accepted _,
                      Outcome.Refused _,
                      Outcome.NotCarried _,
                      Outcome.Lost _ ->
                      false;
                });
  }

  private static boolean isBefore(Phase phase) {
    return phase == Phase.MAIL || phase == Phase.RSET;
  }
}
