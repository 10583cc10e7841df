package heddle.directory;

import heddle.sasl.Authenticator;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusals;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Credential;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The gate behind every Accept, whoever spoke it: the account is enabled, and the credential is
 * still there and not expired. It looks at the accounts as they are now, not as they were when the
 * exchange began. Safe to share.
 */
public final class Admission {
  private final Accounts accounts;
  private final InstantSource clock;

  public Admission(Accounts accounts, InstantSource clock) {
    this.accounts = accounts;
    this.clock = clock;
  }

  /** The decision, or a no in place of an Accept; behind a Reply the gate stands again. */
  public Decision admit(Decision decision) {
    return switch (decision) {
      case Decision.Accept accept ->
          admitted(accept.who()) ? accept : new Decision.Reject(Refusals.DISABLED);
      case Decision.Reply reply -> new Decision.Reply(reply.prompt(), behind(reply.then()));
      case Decision.Reject reject -> reject;
      case Decision.Defer defer -> defer;
      case Decision.Pass pass -> pass;
    };
  }

  /** A voice, a site's hook for one, whose every yes comes through the gate. */
  public Authenticator behind(Authenticator voice) {
    return attempt -> admit(voice.decide(attempt));
  }

  private boolean admitted(Identity who) {
    return open(who.authn()) && open(who.authz()) && live(who);
  }

  /** An account of the name, if there is one here, is enabled: whoever proved the password. */
  private boolean open(String name) {
    return LoginName.normal(name)
        .flatMap(accounts.snapshot()::find)
        .map(Account::enabled)
        .orElse(true);
  }

  /** A local account's own credential, where it was one, has neither gone nor expired. */
  private boolean live(Identity who) {
    if (who.account().isEmpty()) {
      return true;
    }
    Optional<Account> account = accounts.snapshot().find(who.account().get());
    return account.isPresent()
        && account.get().credentials().stream()
            .filter(c -> c.title().equals(who.credential()))
            .allMatch(this::live);
  }

  private boolean live(Credential credential) {
    return !credential.expired(clock.instant());
  }
}
