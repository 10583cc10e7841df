package heddle.session;

import heddle.event.Event;
import heddle.mail.Id;
import heddle.peer.RemoteAddress;
import heddle.sasl.Identity;
import heddle.smtp.Replies;
import java.util.Optional;

/** In whose name a conversation may send, for others to see and to end. Safe to share. */
public final class Standing {
  private final Id connection;
  private final Line line;
  private final Transport transport;
  private final Surroundings around;
  private volatile Optional<Identity> who = Optional.empty();
  private volatile boolean over;

  Standing(Id connection, Line line, Transport transport, Surroundings around) {
    this.connection = connection;
    this.line = line;
    this.transport = transport;
    this.around = around;
  }

  public Optional<Identity> who() {
    return who;
  }

  /** Where the client is now, as far as we know. */
  public RemoteAddress client() {
    return transport.client();
  }

  boolean over() {
    return over;
  }

  /** Whoever comes in while their login ends must be seen by one of the two that look. */
  void now(Phase phase) {
    who = phase.who();
    if (who.filter(w -> !around.gate().stands().test(w)).isPresent()) {
      end();
    }
  }

  /** Sends them home: the login is not good any more, whatever is under way. */
  public void end() {
    over = true;
    if (line.expel(Replies.LOGIN_ENDED)) {
      who.map(w -> new Event.LoginEnded(connection, w.authn(), w.credential(), client()))
          .ifPresent(around.events()::tell);
    }
  }
}
