package heddle.directory;

import heddle.event.Event;
import heddle.event.Events;
import heddle.hook.AuthAttempt;
import heddle.hook.Connection;
import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.mail.Secret;
import heddle.sasl.Attempt;
import heddle.sasl.Authenticator;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusal;
import heddle.sasl.Refusals;
import heddle.sasl.Verifier;
import heddle.sasl.Voiced;
import heddle.scripting.Generation;
import heddle.scripting.Outcome;
import heddle.store.Account;
import heddle.store.Accounts;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The site's hooks as voices in the question "who is this?". The same hook called again with one
 * more on each reply is a fold over {@link Decision.Reply}. Every yes comes through the gate. Safe
 * to share.
 */
public final class HookVoices {
  private final Generation generation;
  private final Accounts accounts;
  private final Admission admission;
  private final Events events;

  public HookVoices(Generation generation, Accounts accounts, Admission admission, Events events) {
    this.generation = generation;
    this.accounts = accounts;
    this.admission = admission;
    this.events = events;
  }

  /** Speaks a mechanism from its first word; {@code verify()} passes on to the next voice. */
  public Authenticator voice(String hook) {
    return admission.behind(attempt -> step(hook, attempt, Optional.empty()));
  }

  /**
   * Stands before the directories of PLAIN and LOGIN, whose words are decoded already.
   *
   * @param behind who decides after {@code verify()}
   */
  public Verifier before(String hook, Verifier behind) {
    return new Verifier() {
      @Override
      public Set<Class<? extends Claim>> proves() {
        return Set.of(Claim.Password.class);
      }

      @Override
      public Decision check(Claim claim, Attempt attempt) throws Exception {
        return check(claim, attempt, _ -> {});
      }

      @Override
      public Decision check(Claim claim, Attempt attempt, Consumer<Voiced> heard) throws Exception {
        if (!(claim instanceof Claim.Password password)) {
          return new Decision.Pass("no password");
        }
        Decision said = ask(hook, password, attempt, behind, heard);
        Decision decision = admission.admit(said, attempt);
        if (said instanceof Decision.Accept && !(decision instanceof Decision.Accept)) {
          heard.accept(new Voiced("gate", decision, Duration.ZERO));
        }
        return decision;
      }
    };
  }

  private Decision ask(
      String hook, Claim.Password claim, Attempt attempt, Verifier behind, Consumer<Voiced> heard)
      throws Exception {
    // The exchange may outlive this call, by a reply of the hook's; its secret must, too.
    Secret password = claim.password().use(Secret::of);
    var credentials = new AuthAttempt.Credentials(claim.authn(), claim.authz(), password);
    var first = new Fold(attempt.state(), Optional.of(credentials));
    long began = System.nanoTime();
    Decision decision = first.step(hook, attempt);
    heard.accept(new Voiced("hook/" + hook, decision, Duration.ofNanos(System.nanoTime() - began)));
    if (!(decision instanceof Decision.Reply)) {
      password.close();
    }
    if (!(decision instanceof Decision.Pass)) {
      return decision;
    }
    return behind.proves().contains(Claim.Password.class)
        ? behind.check(claim, attempt, heard)
        : mistake(attempt, hook, "verify(), and no directory could");
  }

  private Decision step(String hook, Attempt attempt, Optional<AuthAttempt.Credentials> credentials)
      throws InterruptedException {
    return new Fold(attempt.state(), credentials).step(hook, attempt);
  }

  /** One exchange with a hook; begun at the dialogue's own count of steps. */
  private final class Fold {
    private final int begun;
    private final Optional<AuthAttempt.Credentials> credentials;

    Fold(int begun, Optional<AuthAttempt.Credentials> credentials) {
      this.begun = begun;
      this.credentials = credentials;
    }

    Decision step(String hook, Attempt attempt) throws InterruptedException {
      int state = attempt.state() - begun;
      // Of PLAIN and LOGIN the response was read beforehand.
      Optional<Octets> response =
          state == 0 && credentials.isPresent() ? Optional.empty() : attempt.response();
      var asked =
          new AuthAttempt(
              Connection.of(attempt),
              attempt.transaction(),
              attempt.mechanism(),
              state,
              response,
              credentials);
      return switch (generation.auth(hook, asked)) {
        case Outcome.Failed<heddle.hook.Decision> _ -> new Decision.Defer(Refusals.MISTAKE);
        case Outcome.Said<heddle.hook.Decision>(var words) ->
            words
                .map(said -> decision(hook, said, asked, attempt))
                .orElse(new Decision.Reject(Refusals.HOOK));
      };
    }

    private Decision decision(
        String hook, heddle.hook.Decision said, AuthAttempt asked, Attempt attempt) {
      return switch (said) {
        case heddle.hook.Decision.Accept accept -> accepted(hook, accept, asked, attempt);
        case heddle.hook.Decision.Reject(var reply, var closes) ->
            new Decision.Reject(new Refusal(reply, Refusal.Reason.HOOK, closes));
        case heddle.hook.Decision.Defer(var reply, var closes) ->
            new Decision.Defer(new Refusal(reply, Refusal.Reason.HOOK, closes));
        // The prompt is the last that is said, in place of a no; the exchange counts as aborted.
        case heddle.hook.Decision.Challenge(var prompt, var closes) when closes ->
            new Decision.Reject(
                new Refusal(Reply.bare(334, prompt.base64()), Refusal.Reason.ABORTED, true));
        case heddle.hook.Decision.Challenge(var prompt, _) ->
            new Decision.Reply(prompt, answered -> step(hook, answered));
        case heddle.hook.Decision.Verify _ ->
            asked.state() == 0
                ? new Decision.Pass("verify()")
                : mistake(attempt, hook, "verify() at state " + asked.state());
      };
    }
  }

  private Decision accepted(
      String hook, heddle.hook.Decision.Accept accept, AuthAttempt asked, Attempt attempt) {
    Optional<String> given = accept.username().or(asked::username);
    Optional<String> authn = given.flatMap(LoginName::normal);
    if (given.isEmpty() || authn.isEmpty()) {
      return mistake(attempt, hook, "accept() without a name that can be one");
    }
    // RFC 4616 §2: "as the (presented or derived) authorization identity"; a hook that did not name
    // it has not looked at it.
    boolean asItself = asked.authzid().equals(asked.username());
    if (accept.username().isEmpty() && accept.authzid().isEmpty() && !asItself) {
      return new Decision.Reject(Refusals.NOT_ALLOWED);
    }
    Optional<String> authz = accept.authzid().map(LoginName::normal).orElse(authn);
    return authz.isEmpty()
        ? mistake(attempt, hook, "actingAs() a name that cannot be one")
        : new Decision.Accept(
            who(hook, given.get(), authn.get(), authz.get(), accept.groups(), attempt),
            accept.last());
  }

  private Identity who(
      String hook, String given, String authn, String authz, Set<String> groups, Attempt attempt) {
    return new Identity(
        authn,
        authz,
        given,
        accounts.snapshot().find(authz).map(Account::name),
        "hook:" + hook,
        attempt.mechanism(),
        groups);
  }

  private Decision mistake(Attempt attempt, String hook, String why) {
    events.tell(new Event.HookFailed(Optional.of(attempt.connection()), hook, why));
    return new Decision.Defer(Refusals.MISTAKE);
  }

  /** A password hook as one of those who may be asked. */
  public Directory directory(String hook) {
    return new Directory() {
      @Override
      public Set<Class<? extends Claim>> proves() {
        return Set.of(Claim.Password.class);
      }

      @Override
      public Decision check(Claim claim, Attempt attempt) throws Exception {
        return claim instanceof Claim.Password password
            ? checked(hook, password, attempt)
            : new Decision.Pass("no password");
      }
    };
  }

  private Decision checked(String hook, Claim.Password claim, Attempt attempt)
      throws InterruptedException {
    Optional<String> authn = LoginName.normal(claim.authn());
    Optional<String> authz = LoginName.normal(claim.authz());
    if (authn.isEmpty() || authz.isEmpty()) {
      return new Decision.Reject(Refusals.UNKNOWN);
    }
    var answer =
        generation.password(
            hook, claim.authz(), claim.authn(), claim.password(), Connection.of(attempt));
    return switch (answer) {
      case Outcome.Failed<Set<String>> _ -> new Decision.Defer(Refusals.UNAVAILABLE);
      // Whether it does not know the name or the password is wrong, it does not tell.
      case Outcome.Said<Set<String>>(var groups) ->
          groups.isPresent()
              ? new Decision.Accept(
                  who(hook, claim.authn(), authn.get(), authz.get(), groups.get(), attempt))
              : new Decision.Reject(Refusals.UNKNOWN);
    };
  }

  /** The generation that these voices speak of. */
  public Generation generation() {
    return generation;
  }
}
