package heddle.session;

import heddle.sasl.Decision;
import heddle.sasl.Refusal;
import heddle.sasl.Voiced;
import java.util.List;
import java.util.stream.Stream;

/** Which voice decided a login: what the log, the login history and the transcript say of it. */
final class Deciding {
  /** Nobody was asked: the exchange itself went wrong. */
  static final String PROTOCOL = "protocol";

  private Deciding() {}

  /**
   * Who spoke last: a voice behind the mechanism, a hook before it, or the mechanism itself. All of
   * them go into the transcript.
   */
  static String step(List<Voiced> before, List<Voiced> behind, Transcript transcript) {
    List<Voiced> hooks = before.stream().filter(v -> v.voice().startsWith("hook/")).toList();
    Stream.concat(hooks.stream(), behind.stream())
        .forEach(v -> transcript.note(v.voice() + ": " + word(v.decision())));
    return behind.isEmpty()
        ? hooks.isEmpty() ? PROTOCOL : hooks.getLast().voice()
        : behind.getLast().voice();
  }

  /**
   * Where the exchange itself went wrong, nobody was to blame for it but the client; and what our
   * own directory says of a right password is the gate's word.
   */
  static String voice(Refusal refusal, String step) {
    return switch (refusal.reason()) {
      case BAD_PROTOCOL, ABORTED -> PROTOCOL;
      case DISABLED, BARRED, NOT_HERE, BLOCKED -> step.equals("local") ? "gate" : step;
      case BAD_USER,
          BAD_PASSWORD,
          EXPIRED,
          PENALTY,
          NOT_ALLOWED,
          BAD_TOKEN,
          BAD_CERTIFICATE,
          DOWNGRADED,
          NOT_BOUND,
          UNAVAILABLE,
          ERROR,
          HOOK ->
          step;
    };
  }

  private static String word(Decision decision) {
    return switch (decision) {
      case Decision.Accept accept -> "yes, " + accept.who().authn();
      case Decision.Reject(var words) -> "no, " + words.reason();
      case Decision.Defer(var words) -> "cannot tell, " + words.reason();
      case Decision.Pass _ -> "passes";
      case Decision.Reply _ -> "asks";
    };
  }
}
