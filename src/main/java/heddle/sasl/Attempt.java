package heddle.sasl;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import java.util.Optional;

/**
 * One step of one AUTH exchange.
 *
 * @param mechanism upper case
 * @param state 0 at first, one more for each reply that was answered
 * @param response the client's decoded words; absent, empty ({@code =}) and data are three things
 */
public record Attempt(
    Id connection,
    Id transaction,
    String listener,
    RemoteAddress client,
    RemoteAddress server,
    Optional<String> hello,
    Optional<TlsInfo> tls,
    String mechanism,
    int state,
    Optional<Octets> response) {
  /** The first step with its initial response. */
  public Attempt saying(Octets initial) {
    return with(state, initial);
  }

  /** The next step of the same exchange. */
  public Attempt answered(Octets answer) {
    return with(state + 1, answer);
  }

  private Attempt with(int step, Octets words) {
    return new Attempt(
        connection,
        transaction,
        listener,
        client,
        server,
        hello,
        tls,
        mechanism,
        step,
        Optional.of(words));
  }
}
