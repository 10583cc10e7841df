package heddle.sasl;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import java.util.Optional;
import java.util.Set;

/**
 * One step of one AUTH exchange.
 *
 * @param presence what the line itself tells of the client
 * @param offered the mechanisms named in the reply to EHLO
 * @param mechanism upper case
 * @param state 0 at first, one more for each reply that was answered
 * @param response the client's decoded words; absent, empty ({@code =}) and data are three things
 * @param scene what else is bound to the connection
 */
public record Attempt(
    Id connection,
    Id transaction,
    String listener,
    RemoteAddress client,
    RemoteAddress server,
    Optional<String> hello,
    Presence presence,
    Set<String> offered,
    String mechanism,
    int state,
    Optional<Octets> response,
    Scene scene) {
  /** Of a connection of which nothing more is known. */
  public Attempt(
      Id connection,
      Id transaction,
      String listener,
      RemoteAddress client,
      RemoteAddress server,
      Optional<String> hello,
      Presence presence,
      Set<String> offered,
      String mechanism,
      int state,
      Optional<Octets> response) {
    this(
        connection,
        transaction,
        listener,
        client,
        server,
        hello,
        presence,
        offered,
        mechanism,
        state,
        response,
        Scene.bare());
  }

  /** What the handshake settled; empty in clear. */
  public Optional<TlsInfo> tls() {
    return presence.tls();
  }

  /** Whether nobody could have listened in: TLS, or a socket of this machine. */
  public boolean secured() {
    return presence.tls().isPresent() || presence.unix().isPresent();
  }

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
        presence,
        offered,
        mechanism,
        step,
        Optional.of(words),
        scene);
  }
}
