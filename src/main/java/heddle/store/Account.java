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
 * @param barred whether its main password may not be used for sending
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
    boolean barred,
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
    return of(Credential.Kind.KEY);
  }

  /** Those of one kind, the oldest first. */
  public List<Credential> of(Credential.Kind kind) {
    return credentials.stream().filter(c -> c.kind() == kind).toList();
  }

  /** By what makes it one and no other. */
  public Optional<Credential> credential(Id id) {
    return credentials.stream().filter(c -> c.id().equals(id)).findFirst();
  }

  Account disabled(Optional<String> reason, Instant now) {
    return new Account(
        id, name, display, reason, barred, addresses, salt, created, now, credentials);
  }

  Account with(List<Credential> others, Instant now) {
    return new Account(
        id, name, display, disabledReason, barred, addresses, salt, created, now, others);
  }

  Account barred(boolean bar, Instant now) {
    return new Account(
        id, name, display, disabledReason, bar, addresses, salt, created, now, credentials);
  }
}
