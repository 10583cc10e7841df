package heddle.directory;

import heddle.peer.RemoteAddress;
import heddle.sasl.Attempt;
import heddle.sasl.Authenticator;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusal;
import heddle.sasl.Refusals;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Credential;
import heddle.store.Snapshot;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The gate behind every Accept, whoever spoke it: the account is enabled and nobody has shut it
 * out; the credential is still the one it was, has not expired, and counts here; the main password
 * is not barred. It looks at the accounts as they are now, not as they were when the exchange
 * began. Safe to share.
 */
public final class Admission {
  private final Accounts accounts;
  private final InstantSource clock;
  private final Predicate<String> blocked;

  /**
   * @param blocked whether an administrator has shut out this name, in normal form
   */
  public Admission(Accounts accounts, InstantSource clock, Predicate<String> blocked) {
    this.accounts = accounts;
    this.clock = clock;
    this.blocked = blocked;
  }

  /** The decision, or a no in place of an Accept; behind a Reply the gate stands again. */
  public Decision admit(Decision decision, Attempt attempt) {
    return switch (decision) {
      case Decision.Accept accept ->
          objection(accept.who(), attempt.client(), attempt.listener())
              .<Decision>map(Decision.Reject::new)
              .orElse(accept);
      case Decision.Reply reply ->
          new Decision.Reply(reply.prompt(), behind(reply.then()), reply.unanswered());
      case Decision.Reject reject -> reject;
      case Decision.Defer defer -> defer;
      case Decision.Pass pass -> pass;
    };
  }

  /** A voice, a site's hook for one, whose every yes comes through the gate. */
  public Authenticator behind(Authenticator voice) {
    return attempt -> admit(voice.decide(attempt), attempt);
  }

  /** Whether somebody who was let in would be let in now; where they are has not changed. */
  public boolean stands(Identity who) {
    return objection(who).isEmpty();
  }

  private Optional<Refusal> objection(Identity who, RemoteAddress client, String listener) {
    return who.shown().terms().holdAt(client, listener)
        ? objection(who)
        : Optional.of(Refusals.NOT_HERE);
  }

  private Optional<Refusal> objection(Identity who) {
    if (blocked.test(who.authn()) || blocked.test(who.authz())) {
      return Optional.of(Refusals.BLOCKED);
    }
    Snapshot now = accounts.snapshot();
    if (!open(who.authn(), now) || !open(who.authz(), now)) {
      return Optional.of(Refusals.DISABLED);
    }
    if (who.account().isPresent() && who.account().flatMap(now::find).isEmpty()) {
      return Optional.of(Refusals.DISABLED);
    }
    return who.shown().id().isPresent() ? credential(who, now) : Optional.empty();
  }

  /** An account of the name, if there is one here, is enabled: whoever proved the password. */
  private static boolean open(String name, Snapshot now) {
    return LoginName.normal(name).flatMap(now::find).map(Account::enabled).orElse(true);
  }

  /** A local account's own credential has neither gone, nor changed, nor expired. */
  private Optional<Refusal> credential(Identity who, Snapshot now) {
    Optional<Account> account = who.account().flatMap(now::find);
    Optional<Credential> shown =
        account
            .flatMap(a -> a.credential(who.shown().id().orElseThrow()))
            .filter(c -> c.version() == who.shown().version());
    if (shown.isEmpty()) {
      return Optional.of(Refusals.WRONG);
    }
    if (shown.get().expired(clock.instant())) {
      return Optional.of(Refusals.DISABLED);
    }
    boolean main = shown.get().kind() == Credential.Kind.PASSWORD;
    return main && account.orElseThrow().barred() ? Optional.of(Refusals.BARRED) : Optional.empty();
  }
}
