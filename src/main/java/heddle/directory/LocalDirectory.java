package heddle.directory;

import heddle.mail.Domain;
import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.peer.Presence;
import heddle.sasl.Attempt;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusals;
import heddle.sasl.Salt;
import heddle.sasl.ScramHash;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Change;
import heddle.store.Credential;
import heddle.store.Material;
import heddle.store.ScramSalt;
import heddle.store.Snapshot;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Our own accounts. Known or unknown, enabled or not, with a password or without: a login that
 * fails takes the same steps and one run of Argon2id. Safe to share.
 */
public final class LocalDirectory implements Directory {
  /** Stands in where there is no account, so that no step is left out. */
  private static final Account NOBODY = nobody();

  private final Accounts accounts;
  private final Passwords passwords;
  private final Admission admission;
  private final List<Domain> domains;
  private final ProvenPasswords proven;
  private final Suspicion suspicion = new Suspicion();
  private final Keys keys;
  private final Renewal renewal;

  /**
   * @param domains of ours, in which a name without {@code @} is looked for
   * @param extras what is kept beside the usual of a password that came with another server's hash
   */
  public LocalDirectory(
      Accounts accounts,
      Passwords passwords,
      Admission admission,
      List<Domain> domains,
      Set<Passwords.Extra> extras,
      SecureRandom random,
      InstantSource clock) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.admission = admission;
    this.domains = List.copyOf(domains);
    this.proven = new ProvenPasswords(random);
    this.keys = new Keys(accounts, admission, clock);
    this.renewal = new Renewal(accounts, passwords, extras);
    accounts.onChange(
        change -> {
          // Ten thousand may come at once, and of a new one nothing is remembered.
          if (change.kind() != Change.Kind.ADDED) {
            proven.forget(change.account());
          }
        });
  }

  private static Account nobody() {
    var id = new Id("000000000000");
    var then = Instant.EPOCH;
    var nothing = new Material(Octets.EMPTY, Optional.empty(), Optional.empty());
    var none =
        new Credential(id, Credential.Kind.PASSWORD, "", 0, nothing, then, then, Optional.empty());
    var salt = new ScramSalt(Octets.of(new byte[ScramSalt.OCTETS]), 4096);
    return new Account(
        id, "", "", Optional.of("nobody"), false, List.of(), salt, then, then, List.of(none));
  }

  @Override
  public Set<Class<? extends Claim>> proves() {
    return Set.of(
        Claim.Password.class, Claim.Scram.class, Claim.CramMd5.class, Claim.Present.class);
  }

  @Override
  public Decision check(Claim claim, Attempt attempt) throws InterruptedException {
    return switch (claim) {
      case Claim.Password password -> password(password, attempt);
      case Claim.Scram scram -> suspected(scram(scram, attempt), attempt);
      case Claim.CramMd5 cram -> suspected(cramMd5(cram, attempt), attempt);
      case Claim.Present present -> suspected(keys.check(present, attempt), attempt);
      case Claim.Token _ -> new Decision.Pass("a token is for its issuer to prove");
    };
  }

  @Override
  public boolean hearsInClear() {
    return true;
  }

  private Decision suspected(Decision decision, Attempt attempt) {
    if (decision instanceof Decision.Reject) {
      suspicion.failed(attempt.client());
    }
    return decision;
  }

  @Override
  public Salt salt(String authn, ScramHash hash) {
    // The form does not matter to a fake, but it must be one for all spellings of a name.
    String name = LoginName.normal(authn).orElse(authn);
    Salt fake = passwords.fakeSalt(name);
    return account(authn).map(a -> new Salt(a.salt().salt(), a.salt().iterations())).orElse(fake);
  }

  @Override
  public boolean mayKnow(Presence presence) {
    return keys.mayKnow(presence);
  }

  /** The server names one salt before it knows which credential it will be: each is tried. */
  private Decision scram(Claim.Scram claim, Attempt attempt) {
    Optional<Account> found = account(claim.authn());
    Account account = found.orElse(NOBODY);
    Optional<Credential> shown = Optional.empty();
    Optional<Octets> last = Optional.empty();
    for (Credential each : secrets(account, attempt)) {
      Material material = each.material();
      Optional<Octets> sealed =
          switch (claim.hash()) {
            case SHA_1 -> material.scramSha1();
            case SHA_256 -> material.scramSha256();
            case SHA_512 -> material.scramSha512();
          };
      ScramKeys scram = passwords.scramKeys(claim.hash(), sealed, account.id());
      // Whichever it is, those behind it are tried, too: the time tells nothing.
      if (scram.proves(claim.hash(), claim.message(), claim.proof()) && shown.isEmpty()) {
        shown = Optional.of(each);
        last = Optional.of(scram.serverFinal(claim.hash(), claim.message()));
      }
    }
    return shown.isEmpty()
        ? new Decision.Reject(found.isEmpty() ? Refusals.UNKNOWN : Refusals.WRONG)
        : proved(claim.authz(), claim.authn(), account, shown.get(), attempt, last);
  }

  private Decision cramMd5(Claim.CramMd5 claim, Attempt attempt) {
    Optional<Account> found = account(claim.authn());
    Account account = found.orElse(NOBODY);
    Optional<Credential> shown = Optional.empty();
    for (Credential each : secrets(account, attempt)) {
      CramMd5Keys cram = passwords.cramMd5Keys(each.material().cramMd5(), account.id());
      if (cram.proves(claim.challenge(), claim.digest()) && shown.isEmpty()) {
        shown = Optional.of(each);
      }
    }
    return shown.isEmpty()
        ? new Decision.Reject(found.isEmpty() ? Refusals.UNKNOWN : Refusals.WRONG)
        : proved(claim.authn(), claim.authn(), account, shown.get(), attempt, Optional.empty());
  }

  /**
   * What of an account a secret may prove, at least one. In clear only devices may log in: whoever
   * listens has a person's password already, but need not learn that it was right.
   */
  private static List<Credential> secrets(Account account, Attempt attempt) {
    List<Credential> secrets =
        account.credentials().stream()
            .filter(c -> !c.material().equals(Material.NOTHING))
            .filter(c -> attempt.secured() || c.kind() == Credential.Kind.DEVICE)
            .toList();
    return secrets.isEmpty() ? NOBODY.credentials() : secrets;
  }

  private Decision password(Claim.Password claim, Attempt attempt) throws InterruptedException {
    try (var password = PreparedPassword.of(claim.password()).orElse(null)) {
      if (password == null) {
        // No password at all, or a NUL: shown by the client's own words, so nothing to hide.
        suspicion.failed(attempt.client());
        return new Decision.Reject(Refusals.WRONG);
      }
      Decision decision = prove(claim, password, attempt);
      if (decision instanceof Decision.Reject) {
        suspicion.failed(attempt.client());
      }
      return decision;
    }
  }

  private Decision prove(Claim.Password claim, PreparedPassword password, Attempt attempt)
      throws InterruptedException {
    Optional<Account> found = account(claim.authn());
    Account account = found.orElse(NOBODY);
    List<Credential> secrets = secrets(account, attempt);
    Optional<Credential> quick =
        account.enabled() ? quickly(account, secrets, password) : Optional.empty();
    if (quick.isPresent()) {
      return proved(claim.authz(), claim.authn(), account, quick.get(), attempt, Optional.empty());
    }
    // Whatever else it may be, a password that was not right so far costs one run of Argon2id.
    Optional<Credential> main =
        secrets.stream().filter(c -> !AppHash.is(c.material().hash())).findFirst();
    boolean suspect = suspicion.suspects(attempt.client());
    switch (passwords.check(password, main.map(Credential::material), suspect)) {
      case BUSY -> {
        return new Decision.Defer(Refusals.BUSY);
      }
      case WRONG -> {
        return new Decision.Reject(found.isEmpty() ? Refusals.UNKNOWN : Refusals.WRONG);
      }
      case RIGHT -> {}
    }
    Credential shown = main.orElseThrow();
    Decision decision =
        proved(claim.authz(), claim.authn(), account, shown, attempt, Optional.empty());
    if (decision instanceof Decision.Accept) {
      // Only what was let in is remembered: a no, of a disabled account too, never comes quicker.
      proven.remember(proven.key(account, shown, password), account);
      renewal.behind(account, shown, password);
    }
    return decision;
  }

  /** One that we made ourselves, or one that was right a while ago: no long work is needed. */
  private Optional<Credential> quickly(
      Account account, List<Credential> secrets, PreparedPassword password) {
    Octets ours = AppHash.of(password);
    return secrets.stream()
        .filter(
            c ->
                AppHash.same(c.material().hash(), ours)
                    || proven.holds(proven.key(account, c, password)))
        .findFirst();
  }

  /** The secret is right, or was when we looked; the gate looks again. */
  private Decision proved(
      String authz,
      String authn,
      Account account,
      Credential credential,
      Attempt attempt,
      Optional<Octets> last) {
    if (!mayActAs(authz, authn, account)) {
      return new Decision.Reject(Refusals.NOT_ALLOWED);
    }
    var who =
        new Identity(
            account.name(),
            account.name(),
            authn,
            Optional.of(account.name()),
            credential.shown(),
            attempt.mechanism(),
            Set.of(),
            Optional.empty());
    Decision decision = admission.admit(new Decision.Accept(who, last), attempt);
    if (decision instanceof Decision.Accept) {
      accounts.used(
          credential.id(), attempt.client().ip(), attempt.mechanism(), attempt.hello().orElse(""));
    }
    return decision;
  }

  // RFC 4616 §2: the server "verifies that the authentication credentials permit the client to act
  // as the (presented or derived) authorization identity". Nobody may act as somebody else yet.
  private boolean mayActAs(String authz, String authn, Account account) {
    return authz.equals(authn)
        || account(authz).filter(a -> a.id().equals(account.id())).isPresent();
  }

  private Optional<Account> account(String given) {
    Snapshot snapshot = accounts.snapshot();
    return LoginName.account(given, snapshot, domains);
  }
}
