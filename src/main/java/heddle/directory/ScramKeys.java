package heddle.directory;

import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.store.ScramSalt;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a SCRAM server keeps of a password (RFC 5802 §3). It prints lengths only. */
record ScramKeys(Octets storedKey, Octets serverKey) {
  /** The hash of a SCRAM mechanism. */
  enum Hash {
    SHA_256("SHA-256", "HmacSHA256", 32), // RFC 7677
    SHA_512("SHA-512", "HmacSHA512", 64);

    private final String digest;
    private final String mac;
    private final int octets;

    Hash(String digest, String mac, int octets) {
      this.digest = digest;
      this.mac = mac;
      this.octets = octets;
    }
  }

  /**
   * @param password not empty, behind SASLprep
   */
  static ScramKeys derive(Hash hash, Secret password, ScramSalt salt) {
    return password.use(
        bytes -> {
          try {
            return derive(hash, bytes, salt);
          } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("no " + hash.mac, impossible);
          }
        });
  }

  private static ScramKeys derive(Hash hash, byte[] password, ScramSalt salt)
      throws GeneralSecurityException {
    byte[] salted = hi(hash, password, salt);
    // RFC 5802 §3: "ClientKey := HMAC(SaltedPassword, "Client Key"); StoredKey := H(ClientKey)".
    byte[] client = hmac(hash, salted, "Client Key");
    byte[] stored = MessageDigest.getInstance(hash.digest).digest(client);
    byte[] server = hmac(hash, salted, "Server Key");
    Arrays.fill(salted, (byte) 0);
    Arrays.fill(client, (byte) 0);
    return new ScramKeys(Octets.of(stored), Octets.of(server));
  }

  /** RFC 5802 §2.2, Hi(); the JDK's PBKDF2 takes characters, and ours are octets. */
  private static byte[] hi(Hash hash, byte[] password, ScramSalt salt)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(hash.mac);
    mac.init(new SecretKeySpec(password, hash.mac));
    mac.update(salt.salt().toArray());
    byte[] u = mac.doFinal(new byte[] {0, 0, 0, 1});
    byte[] result = u.clone();
    for (int i = 1; i < salt.iterations(); i++) {
      mac.update(u);
      mac.doFinal(u, 0);
      for (int k = 0; k < result.length; k++) {
        result[k] ^= u[k];
      }
    }
    return result;
  }

  private static byte[] hmac(Hash hash, byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(hash.mac);
    mac.init(new SecretKeySpec(key, hash.mac));
    return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Bound to the account and the mechanism: no row opens in another's place. */
  Octets sealed(StoreKey key, Hash hash, String account) {
    byte[] both = Arrays.copyOf(storedKey.toArray(), hash.octets * 2);
    System.arraycopy(serverKey.toArray(), 0, both, hash.octets, hash.octets);
    Octets sealed = key.seal(Octets.of(both), bound(hash, account));
    Arrays.fill(both, (byte) 0);
    return sealed;
  }

  static Optional<ScramKeys> unsealed(Octets sealed, StoreKey key, Hash hash, String account) {
    return key.unseal(sealed, bound(hash, account))
        .filter(both -> both.size() == hash.octets * 2)
        .map(
            both ->
                new ScramKeys(
                    both.slice(0, hash.octets), both.slice(hash.octets, hash.octets * 2)));
  }

  private static String bound(Hash hash, String account) {
    return "scram-" + hash.digest + " " + account;
  }
}
