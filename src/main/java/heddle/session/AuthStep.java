package heddle.session;

import heddle.event.Event;
import heddle.limit.AuthPenalty;
import heddle.mail.Id;
import heddle.mail.Reply;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.sasl.Attempt;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
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
    Optional<Ways.Way> chosen = ways.named(auth.mechanism());
    if (chosen.isEmpty()) {
      return new Result.Out(Replies.MECHANISM_UNKNOWN);
    }
    Ways.Way way = chosen.get();
    if (way.needsTls() && !ways.secured()) {
      // The credential is neither decoded nor logged: whoever listens has it already, and the
      // administrator is told whose password to change by where it came from.
      tell(new Event.LoginInClear(attempt.connection(), way.name(), attempt.client()));
      return new Result.Out(Replies.TLS_BEFORE_AUTH);
    }
    Optional<String> hook = manners.hook();
    Verifier verifier = ways.verifier();
    boolean decoded = hook.isPresent() && way.isFor(Claim.Password.class);
    var heard =
        new Overheard(decoded ? around.hooks().before(hook.orElseThrow(), verifier) : verifier);
    var ending = dialogue(talk()).run(attempt, auth.initial(), voices(way, hook, heard, verifier));
    return switch (ending) {
      case AuthDialogue.Ending.Welcome welcome -> welcome(welcome.who(), heard.binding(), attempt);
      case AuthDialogue.Ending.Refused refused ->
          refused(refused.refusal(), heard.name(), attempt.connection(), attempt);
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
    var builtIn =
        (decoded ? way.builtIn() : way.provable(verifier.proves()))
            .map(m -> new AuthDialogue.Voice(way.name(), m.with(heard)))
            .orElse(new AuthDialogue.Voice("nobody", _ -> new Decision.Defer(Refusals.MISTAKE)));
    return hook.isEmpty() || decoded
        ? List.of(builtIn)
        : List.of(
            new AuthDialogue.Voice("hook/" + hook.get(), around.hooks().voice(hook.get())),
            builtIn);
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
        return proxy.hear(line, limit, Deadline.in(manners.idleTimeout()));
      }
    };
  }

  /** A yes: who it is, is known from here on. */
  Result welcome(Identity who, Optional<String> binding, Attempt attempt) {
    tell(
        new Event.LoginAccepted(
            attempt.connection(),
            who.authn(),
            who.authz(),
            who.mechanism(),
            binding,
            who.credential(),
            attempt.client()));
    return new Result.In(who, Replies.AUTHENTICATED);
  }

  /** A no: counted where it is a failure, and told after its wait. */
  Result refused(Refusal refusal, Optional<String> name, Id connection, Attempt attempt)
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
    private Optional<String> binding = Optional.empty();

    Overheard(Verifier verifier) {
      this.verifier = verifier;
    }

    Optional<String> name() {
      return name;
    }

    Optional<String> binding() {
      return binding;
    }

    @Override
    public Set<Class<? extends Claim>> proves() {
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
    public Decision check(Claim claim, Attempt attempt) throws Exception {
      name =
          switch (claim) {
            case Claim.Password password -> Optional.of(password.authn());
            case Claim.Scram scram -> {
              binding = scram.binding();
              yield Optional.of(scram.authn());
            }
            case Claim.CramMd5 cram -> Optional.of(cram.authn());
            case Claim.Present present -> present.authz();
            case Claim.Token token -> token.authz();
          };
      return verifier.check(claim, attempt);
    }
  }
}
