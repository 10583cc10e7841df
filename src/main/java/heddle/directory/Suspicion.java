package heddle.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import java.time.Duration;

/**
 * Which networks had several failures of late: their logins wait behind those of others. Bounded;
 * safe to share. A success forgives nothing, or one known password would cover a thousand guesses.
 */
final class Suspicion {
  private static final int ENOUGH = 3; // twice mistyped is still a person
  private final Cache<Network, Integer> failures =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofMinutes(10)).build();

  void failed(RemoteAddress client) {
    failures.asMap().merge(Network.around(client.address()), 1, (a, b) -> Math.min(ENOUGH, a + b));
  }

  boolean suspects(RemoteAddress client) {
    Integer count = failures.getIfPresent(Network.around(client.address()));
    return count != null && count >= ENOUGH;
  }
}
