package heddle.store;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All accounts at one moment. Immutable; safe to share; no look-up waits for anything. */
public final class Snapshot {
  private final long version;
  private final Map<String, Account> byName;
  private final Map<String, String> nameOfAddress;

  private Snapshot(long version, Map<String, Account> byName, Map<String, String> nameOfAddress) {
    this.version = version;
    this.byName = byName;
    this.nameOfAddress = nameOfAddress;
  }

  static Snapshot of(Collection<Account> accounts) {
    var byName = HashMap.<String, Account>newHashMap(accounts.size());
    var nameOfAddress = HashMap.<String, String>newHashMap(accounts.size());
    for (Account account : accounts) {
      byName.put(account.name(), account);
      account.addresses().forEach(a -> nameOfAddress.put(a, account.name()));
    }
    return new Snapshot(0, byName, nameOfAddress);
  }

  Snapshot with(Account account) {
    var accounts = new HashMap<>(byName);
    var addresses = new HashMap<>(nameOfAddress);
    forget(accounts.put(account.name(), account), addresses);
    account.addresses().forEach(a -> addresses.put(a, account.name()));
    return new Snapshot(version + 1, accounts, addresses);
  }

  Snapshot without(String name) {
    var accounts = new HashMap<>(byName);
    var addresses = new HashMap<>(nameOfAddress);
    forget(accounts.remove(name), addresses);
    return new Snapshot(version + 1, accounts, addresses);
  }

  private static void forget(@Nullable Account old, Map<String, String> addresses) {
    if (old != null) {
      old.addresses().forEach(addresses::remove);
    }
  }

  /** The account of this name, in normal form. */
  public Optional<Account> find(String normalName) {
    return Optional.ofNullable(byName.get(normalName));
  }

  /** The account that owns the address, in normal form. */
  public Optional<Account> owner(String normalAddress) {
    return Optional.ofNullable(nameOfAddress.get(normalAddress)).flatMap(this::find);
  }

  /** In no order. */
  public Collection<Account> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  /** Grows with each change since the store was opened. */
  public long version() {
    return version;
  }
}
