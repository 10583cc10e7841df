package heddle.session;

import heddle.event.Event;
import heddle.mail.Id;
import heddle.mail.Reply;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import heddle.sasl.Identity;
import heddle.smtp.Replies;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/** In whose name a conversation may send, for others to see and to end. Safe to share. */
public final class Standing {
  /** Endings that somebody may ask about, though no reply told of them. */
  private static final Set<String> FAULTS =
      Set.of(
          "tls-failed",
          "timeout-in-auth",
          "gone-in-auth",
          "gone-in-data",
          "data-timeout",
          "our-mistake");

  private final Id connection;
  private final Line line;
  private final Transport transport;
  private final Surroundings around;
  private final String listener;
  private final IntSupplier kept;
  private final Instant since;
  private final long began = System.nanoTime();
  private volatile Phase phase = new Phase.Arrived();
  private volatile boolean receiving;
  private volatile Optional<Identity> who = Optional.empty();
  private volatile boolean over;

  /**
   * @param kept how many messages were taken so far
   */
  Standing(DataDialogue.Origin origin, Line line, Surroundings around, IntSupplier kept) {
    this.connection = origin.connection();
    this.listener = origin.listener();
    this.transport = origin.transport();
    this.line = line;
    this.around = around;
    this.kept = kept;
    this.since = around.clock().instant();
  }

  /** As it is now. */
  public Presented presented() {
    Phase now = phase;
    return new Presented(
        connection,
        since,
        listener,
        transport.client(),
        now.who().map(Identity::authn),
        now.who().map(Identity::credential),
        now.helloSaid().map(Phase.Hello::name),
        transport.tls().map(TlsInfo::protocol),
        receiving ? "data" : now.word(),
        kept.getAsInt());
  }

  /** What was said so far, without secrets. */
  public List<String> transcript() {
    return line.transcript().lines();
  }

  /** A message comes in. */
  void receiving(boolean begins) {
    receiving = begins;
  }

  /** The end: what there is to remember of it is told. */
  void ended(String why) {
    Optional<String> user = phase.who().map(Identity::authn);
    if (line.transcript().failed() || FAULTS.contains(why)) {
      line.transcript().note(why);
      around
          .events()
          .tell(
              new Event.Dialogue(
                  connection,
                  listener,
                  why,
                  line.transcript().lines(),
                  user.or(line.transcript()::tried),
                  client()));
    }
    around
        .events()
        .tell(
            new Event.Disconnected(
                connection,
                why,
                kept.getAsInt(),
                Duration.ofNanos(System.nanoTime() - began),
                user,
                client()));
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
    this.phase = phase;
    who = phase.who();
    if (who.filter(w -> !around.gate().stands().test(w)).isPresent()) {
      end();
    }
  }

  /** Sends them home: the login is not good any more, whatever is under way. */
  public void end() {
    end(Replies.LOGIN_ENDED);
  }

  /** An administrator sends them home, whoever they are and whatever is under way. */
  public void kill() {
    end(Replies.ENDED_BY_ADMINISTRATOR);
  }

  private void end(Reply lastWord) {
    over = true;
    if (line.expel(lastWord)) {
      who.map(w -> new Event.LoginEnded(connection, w.authn(), w.credential(), client()))
          .ifPresent(around.events()::tell);
    }
  }
}
