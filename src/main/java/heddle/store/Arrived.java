package heddle.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What became of many accounts that came at once.
 *
 * @param there names that an account has already, as its name or as its address; nothing was
 *     changed
 */
public record Arrived(List<Account> added, List<Account> replaced, List<String> there) {
  public Arrived {
    added = List.copyOf(added);
    replaced = List.copyOf(replaced);
    there = List.copyOf(there);
  }

  List<Account> all() {
    return Stream.concat(added.stream(), replaced.stream()).toList();
  }

  /** As it will be; nothing is written. */
  static Arrived sorted(List<Arrival> arrivals, Snapshot snapshot, boolean replace, Instant now) {
    List<Account> added = new ArrayList<>();
    List<Account> replaced = new ArrayList<>();
    List<String> there = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Arrival arrival : arrivals) {
      if (!names.add(arrival.name())) {
        throw new IllegalArgumentException("two arrivals of one name");
      }
      Optional<Account> old = snapshot.find(arrival.name());
      boolean taken = arrival.addresses().stream().anyMatch(a -> snapshot.owner(a).isPresent());
      if (old.isEmpty() && !taken) {
        added.add(fresh(arrival, now));
      } else if (replace && old.isPresent()) {
        replaced.add(replaced(old.get(), arrival, now));
      } else {
        there.add(arrival.name());
      }
    }
    return new Arrived(added, replaced, there);
  }

  private static Account fresh(Arrival a, Instant now) {
    Credential password = Accounts.password(a.credential(), a.password(), now);
    return new Account(
        a.account(),
        a.name(),
        a.display(),
        a.disabledReason(),
        false,
        a.addresses(),
        a.salt(),
        now,
        now,
        List.of(password));
  }

  private static Account replaced(Account old, Arrival arrival, Instant now) {
    var credentials = new ArrayList<>(old.credentials());
    Optional<Credential> before = old.password();
    if (before.isPresent()) {
      credentials.set(
          credentials.indexOf(before.get()), before.get().renewed(arrival.password(), now));
    } else {
      credentials.add(Accounts.password(arrival.credential(), arrival.password(), now));
    }
    return old.with(credentials, now);
  }
}
