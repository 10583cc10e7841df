package heddle.store;

import heddle.mail.Id;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The accounts: on disk, and whole in memory. Looking waits for nothing; a change is on disk and in
 * the snapshot when its method returns. Safe to share. Only one process at a time may have the file
 * open for changes; whoever starts us sees to that.
 */
public final class Accounts implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Accounts.class.getName());

  private final Writer writer;
  private final Blocks blocks;
  private final InstantSource clock;
  private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
  private final Map<Id, Use> uses = new ConcurrentHashMap<>();
  private final Map<Id, Use> unwritten = new ConcurrentHashMap<>();
  private volatile Snapshot snapshot;

  private Accounts(Writer writer, InstantSource clock) throws StoreUnavailable {
    this.writer = writer;
    this.clock = clock;
    this.blocks = new Blocks(writer, clock);
    this.snapshot =
        writer.ask(
            c -> {
              uses.putAll(AccountRows.uses(c));
              return Snapshot.of(AccountRows.all(c));
            });
    writer.every(30, this::writeUses);
  }

  /**
   * Opens the file, or makes it, and brings it to the version of this program; an older one is
   * copied first, beside itself.
   *
   * @throws StoreRefused if it is newer than this program knows, damaged, or not ours
   * @throws StoreUnavailable if it is locked, or the disk is full
   */
  public static Accounts open(Path file, InstantSource clock)
      throws StoreRefused, StoreUnavailable {
    return open(file, clock, Migrations.ALL);
  }

  static Accounts open(Path file, InstantSource clock, List<List<String>> steps)
      throws StoreRefused, StoreUnavailable {
    Writer writer = Writer.open(file, steps);
    try {
      return new Accounts(writer, clock);
    } catch (StoreUnavailable e) {
      writer.close();
      throw e;
    }
  }

  /** A name for a new account or credential; keys are bound to it before it is stored. */
  public static Id newId(RandomGenerator unpredictable) {
    return Id.draw(unpredictable);
  }

  /**
   * A whole copy as of now, for a backup.
   *
   * @param to does not exist yet
   */
  public void copyTo(Path to) throws StoreUnavailable {
    writer.copyTo(to);
  }

  /** Whether a file of ours is whole; SQLite's complaint, or empty. */
  public static Optional<String> complaint(Path file) throws StoreUnavailable {
    return Database.complaint(file);
  }

  /** Who is shut out; in the same file. */
  public Blocks blocks() {
    return blocks;
  }

  public Snapshot snapshot() {
    return snapshot;
  }

  /**
   * Told of each change, in order, before the changing method returns. A listener must be quick,
   * and must not change accounts.
   */
  public void onChange(Consumer<Change> listener) {
    listeners.add(listener);
  }

  /**
   * A new account, enabled.
   *
   * @param name in normal form
   * @param addresses in normal form
   * @param password what is kept of its password
   */
  public Outcome add(
      Id account,
      String name,
      String display,
      List<String> addresses,
      ScramSalt salt,
      Id credential,
      Material password)
      throws StoreUnavailable {
    return writer.ask(
        c -> {
          boolean taken = addresses.stream().anyMatch(a -> snapshot.owner(a).isPresent());
          if (taken || snapshot.find(name).isPresent()) {
            return new Outcome.Exists(name);
          }
          Instant now = now();
          var secret = password(credential, password, now);
          var added =
              new Account(
                  account,
                  name,
                  display,
                  Optional.empty(),
                  false,
                  addresses,
                  salt,
                  now,
                  now,
                  List.of(secret));
          AccountRows.insert(c, added);
          c.commit();
          return published(Change.Kind.ADDED, added);
        });
  }

  static Credential password(Id id, Material material, Instant now) {
    return new Credential(
        id, Credential.Kind.PASSWORD, "", 1, material, now, now, Optional.empty());
  }

  /**
   * A new main password. From the return on, the old one proves nothing.
   *
   * @param ifNone the id of the credential where the account had none of this kind
   */
  public Outcome setPassword(String name, Id account, Id ifNone, Material password)
      throws StoreUnavailable {
    return change(
        name,
        Change.Kind.PASSWORD,
        (c, old, now) -> {
          // Keys are bound to the account's id: another one of the same name must not get them.
          if (!old.id().equals(account)) {
            return Optional.empty();
          }
          var credentials = new ArrayList<>(old.credentials());
          Optional<Credential> before = old.password();
          if (before.isPresent()) {
            Credential renewed = before.get().renewed(password, now);
            credentials.set(credentials.indexOf(before.get()), renewed);
            AccountRows.renew(c, renewed);
          } else {
            credentials.add(password(ifNone, password, now));
            AccountRows.insert(c, account, credentials.getLast());
          }
          return Optional.of(old.with(credentials, now));
        });
  }

  /**
   * Another form of the same password: what was remembered of it stays right, and nobody is told.
   *
   * @param version of the credential whose password was heard; {@code NotFound} where it has
   *     another one by now
   */
  public Outcome rehash(String name, Id account, Id credential, long version, Material fresh)
      throws StoreUnavailable {
    return writer.ask(
        c -> {
          Optional<Account> old = snapshot.find(name).filter(a -> a.id().equals(account));
          Optional<Credential> before =
              old.stream()
                  .flatMap(a -> a.credentials().stream())
                  .filter(k -> k.id().equals(credential) && k.version() == version)
                  .findFirst();
          if (before.isEmpty()) {
            return new Outcome.NotFound(name);
          }
          var credentials = new ArrayList<>(old.get().credentials());
          Credential rehashed = before.get().rehashed(fresh);
          credentials.set(credentials.indexOf(before.get()), rehashed);
          AccountRows.renew(c, rehashed);
          c.commit();
          Account now = old.get().with(credentials, old.get().changed());
          snapshot = snapshot.with(List.of(now));
          return new Outcome.Done(now);
        });
  }

  /**
   * Many accounts in one transaction: all of them, or none.
   *
   * @param arrivals no two of one name
   * @param replace whether an account that is there gets the arrival's password; else it is left
   *     alone
   */
  public Arrived addAll(List<Arrival> arrivals, boolean replace) throws StoreUnavailable {
    return writer.ask(
        c -> {
          Instant now = now();
          var arrived = Arrived.sorted(arrivals, snapshot, replace, now);
          for (Account added : arrived.added()) {
            AccountRows.insert(c, added);
          }
          for (Account changed : arrived.replaced()) {
            Credential password = changed.password().orElseThrow();
            if (snapshot.find(changed.name()).flatMap(Account::password).isPresent()) {
              AccountRows.renew(c, password);
            } else {
              AccountRows.insert(c, changed.id(), password);
            }
            AccountRows.update(c, changed);
          }
          c.commit();
          snapshot = snapshot.with(arrived.all());
          arrived.added().forEach(a -> tell(Change.Kind.ADDED, a));
          arrived.replaced().forEach(a -> tell(Change.Kind.PASSWORD, a));
          return arrived;
        });
  }

  /** What {@link #addAll} would do now. */
  public Arrived wouldAdd(List<Arrival> arrivals, boolean replace) {
    return Arrived.sorted(arrivals, snapshot, replace, now());
  }

  /**
   * A further credential.
   *
   * @param fresh with a label that none of its kind has there; where it has a proof, one that no
   *     account has yet
   */
  public Outcome addCredential(String name, Id account, Credential fresh) throws StoreUnavailable {
    return writer.ask(
        c -> {
          Optional<Account> holder = fresh.proof().flatMap(snapshot::holder);
          if (holder.isPresent()) {
            return new Outcome.Exists(holder.get().name());
          }
          // Keys are bound to the account's id: another one of the same name must not get them.
          Optional<Account> old = snapshot.find(name).filter(a -> a.id().equals(account));
          if (old.isEmpty()) {
            return new Outcome.NotFound(name);
          }
          if (old.get().of(fresh.kind()).stream().anyMatch(k -> k.label().equals(fresh.label()))) {
            return new Outcome.Exists(name);
          }
          var credentials = new ArrayList<>(old.get().credentials());
          credentials.add(fresh);
          Account now = old.get().with(credentials, now());
          AccountRows.insert(c, account, fresh);
          AccountRows.update(c, now);
          c.commit();
          return published(Change.Kind.CREDENTIALS, now);
        });
  }

  /** From the return on, it proves nothing; {@code NotFound} where there is none. */
  public Outcome removeCredential(String name, Id credential) throws StoreUnavailable {
    Outcome outcome =
        change(
            name,
            Change.Kind.CREDENTIALS,
            (c, old, now) -> {
              Optional<Credential> gone = old.credential(credential);
              if (gone.isEmpty()) {
                return Optional.empty();
              }
              AccountRows.delete(c, gone.get());
              return Optional.of(
                  old.with(
                      old.credentials().stream().filter(k -> !k.id().equals(credential)).toList(),
                      now));
            });
    if (outcome instanceof Outcome.Done) {
      dropUse(credential);
    }
    return outcome;
  }

  /** Whether its main password may be used for sending; its other credentials may in any case. */
  public Outcome bar(String name, boolean bar) throws StoreUnavailable {
    return change(
        name, Change.Kind.CREDENTIALS, (_, old, now) -> Optional.of(old.barred(bar, now)));
  }

  /** Nothing of it proves anything until it is enabled again. */
  public Outcome disable(String name, String reason) throws StoreUnavailable {
    return change(
        name,
        Change.Kind.DISABLED,
        (c, old, now) -> Optional.of(old.disabled(Optional.of(reason), now)));
  }

  public Outcome enable(String name) throws StoreUnavailable {
    return change(
        name,
        Change.Kind.ENABLED,
        (c, old, now) -> Optional.of(old.disabled(Optional.empty(), now)));
  }

  /**
   * Removes the account with all its credentials.
   *
   * @param forget also leave no trace of it in the log of the database
   */
  public Outcome remove(String name, boolean forget) throws StoreUnavailable {
    return writer.ask(
        c -> {
          Optional<Account> old = snapshot.find(name);
          if (old.isEmpty()) {
            return new Outcome.NotFound(name);
          }
          AccountRows.delete(c, old.get());
          c.commit();
          Outcome done = published(Change.Kind.REMOVED, old.get());
          if (forget) {
            writer.emptyLog();
          }
          return done;
        });
  }

  private interface Step {
    /** The account as it will be, written but not committed; empty where it is another one now. */
    Optional<Account> apply(Connection c, Account old, Instant now) throws SQLException;
  }

  private Outcome change(String name, Change.Kind kind, Step step) throws StoreUnavailable {
    return writer.ask(
        c -> {
          Optional<Account> old = snapshot.find(name);
          Optional<Account> fresh =
              old.isEmpty() ? Optional.empty() : step.apply(c, old.get(), now());
          if (fresh.isEmpty()) {
            return new Outcome.NotFound(name);
          }
          AccountRows.update(c, fresh.get());
          c.commit();
          return published(kind, fresh.get());
        });
  }

  /** On the writer's thread, behind the commit: snapshots and tellings keep the order on disk. */
  private Outcome published(Change.Kind kind, Account account) {
    if (kind == Change.Kind.REMOVED) {
      snapshot = snapshot.without(account.name());
      account.credentials().forEach(c -> dropUse(c.id()));
    } else {
      snapshot = snapshot.with(List.of(account));
    }
    tell(kind, account);
    return new Outcome.Done(account);
  }

  private void tell(Change.Kind kind, Account account) {
    var change = new Change(kind, account.name(), account.id());
    for (Consumer<Change> listener : listeners) {
      try {
        listener.accept(change);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a listener failed on a change of the accounts", e);
      }
    }
  }

  private void dropUse(Id credential) {
    uses.remove(credential);
    unwritten.remove(credential);
  }

  /**
   * Writes as a change would, and changes nothing.
   *
   * @throws StoreUnavailable where nothing could be changed now
   */
  public void probe() throws StoreUnavailable {
    writer.ask(
        c -> {
          Database.touch(c);
          c.commit();
          return true;
        });
  }

  /** Remembered at once, written later with others: no login waits for the disk. */
  public void used(Id credential, String ip, String mechanism, String client) {
    var use = new Use(now(), ip, mechanism, client);
    uses.put(credential, use);
    unwritten.put(credential, use);
  }

  /** When, from where and how the credential last succeeded. */
  public Optional<Use> lastUse(Id credential) {
    return Optional.ofNullable(uses.get(credential));
  }

  private void writeUses() {
    var batch = new HashMap<>(unwritten);
    if (batch.isEmpty()) {
      return;
    }
    try {
      writer.ask(
          c -> {
            for (var use : batch.entrySet()) {
              AccountRows.used(c, use.getKey(), use.getValue());
            }
            c.commit();
            batch.forEach(unwritten::remove); // only where no newer use came in between
            return batch.size();
          });
    } catch (StoreUnavailable later) {
      LOG.log(System.Logger.Level.WARNING, "last uses not written: {0}", later.getMessage());
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** Writes what is remembered and lets go of the file. */
  @Override
  public void close() {
    writeUses();
    writer.close();
  }
}
