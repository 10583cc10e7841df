package heddle.session;

import heddle.event.Event;
import heddle.limit.AuthPenalty;
import heddle.limit.LoginPatience;
import heddle.mail.Id;
import heddle.mail.Reply;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.sasl.Attempt;
import heddle.sasl.Authenticator;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusal;
import heddle.sasl.Refusals;
import heddle.sasl.Verifier;
import heddle.smtp.Command;
import heddle.smtp.Replies;
import heddle.wire.Deadline;
import heddle.wire.Heard;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** AUTH: which mechanisms are offered, the exchange, and what a failure costs. */
class AuthStep {
  private final Line line;
  private final Surroundings around;
  private final Manners manners;
  private final AuthPenalty penalty;
  private final ProxyStep proxy;
  private final Ways ways;
  private List<String> offered = List.of();

  /** When the exchange under way began, and how long it has waited for the client since. */
  private long began;

  private long waited;

  /** How AUTH ended. */
  sealed interface Result {
    record In(Identity who, Reply reply) implements Result {}

    record Out(Reply reply) implements Result {}

    record Leave(Optional<Reply> reply, String why) implements Result {}
  }

  AuthStep(
      Line line,
      Surroundings around,
      Manners manners,
      ProxyStep proxy,
      Supplier<Presence> presence) {
    this.line = line;
    this.around = around;
    this.manners = manners;
    this.proxy = proxy;
    this.ways = new Ways(around, manners, presence);
    this.penalty = new AuthPenalty();
  }

  /** The mechanisms to name in EHLO. */
  List<String> offered() {
    offered = ways.offered();
    return offered;
  }

  /** As {@link #offered} was told last. */
  Set<String> offeredNow() {
    return Set.copyOf(offered);
  }

  /** Whether anybody could log in here, now or under TLS. */
  boolean possible() {
    return !ways.able().isEmpty();
  }

  /** The whole of one AUTH command. */
  Result run(Command.Auth auth, Attempt attempt) throws IOException {
    begin();
    Optional<Ways.Way> chosen = ways.named(auth.mechanism());
    if (chosen.isEmpty()) {
      return new Result.Out(Replies.MECHANISM_UNKNOWN);
    }
    Ways.Way way = chosen.get();
    if (!ways.mayBeSaid(way)) {
      // The credential is neither decoded nor logged: whoever listens has it already, and the
      // administrator is told whose password to change by where it came from.
      tell(new Event.LoginInClear(attempt.connection(), way.name(), attempt.client()));
      return new Result.Out(Replies.TLS_BEFORE_AUTH);
    }
    // In clear there are devices' passwords, and those only our own accounts have.
    boolean clear = way.needsTls() && !ways.secured();
    Optional<String> hook = clear ? Optional.empty() : manners.hook();
    Verifier verifier = ways.verifier();
    boolean decoded = hook.isPresent() && way.isFor(Claim.Password.class);
    var heard =
        new Overheard(
            decoded ? around.hooks().before(hook.orElseThrow(), verifier) : verifier,
            around.gate().patience(),
            around.gate().account());
    AuthDialogue dialogue = dialogue(talk());
    var ending = dialogue.run(attempt, auth.initial(), voices(way, hook, heard, verifier));
    String step = Deciding.step(dialogue.said(), heard.voices(), line.transcript());
    if (clear && ending instanceof AuthDialogue.Ending.Refused) {
      tell(new Event.LoginInClear(attempt.connection(), way.name(), attempt.client()));
    }
    return switch (ending) {
      case AuthDialogue.Ending.Welcome welcome ->
          welcome(welcome.who(), heard.binding(), step, attempt);
      case AuthDialogue.Ending.Refused refused ->
          refused(
              refused.refusal(),
              new Told(heard.name(), Deciding.voice(refused.refusal(), step), heard.counted()),
              attempt);
      case AuthDialogue.Ending.TimedOut _ ->
          new Result.Leave(Optional.of(Replies.IDLE), "timeout-in-auth");
      case AuthDialogue.Ending.Gone _ -> new Result.Leave(Optional.empty(), "gone-in-auth");
    };
  }

  /** A conversation about one AUTH command, not yet begun. */
  AuthDialogue dialogue(AuthDialogue.Talk talk) {
    return new AuthDialogue(talk);
  }

  /** The site's hook first, if there is one; of PLAIN and LOGIN it hears what they say. */
  private List<AuthDialogue.Voice> voices(
      Ways.Way way, Optional<String> hook, Overheard heard, Verifier verifier) {
    boolean decoded = hook.isPresent() && way.isFor(Claim.Password.class);
    Authenticator ours =
        (decoded ? way.builtIn() : way.provable(verifier.proves()))
            .map(m -> m.with(heard))
            .or(() -> way.spoken(verifier).map(heard::patient))
            .orElse(_ -> new Decision.Defer(Refusals.MISTAKE));
    var builtIn = new AuthDialogue.Voice(way.name(), ours);
    return hook.isEmpty() || decoded
        ? List.of(builtIn)
        : List.of(
            new AuthDialogue.Voice(
                "hook/" + hook.get(), heard.patient(around.hooks().voice(hook.get()))),
            builtIn);
  }

  /** An AUTH line with an initial response beyond all limits; it was read over, not kept. */
  Result tooLong(Attempt attempt) throws IOException {
    begin();
    return refused(
        Refusals.LINE_TOO_LONG, new Told(Optional.empty(), Deciding.PROTOCOL, true), attempt);
  }

  private void begin() {
    began = System.nanoTime();
    waited = 0;
  }

  /** So far, and of our own time: a client may take minutes to type a password. */
  private Duration took() {
    return Duration.ofNanos(System.nanoTime() - began - waited);
  }

  private AuthDialogue.Talk talk() {
    return new AuthDialogue.Talk() {
      @Override
      public void say(Reply reply) throws IOException {
        line.say(reply);
      }

      @Override
      public Heard hear(int limit) throws IOException {
        long asked = System.nanoTime();
        try {
          Heard heard = proxy.hear(line, limit, Deadline.in(manners.idleTimeout()));
          if (heard instanceof Heard.Line words) {
            line.transcript().response(words.octets());
          }
          return heard;
        } finally {
          waited += System.nanoTime() - asked;
        }
      }
    };
  }

  /** A yes: who it is, is known from here on. */
  Result welcome(Identity who, Optional<String> binding, String step, Attempt attempt) {
    tell(
        new Event.LoginAccepted(
            attempt.connection(),
            attempt.listener(),
            who.authn(),
            who.authz(),
            who.mechanism(),
            binding,
            who.credential(),
            step,
            took(),
            attempt.client()));
    return new Result.In(who, Replies.AUTHENTICATED);
  }

  /**
   * What is known of a login that did not succeed.
   *
   * @param name as the client gave it
   * @param step what decided
   * @param counted whether patience over all connections knows of it
   */
  record Told(Optional<String> name, String step, boolean counted) {}

  /** A no: counted where it is a failure, and told after its wait. */
  Result refused(Refusal refusal, Told told, Attempt attempt) throws IOException {
    RemoteAddress client = attempt.client();
    Id connection = attempt.connection();
    String reason = refusal.reason().toString();
    line.transcript().refused("not logged in: " + reason + ", by " + told.step(), told.name());
    String at = attempt.listener();
    String mechanism = attempt.mechanism();
    if (refusal.reply().temporary()) {
      tell(
          new Event.LoginDeferred(
              connection, at, told.name(), mechanism, reason, told.step(), took(), client));
      // Who guesses is to have nothing of it that we do not even look.
      if (refusal.reason() == Refusal.Reason.PENALTY && !rest(client, manners.authWait())) {
        return new Result.Leave(Optional.of(Replies.TOO_MANY_LOGIN_FAILURES), "auth-errors");
      }
      return refusal.disconnect()
          ? new Result.Leave(Optional.of(refusal.reply()), "auth-deferred")
          : new Result.Out(refusal.reply());
    }
    tell(
        new Event.LoginFailed(
            connection, at, told.name(), mechanism, reason, told.step(), took(), client));
    if (!told.counted() && refusal.reason().guesses()) {
      around.gate().patience().failed(client);
    }
    AuthPenalty.Consequence sentence = penalty.failed(manners.authErrors(), manners.authWait());
    if (!rest(client, sentence.delay()) || sentence.close()) {
      return new Result.Leave(Optional.of(Replies.TOO_MANY_LOGIN_FAILURES), "auth-errors");
    }
    return refusal.disconnect()
        ? new Result.Leave(Optional.of(refusal.reply()), "auth-refused")
        : new Result.Out(refusal.reply());
  }

  /** False where so many are kept waiting already that this one has to go. */
  private boolean rest(RemoteAddress client, Duration least) throws IOException {
    if (least.isZero()) {
      return true;
    }
    line.flush();
    LoginPatience patience = around.gate().patience();
    try {
      return patience.rest(patience.delay(client, least));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped", stopped);
    }
  }

  private void tell(Event event) {
    around.events().tell(event);
  }
}
