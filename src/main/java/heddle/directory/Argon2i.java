package heddle.directory;

import heddle.mail.Octets;
import java.security.MessageDigest;
import java.util.Optional;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** One Argon2i hash (RFC 9106); the bounds are those of {@link Argon2id}. */
record Argon2i(Argon2id.Cost cost, Octets salt, Octets hash) implements KeptHash {
  private static final String BEGINNING = "$argon2i$";

  static Optional<Argon2i> parse(String phc) {
    // But for its name it is written like the other.
    return phc.startsWith(BEGINNING)
        ? Argon2id.parse(Octets.ofUtf8("$argon2id$" + phc.substring(BEGINNING.length())))
            .map(same -> new Argon2i(same.cost(), same.salt(), same.hash()))
        : Optional.empty();
  }

  @Override
  public boolean matches(byte[] password) {
    return MessageDigest.isEqual(
        Argon2id.run(Argon2Parameters.ARGON2_i, password, salt, cost, hash.size()), hash.toArray());
  }

  @Override
  public int memory() {
    return cost.memory();
  }
}
