package heddle.store;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All accounts at one moment. Immutable; safe to share; no look-up waits for anything. */
public final class Snapshot {
  private final long version;
  private final Map<String, Account> byName;
  private final Map<String, String> nameOfAddress;
  private final Map<String, String> nameOfProof;
  private final List<Device> devices;

  /** A network that is somebody's credential. */
  public record Device(Account account, Credential credential) {}

  private Snapshot(
      long version,
      Map<String, Account> byName,
      Map<String, String> nameOfAddress,
      Map<String, String> nameOfProof,
      List<Device> devices) {
    this.version = version;
    this.byName = byName;
    this.nameOfAddress = nameOfAddress;
    this.nameOfProof = nameOfProof;
    this.devices = devices;
  }

  static Snapshot of(Collection<Account> accounts) {
    var byName = HashMap.<String, Account>newHashMap(accounts.size());
    var nameOfAddress = HashMap.<String, String>newHashMap(accounts.size());
    var nameOfProof = new HashMap<String, String>();
    for (Account account : accounts) {
      byName.put(account.name(), account);
      index(account, nameOfAddress, nameOfProof);
    }
    var devices = accounts.stream().flatMap(Snapshot::devices).toList();
    return new Snapshot(0, byName, nameOfAddress, nameOfProof, devices);
  }

  private static Stream<Device> devices(Account account) {
    return account.of(Credential.Kind.DEVICE).stream().map(c -> new Device(account, c));
  }

  private Stream<Device> devicesWithout(String name) {
    return devices.stream().filter(d -> !d.account().name().equals(name));
  }

  private static void index(
      Account account, Map<String, String> addresses, Map<String, String> proofs) {
    account.addresses().forEach(a -> addresses.put(a, account.name()));
    account.keys().forEach(k -> k.proof().ifPresent(p -> proofs.put(p, account.name())));
  }

  Snapshot with(Collection<Account> changed) {
    var accounts = new HashMap<>(byName);
    var addresses = new HashMap<>(nameOfAddress);
    var proofs = new HashMap<>(nameOfProof);
    Set<String> names = HashSet.newHashSet(changed.size());
    for (Account account : changed) {
      forget(accounts.put(account.name(), account), addresses, proofs);
      index(account, addresses, proofs);
      names.add(account.name());
    }
    var all =
        Stream.concat(
                devices.stream().filter(d -> !names.contains(d.account().name())),
                changed.stream().flatMap(Snapshot::devices))
            .toList();
    return new Snapshot(version + 1, accounts, addresses, proofs, all);
  }

  Snapshot without(String name) {
    var accounts = new HashMap<>(byName);
    var addresses = new HashMap<>(nameOfAddress);
    var proofs = new HashMap<>(nameOfProof);
    forget(accounts.remove(name), addresses, proofs);
    return new Snapshot(version + 1, accounts, addresses, proofs, devicesWithout(name).toList());
  }

  private static void forget(
      @Nullable Account old, Map<String, String> addresses, Map<String, String> proofs) {
    if (old != null) {
      old.addresses().forEach(addresses::remove);
      old.keys().forEach(k -> k.proof().ifPresent(proofs::remove));
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

  /** The account that has this among its keys. */
  public Optional<Account> holder(String proof) {
    return Optional.ofNullable(nameOfProof.get(proof)).flatMap(this::find);
  }

  /** The devices of all accounts, in the order of their accounts' last change. */
  public List<Device> devices() {
    return devices;
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
