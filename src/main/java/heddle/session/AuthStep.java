package heddle.session;

import heddle.config.Source;
import heddle.event.Event;
import heddle.limit.AuthPenalty;
import heddle.mail.Id;
import heddle.mail.Reply;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.sasl.Attempt;
import heddle.sasl.Claim;
import heddle.sasl.Identity;
import heddle.sasl.Mechanism;
import heddle.sasl.Refusal;
import heddle.sasl.Refusals;
import heddle.sasl.Salt;
import heddle.sasl.ScramHash;
import heddle.sasl.Verifier;
import heddle.smtp.Command;
import heddle.smtp.Replies;
import heddle.wire.Deadline;
import heddle.wire.Heard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** AUTH: which mechanisms are offered, the exchange, and what a failure costs. */
final class AuthStep {
  private final Line line;
  private final Surroundings around;
  private final Manners manners;
  private final AuthPenalty penalty;
  private final Supplier<Presence> presence;
  private List<String> offered = List.of();

  /** How AUTH ended. */
  sealed interface Result {
    record In(Identity who, Reply reply) implements Result {}

    record Out(Reply reply) implements Result {}

    record Leave(Optional<Reply> reply, String why) implements Result {}
  }

  AuthStep(Line line, Surroundings around, Manners manners, Supplier<Presence> presence) {
    this.line = line;
    this.around = around;
    this.manners = manners;
    this.presence = presence;
    this.penalty = new AuthPenalty();
  }

  /**
   * The mechanisms to name in EHLO: listed by the site, provable by every directory asked, of use
   * to this client, and not in need of a TLS that is not there.
   */
  List<String> offered() {
    offered =
        usable().stream().filter(m -> secured() || !m.needsTls()).map(Mechanism::name).toList();
    return offered;
  }

  /** As {@link #offered} was told last. */
  Set<String> offeredNow() {
    return Set.copyOf(offered);
  }

  /** Nobody listens in on TLS, nor on a socket of this machine. */
  private boolean secured() {
    return presence.get().tls().isPresent() || presence.get().unix().isPresent();
  }

  /** Whether anybody could log in here, now or under TLS. */
  boolean possible() {
    return !able().isEmpty();
  }

  private List<Mechanism> able() {
    List<Source> lookup = manners.lookup();
    if (lookup.isEmpty()) {
      return List.of();
    }
    var provable = around.directories().apply(lookup).proves();
    List<Mechanism> able = new ArrayList<>();
    for (String name : manners.mechanisms()) {
      around
          .mechanisms()
          .named(name)
          .filter(m -> provable.contains(m.claim()))
          .ifPresent(able::add);
    }
    return able;
  }

  /** Of these, those that make sense with what the line tells. */
  private List<Mechanism> usable() {
    Presence now = presence.get();
    Verifier verifier = around.directories().apply(manners.lookup());
    return able().stream()
        .filter(m -> m.suits(now))
        .filter(m -> m.claim() != Claim.Present.class || verifier.mayKnow(now))
        .toList();
  }

  /** The whole of one AUTH command. */
  Result run(Command.Auth auth, Attempt attempt) throws IOException {
    Optional<Mechanism> chosen =
        able().stream()
            .filter(m -> m.suits(presence.get()) || !secured())
            .filter(m -> m.name().equals(auth.mechanism()))
            .findFirst();
    if (chosen.isEmpty()) {
      return new Result.Out(Replies.MECHANISM_UNKNOWN);
    }
    Mechanism mechanism = chosen.get();
    if (mechanism.needsTls() && !secured()) {
      // The credential is neither decoded nor logged: whoever listens has it already, and the
      // administrator is told whose password to change by where it came from.
      tell(new Event.LoginInClear(attempt.connection(), mechanism.name(), attempt.client()));
      return new Result.Out(Replies.TLS_BEFORE_AUTH);
    }
    Verifier verifier = around.directories().apply(manners.lookup());
    var heard = new Overheard(verifier);
    var dialogue = new AuthDialogue(talk());
    var voice = new AuthDialogue.Voice(mechanism.name(), mechanism.with(heard));
    var ending = dialogue.run(attempt, auth.initial(), List.of(voice));
    return switch (ending) {
      case AuthDialogue.Ending.Welcome welcome -> welcome(welcome.who(), attempt);
      case AuthDialogue.Ending.Refused refused ->
          refused(refused.refusal(), heard.name(), attempt.connection(), attempt);
      case AuthDialogue.Ending.TimedOut _ ->
          new Result.Leave(Optional.of(Replies.IDLE), "timeout-in-auth");
      case AuthDialogue.Ending.Gone _ -> new Result.Leave(Optional.empty(), "gone-in-auth");
    };
  }

  /** An AUTH line with an initial response beyond all limits; it was read over, not kept. */
  Result tooLong(Attempt attempt) throws IOException {
    return refused(Refusals.LINE_TOO_LONG, Optional.empty(), attempt.connection(), attempt);
  }

  private AuthDialogue.Talk talk() {
    return new AuthDialogue.Talk() {
      @Override
      public void say(Reply reply) throws IOException {
        line.say(reply);
      }

      @Override
      public Heard hear(int limit) throws IOException {
        return line.hear(limit, Deadline.in(manners.idleTimeout()));
      }
    };
  }

  private Result welcome(Identity who, Attempt attempt) {
    tell(
        new Event.LoginAccepted(
            attempt.connection(),
            who.authn(),
            who.authz(),
            who.mechanism(),
            who.credential(),
            attempt.client()));
    return new Result.In(who, Replies.AUTHENTICATED);
  }

  private Result refused(Refusal refusal, Optional<String> name, Id connection, Attempt attempt)
      throws IOException {
    RemoteAddress client = attempt.client();
    String reason = refusal.reason().toString();
    if (refusal.reply().temporary()) {
      tell(new Event.LoginDeferred(connection, name, attempt.mechanism(), reason, client));
    } else {
      tell(new Event.LoginFailed(connection, name, attempt.mechanism(), reason, client));
    }
    if (refusal.reply().temporary()) {
      return refusal.disconnect()
          ? new Result.Leave(Optional.of(refusal.reply()), "auth-deferred")
          : new Result.Out(refusal.reply());
    }
    AuthPenalty.Consequence sentence = penalty.failed(manners.authErrors(), manners.authWait());
    if (!sentence.delay().isZero()) {
      line.flush();
      rest(sentence.delay());
    }
    if (sentence.close()) {
      return new Result.Leave(Optional.of(Replies.TOO_MANY_LOGIN_FAILURES), "auth-errors");
    }
    return refusal.disconnect()
        ? new Result.Leave(Optional.of(refusal.reply()), "auth-refused")
        : new Result.Out(refusal.reply());
  }

  private static void rest(java.time.Duration time) throws IOException {
    try {
      Thread.sleep(time);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped", stopped);
    }
  }

  private void tell(Event event) {
    around.events().tell(event);
  }

  /** Passes claims on and remembers the name in them, for the log. */
  private static final class Overheard implements Verifier {
    private final Verifier verifier;
    private Optional<String> name = Optional.empty();

    Overheard(Verifier verifier) {
      this.verifier = verifier;
    }

    Optional<String> name() {
      return name;
    }

    @Override
    public java.util.Set<Class<? extends Claim>> proves() {
      return verifier.proves();
    }

    @Override
    public Salt salt(String authn, ScramHash hash) {
      name = Optional.of(authn);
      return verifier.salt(authn, hash);
    }

    @Override
    public boolean mayKnow(Presence presence) {
      return verifier.mayKnow(presence);
    }

    @Override
    public heddle.sasl.Decision check(Claim claim, Attempt attempt) throws Exception {
      name =
          switch (claim) {
            case Claim.Password password -> Optional.of(password.authn());
            case Claim.Scram scram -> Optional.of(scram.authn());
            case Claim.CramMd5 cram -> Optional.of(cram.authn());
            case Claim.Present present -> present.authz();
            case Claim.Token token -> token.authz();
          };
      return verifier.check(claim, attempt);
    }
  }
}
