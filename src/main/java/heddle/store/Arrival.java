package heddle.store;

import heddle.mail.Id;
import java.util.List;
import java.util.Optional;

/**
 * One of many accounts that are added at once.
 *
 * @param name in normal form, as the addresses
 * @param disabledReason why it may not log in from the beginning
 * @param password what is kept of its password; bound to no account, for it may become that of one
 *     that is there
 */
public record Arrival(
    Id account,
    String name,
    String display,
    Optional<String> disabledReason,
    List<String> addresses,
    ScramSalt salt,
    Id credential,
    Material password) {
  public Arrival {
    addresses = List.copyOf(addresses);
  }
}
