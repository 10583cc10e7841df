package heddle.directory;

import heddle.mail.Id;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Credential;
import heddle.store.Material;
import heddle.store.StoreUnavailable;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts what we keep of a password in the place of what another server kept, once the password was
 * heard and right. No login waits for it and none fails with it: what does not come about now does
 * at a later login. Safe to share.
 */
final class Renewal {
  private static final System.Logger LOG = System.getLogger(Renewal.class.getName());

  private final Accounts accounts;
  private final Passwords passwords;
  private final Set<Passwords.Extra> extras;
  private final Set<Id> underWay = ConcurrentHashMap.newKeySet();

  Renewal(Accounts accounts, Passwords passwords, Set<Passwords.Extra> extras) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.extras = Set.copyOf(extras);
  }

  /**
   * Begins it, where there is something to mend.
   *
   * @param password the right one; the caller may wipe it at once
   */
  void behind(Account account, Credential credential, PreparedPassword password) {
    if (credential.kind() != Credential.Kind.PASSWORD
        || !passwords.wantsRenewal(credential.material(), password)
        || !underWay.add(credential.id())) {
      return;
    }
    PreparedPassword copy = password.copy();
    Thread.ofVirtual()
        .name("renewal")
        .start(
            () -> {
              try (copy) {
                renew(account, credential, copy);
              } catch (StoreUnavailable | RuntimeException later) {
                LOG.log(
                    System.Logger.Level.WARNING,
                    "a hash from elsewhere stays until its user''s next login: {0}",
                    later.getMessage());
              } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
              } finally {
                underWay.remove(credential.id());
              }
            });
  }

  private void renew(Account account, Credential credential, PreparedPassword password)
      throws StoreUnavailable, InterruptedException {
    // Two logins may have begun with the same hash; the second finds it mended.
    boolean stillWanted =
        accounts.snapshot().find(account.name()).stream()
            .flatMap(now -> now.credentials().stream())
            .filter(c -> c.id().equals(credential.id()) && c.version() == credential.version())
            .anyMatch(c -> passwords.wantsRenewal(c.material(), password));
    if (!stillWanted) {
      return;
    }
    Optional<Material> fresh = passwords.keepLater(password, account.id(), account.salt(), extras);
    if (fresh.isPresent()) {
      var _ =
          accounts.rehash(
              account.name(), account.id(), credential.id(), credential.version(), fresh.get());
    }
  }

  /** How many are not done yet. */
  int underWay() {
    return underWay.size();
  }
}
