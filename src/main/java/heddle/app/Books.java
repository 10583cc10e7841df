package heddle.app;

import heddle.control.Answer;
import heddle.directory.BulkEnrolment;
import heddle.directory.Enrolment;
import heddle.directory.HashWorkers;
import heddle.directory.Passwords;
import heddle.directory.StoreKey;
import heddle.event.Event;
import heddle.event.Events;
import heddle.store.Accounts;
import heddle.store.History;
import heddle.store.StoreRefused;
import heddle.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;

/** The accounts and what is needed to prove and to set passwords. */
final class Books implements AutoCloseable {
  private final InstantSource clock;
  private final Accounts accounts;
  private final HashWorkers workers;
  private final Passwords passwords;
  private final Enrolment enrolment;

  private Books(
      Accounts accounts,
      HashWorkers workers,
      Passwords passwords,
      Set<Passwords.Extra> extras,
      InstantSource clock) {
    this.clock = clock;
    this.accounts = accounts;
    this.workers = workers;
    this.passwords = passwords;
    this.enrolment = new Enrolment(accounts, passwords, extras, clock);
  }

  /**
   * @param extras what is kept of each new password beside the usual
   */
  static Books open(Home home, InstantSource clock, Set<Passwords.Extra> extras) throws Refused {
    try {
      Files.createDirectories(
          home.var(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (Files.exists(home.database()) && Files.size(home.database()) == 0) {
        throw new StoreRefused(
            home.database()
                + " is empty: it would let nobody in; restore it, or remove it to begin anew");
      }
      StoreKey key = StoreKey.open(home.storeKey());
      Accounts accounts = Accounts.open(home.database(), clock);
      HashWorkers workers = HashWorkers.start();
      return new Books(
          accounts, workers, new Passwords(workers, key, new SecureRandom()), extras, clock);
    } catch (StoreRefused | StoreUnavailable | IOException trouble) {
      throw Refused.of(
          "the accounts in " + home.var() + " cannot be opened",
          trouble,
          "look at the folder's owner, mode and free space");
    }
  }

  /**
   * What happened, for those who ask later. A file that cannot be used is set aside: no history is
   * worth a server that does not start.
   *
   * @param keep how long what is kept
   */
  static History history(Home home, InstantSource clock, History.Keep keep, Events events)
      throws Refused {
    try {
      try {
        return History.open(home.history(), clock, keep);
      } catch (StoreRefused damaged) {
        Path aside = home.history().resolveSibling("events.db.set-aside-" + clock.millis());
        Files.move(home.history(), aside);
        events.tell(
            new Event.Warning(
                "the history begins anew",
                String.valueOf(damaged.getMessage()),
                "the old file is kept as " + aside));
        return History.open(home.history(), clock, keep);
      }
    } catch (StoreRefused | StoreUnavailable | IOException trouble) {
      throw Refused.of(
          "the history in " + home.var() + " cannot be opened",
          trouble,
          "look at the folder's owner, mode and free space");
    }
  }

  /** The user is removed; so is what is remembered of them. */
  static Answer forget(History history, Answer removed) {
    String user = String.valueOf(removed.rows().getFirst().get("user"));
    try {
      history.forget(user);
      return removed;
    } catch (StoreUnavailable trouble) {
      return Answer.no(
          Answer.PARTIAL,
          user + " is removed, but not from the history",
          String.valueOf(trouble.getMessage()),
          "look at the disk; the history forgets by itself after keep.events and keep.logins");
    }
  }

  Accounts accounts() {
    return accounts;
  }

  Passwords passwords() {
    return passwords;
  }

  BlockDesk blocks() {
    return new BlockDesk(accounts.blocks(), clock);
  }

  CredentialDesk credentials(Places places) {
    return new CredentialDesk(accounts, enrolment, places, clock);
  }

  Users users() {
    return new Users(accounts, enrolment, new BulkEnrolment(accounts, passwords));
  }

  @Override
  public void close() {
    workers.close();
    accounts.close();
  }
}
