package heddle.store;

import heddle.mail.Id;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Somebody or something that may log in, as of one moment. A value.
 *
 * @param id never given to another account, even where the name is
 * @param name the normal form, by which it is found
 * @param display the name as it was given
 * @param disabledReason why it may not log in now; empty where it may
 * @param addresses in normal form; no two accounts share one
 * @param salt belongs to the account and outlives each of its passwords
 * @param created to the millisecond
 * @param changed to the millisecond
 */
public record Account(
    Id id,
    String name,
    String display,
    Optional<String> disabledReason,
    List<String> addresses,
    ScramSalt salt,
    Instant created,
    Instant changed,
    List<Credential> credentials) {
  public Account {
    addresses = List.copyOf(addresses);
    credentials = List.copyOf(credentials);
  }

  public boolean enabled() {
    return disabledReason.isEmpty();
  }

  /** The main password, where one is set. */
  public Optional<Credential> password() {
    return credentials.stream().filter(c -> c.kind() == Credential.Kind.PASSWORD).findFirst();
  }

  /** Those that the line itself proves. */
  public List<Credential> keys() {
    return credentials.stream().filter(c -> c.kind() == Credential.Kind.KEY).toList();
  }

  Account disabled(Optional<String> reason, Instant now) {
    return new Account(id, name, display, reason, addresses, salt, created, now, credentials);
  }

  Account with(List<Credential> others, Instant now) {
    return new Account(id, name, display, disabledReason, addresses, salt, created, now, others);
  }
}
