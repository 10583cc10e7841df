package heddle.listener;

import heddle.peer.Network;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many connections there may be, in all and from one client: one address of IPv4, one /64 of
 * IPv6, for there one client owns that many addresses. Safe to share.
 */
public final class Permits {
  /** Why there is none. */
  public enum Answer {
    GRANTED,
    SERVER_FULL,
    CLIENT_FULL
  }

  private final Map<Network, Integer> clients = new HashMap<>();
  private int total;
  private final int limit;
  private final int clientLimit;
  private final List<Network> exempt;

  public Permits(int limit, int clientLimit, List<Network> exempt) {
    this.limit = limit;
    this.clientLimit = clientLimit;
    this.exempt = List.copyOf(exempt);
  }

  /** Takes one; what was granted must be given back. */
  public synchronized Answer take(InetAddress address) {
    if (total >= limit) {
      return Answer.SERVER_FULL;
    }
    Network client = client(address);
    int now = clients.getOrDefault(client, 0);
    if (now >= clientLimit && exempt.stream().noneMatch(n -> n.contains(address))) {
      return Answer.CLIENT_FULL;
    }
    clients.put(client, now + 1);
    total++;
    return Answer.GRANTED;
  }

  public synchronized void giveBack(InetAddress address) {
    clients.computeIfPresent(client(address), (_, n) -> n == 1 ? null : n - 1);
    total--;
  }

  private static Network client(InetAddress address) {
    boolean four = address.getAddress().length == 4;
    return new Network(address, four ? 32 : 64);
  }
}
