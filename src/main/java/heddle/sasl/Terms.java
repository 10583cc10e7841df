package heddle.sasl;

import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How far the right of one credential goes. What is empty restricts nothing.
 *
 * @param networks from which it counts
 * @param listeners at which it counts, by name
 * @param senders addresses in normal form, or {@code @domain}: as whom it may send, of what its
 *     account may
 * @param recipients likewise: to whom it may send
 * @param perDay messages within 24 hours
 */
public record Terms(
    List<Network> networks,
    Set<String> listeners,
    Set<String> senders,
    Set<String> recipients,
    OptionalInt perDay) {
  /** No restriction. */
  public static final Terms NONE =
      new Terms(List.of(), Set.of(), Set.of(), Set.of(), OptionalInt.empty());

  public Terms {
    networks = List.copyOf(networks);
    listeners = Set.copyOf(listeners);
    senders = Set.copyOf(senders);
    recipients = Set.copyOf(recipients);
  }

  /** Whether it counts for a client at a listener. */
  public boolean holdAt(RemoteAddress client, String listener) {
    return (networks.isEmpty() || networks.stream().anyMatch(n -> n.contains(client.address())))
        && (listeners.isEmpty() || listeners.stream().anyMatch(listener::equalsIgnoreCase));
  }

  public boolean allowSender(String normalAddress) {
    return allow(senders, normalAddress);
  }

  public boolean allowRecipient(String normalAddress) {
    return allow(recipients, normalAddress);
  }

  private static boolean allow(Set<String> listed, String address) {
    String domain = address.substring(address.lastIndexOf('@') + 1);
    return listed.isEmpty()
        || listed.contains(address)
        || listed.contains("@" + domain.toLowerCase(Locale.ROOT));
  }
}
