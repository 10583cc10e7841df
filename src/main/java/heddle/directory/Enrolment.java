package heddle.directory;

import heddle.mail.Id;
import heddle.mail.Secret;
import heddle.sasl.Terms;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Credential;
import heddle.store.Material;
import heddle.store.Outcome;
import heddle.store.ScramSalt;
import heddle.store.StoreUnavailable;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** New accounts and new passwords, from what an administrator types. Safe to share. */
public final class Enrolment {
  private static final Outcome NO_PASSWORD =
      new Outcome.Refused("a password has at least one character and no NUL");

  private final Accounts accounts;
  private final Passwords passwords;
  private final Set<Passwords.Extra> extras;
  private final InstantSource clock;

  /**
   * @param extras what is kept of each new password beside the usual
   */
  public Enrolment(
      Accounts accounts, Passwords passwords, Set<Passwords.Extra> extras, InstantSource clock) {
    this.accounts = accounts;
    this.clock = clock;
    this.passwords = passwords;
    this.extras = Set.copyOf(extras);
  }

  /** A new account; a name with an {@code @} is its address too. The caller wipes the password. */
  public Outcome add(String given, Secret password) throws StoreUnavailable {
    Optional<String> name = LoginName.normal(given);
    if (name.isEmpty()) {
      return noName(given);
    }
    if (accounts.snapshot().find(name.get()).isPresent()) {
      return new Outcome.Exists(name.get());
    }
    try (var prepared = PreparedPassword.of(password).orElse(null)) {
      if (prepared == null) {
        return NO_PASSWORD;
      }
      Id id = passwords.newId();
      ScramSalt salt = passwords.newSalt();
      Material kept = keep(prepared, id, salt);
      List<String> addresses =
          name.get().indexOf('@') >= 0 ? List.of(name.get()) : List.<String>of();
      return accounts.add(id, name.get(), given, addresses, salt, passwords.newId(), kept);
    }
  }

  /** From the return on, the old password proves nothing. The caller wipes the new one. */
  public Outcome setPassword(String given, Secret password) throws StoreUnavailable {
    Optional<Account> account = LoginName.normal(given).flatMap(accounts.snapshot()::find);
    if (account.isEmpty()) {
      return new Outcome.NotFound(given);
    }
    try (var prepared = PreparedPassword.of(password).orElse(null)) {
      if (prepared == null) {
        return NO_PASSWORD;
      }
      Id id = account.get().id();
      Material kept = keep(prepared, id, account.get().salt());
      return accounts.setPassword(account.get().name(), id, passwords.newId(), kept);
    }
  }

  /**
   * A further credential that is no secret.
   *
   * @param proof what the line has to tell; empty for a device, whose networks say it
   */
  public Outcome add(
      Account account,
      Credential.Kind kind,
      String label,
      Terms terms,
      Optional<Instant> expires,
      Optional<String> proof)
      throws StoreUnavailable {
    return accounts.addCredential(
        account.name(), account.id(), fresh(kind, label, Material.NOTHING, terms, expires, proof));
  }

  /** A further credential by a password that we made. The caller wipes it. */
  public Outcome addSecret(
      Account account,
      Credential.Kind kind,
      String label,
      Terms terms,
      Optional<Instant> expires,
      Secret password)
      throws StoreUnavailable {
    try (var prepared = PreparedPassword.of(password).orElseThrow()) {
      Material kept =
          waiting(() -> passwords.keepMade(prepared, account.id(), account.salt(), extras));
      return accounts.addCredential(
          account.name(), account.id(), fresh(kind, label, kept, terms, expires, Optional.empty()));
    }
  }

  private Credential fresh(
      Credential.Kind kind,
      String label,
      Material material,
      Terms terms,
      Optional<Instant> expires,
      Optional<String> proof) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Credential(
        passwords.newId(), kind, label, 1, material, now, now, expires, proof, terms);
  }

  private Material keep(PreparedPassword password, Id id, ScramSalt salt) throws StoreUnavailable {
    return waiting(() -> passwords.keep(password, id, salt, extras));
  }

  @FunctionalInterface
  private interface Making {
    Optional<Material> make() throws InterruptedException;
  }

  private static Material waiting(Making making) throws StoreUnavailable {
    try {
      return making
          .make()
          .orElseThrow(() -> new StoreUnavailable("too many logins are being checked; try again"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted; nothing was changed", e);
    }
  }

  private static Outcome noName(String given) {
    return new Outcome.Refused(
        given.indexOf('@') >= 0
            ? "the name has an @ and is no address"
            : "a name has 1 to 255 octets, and no spaces or control characters");
  }
}
