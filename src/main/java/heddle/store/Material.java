package heddle.store;

import heddle.mail.Octets;
import java.util.Optional;

/**
 * What is kept of a secret. Opaque here; it prints lengths only.
 *
 * @param hash a PHC string, {@code $argon2id$…}
 * @param scramSha256 sealed StoredKey and ServerKey; absent where the password has no SASLprep form
 * @param scramSha512 likewise
 */
public record Material(Octets hash, Optional<Octets> scramSha256, Optional<Octets> scramSha512) {}
