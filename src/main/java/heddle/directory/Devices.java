package heddle.directory;

import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import heddle.sasl.Identity;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Credential;
import heddle.store.Snapshot;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** Machines whose network is their credential. Safe to share. */
public final class Devices {
  /** What stands in place of a mechanism. */
  private static final String MECHANISM = "NETWORK";

  private final Accounts accounts;
  private final Admission admission;

  public Devices(Accounts accounts, Admission admission) {
    this.accounts = accounts;
    this.admission = admission;
  }

  /** As whom a client may send without a login. One that has a password has to say it. */
  public Optional<Identity> at(RemoteAddress client, String listener, String hello) {
    Optional<Identity> device =
        accounts.snapshot().devices().stream()
            .filter(d -> d.credential().material().hash().isEmpty())
            .filter(d -> d.credential().terms().holdAt(client, listener))
            .sorted(narrowest(client))
            .map(d -> identity(d.account(), d.credential()))
            .filter(admission::stands)
            .findFirst();
    device
        .flatMap(who -> who.shown().id())
        .ifPresent(id -> accounts.used(id, client.ip(), MECHANISM, hello));
    return device;
  }

  /** Where networks overlap the narrowest decides, then the oldest. */
  private static Comparator<Snapshot.Device> narrowest(RemoteAddress client) {
    return Comparator.<Snapshot.Device>comparingInt(d -> prefix(d, client))
        .reversed()
        .thenComparing(d -> d.credential().created());
  }

  private static int prefix(Snapshot.Device device, RemoteAddress client) {
    return device.credential().terms().networks().stream()
        .filter(n -> n.contains(client.address()))
        .mapToInt(Network::prefix)
        .max()
        .orElse(0);
  }

  private static Identity identity(Account account, Credential device) {
    return new Identity(
        account.name(),
        account.name(),
        account.display(),
        Optional.of(account.name()),
        device.shown(),
        MECHANISM,
        Set.of(),
        Optional.empty());
  }
}
