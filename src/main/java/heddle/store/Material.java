package heddle.store;

import heddle.mail.Octets;
import java.util.Optional;

/**
 * What is kept of a secret. Opaque here; it prints lengths only.
 *
 * @param hash a PHC string, {@code $argon2id$…}, or what another server kept, until the next login
 * @param scramSha256 sealed StoredKey and ServerKey; absent where the password has no SASLprep form
 * @param scramSha512 likewise
 * @param scramSha1 likewise; only where the site lists the mechanism
 * @param cramMd5 sealed; only where the site lists the mechanism, for it is as good as the password
 */
public record Material(
    Octets hash,
    Optional<Octets> scramSha256,
    Optional<Octets> scramSha512,
    Optional<Octets> scramSha1,
    Optional<Octets> cramMd5) {
  /** Of a credential that is no secret. */
  public static final Material NOTHING = new Material(Octets.EMPTY);

  public Material(Octets hash) {
    this(hash, Optional.empty(), Optional.empty());
  }

  public Material(Octets hash, Optional<Octets> scramSha256, Optional<Octets> scramSha512) {
    this(hash, scramSha256, scramSha512, Optional.empty(), Optional.empty());
  }
}
