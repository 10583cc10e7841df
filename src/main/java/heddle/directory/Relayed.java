package heddle.directory;

import heddle.mail.Octets;
import heddle.remote.Caller;
import heddle.remote.Relay;
import heddle.remote.Verdict;
import heddle.sasl.Attempt;
import heddle.sasl.Decision;
import java.time.Duration;
import java.util.Optional;

/** An exchange that another server speaks through us. */
final class Relayed {
  /** From the other server's last word to ours. */
  @FunctionalInterface
  interface Ending {
    Decision decision(
        Verdict verdict, String name, String display, Optional<Octets> last, Attempt attempt);
  }

  private final Relay relay;
  private final Duration timeout;
  private final Ending ending;

  Relayed(Relay relay, Duration timeout, Ending ending) {
    this.relay = relay;
    this.timeout = timeout;
    this.ending = ending;
  }

  Decision begin(Attempt attempt) throws InterruptedException {
    Relay.Turn turn =
        relay.begin(
            attempt.mechanism(),
            attempt.response(),
            caller(attempt),
            type ->
                attempt.tls().stream()
                    .flatMap(tls -> tls.binding().values(type).stream())
                    .findFirst(),
            heddle.wire.Deadline.in(timeout));
    return step(turn, attempt);
  }

  private Decision step(Relay.Turn turn, Attempt attempt) {
    return switch (turn) {
      // Whose name it is only the other server has read.
      case Relay.Turn.Over(Verdict.Yes(var name, _), _) when name.isEmpty() ->
          new Decision.Defer(heddle.sasl.Refusals.MISTAKE);
      case Relay.Turn.Over(Verdict.Yes yes, var last) ->
          ending.decision(yes, yes.name().orElseThrow(), yes.name().orElseThrow(), last, attempt);
      case Relay.Turn.Over(var verdict, var last) ->
          ending.decision(verdict, "", "", last, attempt);
      case Relay.Turn.Asked(var challenge, var next) ->
          new Decision.Reply(
              challenge,
              answered ->
                  step(
                      next.answer(
                          answered.response().orElse(Octets.EMPTY),
                          heddle.wire.Deadline.in(timeout)),
                      answered),
              next::abandon);
    };
  }

  static Caller caller(Attempt attempt) {
    return new Caller(
        attempt.connection(),
        attempt.listener(),
        attempt.client(),
        attempt.server(),
        attempt.secured(),
        attempt.hello(),
        attempt.mechanism());
  }
}
