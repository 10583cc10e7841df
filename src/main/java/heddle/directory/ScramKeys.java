package heddle.directory;

import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.sasl.ScramHash;
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
  /**
   * @param password not empty, behind SASLprep
   */
  static ScramKeys derive(ScramHash hash, Secret password, ScramSalt salt) {
    return password.use(
        bytes -> {
          try {
            return derive(hash, bytes, salt);
          } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("no " + hash.mac(), impossible);
          }
        });
  }

  private static ScramKeys derive(ScramHash hash, byte[] password, ScramSalt salt)
      throws GeneralSecurityException {
    byte[] salted = hi(hash, password, salt);
    // RFC 5802 §3: "ClientKey := HMAC(SaltedPassword, "Client Key"); StoredKey := H(ClientKey)".
    byte[] client = hmac(hash, salted, "Client Key");
    byte[] stored = MessageDigest.getInstance(hash.digest()).digest(client);
    byte[] server = hmac(hash, salted, "Server Key");
    Arrays.fill(salted, (byte) 0);
    Arrays.fill(client, (byte) 0);
    return new ScramKeys(Octets.of(stored), Octets.of(server));
  }

  /** RFC 5802 §2.2, Hi(); the JDK's PBKDF2 takes characters, and ours are octets. */
  private static byte[] hi(ScramHash hash, byte[] password, ScramSalt salt)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(hash.mac());
    mac.init(new SecretKeySpec(password, hash.mac()));
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

  private static byte[] hmac(ScramHash hash, byte[] key, String text)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(hash.mac());
    mac.init(new SecretKeySpec(key, hash.mac()));
    return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Bound to the account and the mechanism: no row opens in another's place. */
  Octets sealed(StoreKey key, ScramHash hash, String account) {
    byte[] both = Arrays.copyOf(storedKey.toArray(), hash.octets() * 2);
    System.arraycopy(serverKey.toArray(), 0, both, hash.octets(), hash.octets());
    Octets sealed = key.seal(Octets.of(both), bound(hash, account));
    Arrays.fill(both, (byte) 0);
    return sealed;
  }

  static Optional<ScramKeys> unsealed(Octets sealed, StoreKey key, ScramHash hash, String account) {
    return key.unseal(sealed, bound(hash, account))
        .filter(both -> both.size() == hash.octets() * 2)
        .map(
            both ->
                new ScramKeys(
                    both.slice(0, hash.octets()), both.slice(hash.octets(), hash.octets() * 2)));
  }

  /**
   * Whether the proof is of these keys: RFC 5802 §3: "ClientSignature := HMAC(StoredKey,
   * AuthMessage)", "ClientProof := ClientKey XOR ClientSignature", and H(ClientKey) is StoredKey.
   */
  boolean proves(ScramHash hash, Octets message, Octets proof) {
    byte[] signature = signature(hash, storedKey, message);
    byte[] client = proof.toArray();
    for (int i = 0; i < client.length; i++) {
      client[i] ^= signature[i % signature.length];
    }
    try {
      byte[] stored = MessageDigest.getInstance(hash.digest()).digest(client);
      return MessageDigest.isEqual(stored, storedKey.toArray());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** RFC 5802 §3: "ServerSignature := HMAC(ServerKey, AuthMessage)", as it is sent. */
  Octets serverFinal(ScramHash hash, Octets message) {
    return Octets.ofUtf8("v=" + Octets.of(signature(hash, serverKey, message)).base64());
  }

  private static byte[] signature(ScramHash hash, Octets key, Octets message) {
    try {
      Mac mac = Mac.getInstance(hash.mac());
      mac.init(new SecretKeySpec(key.toArray(), hash.mac()));
      return mac.doFinal(message.toArray());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String bound(ScramHash hash, String account) {
    return "scram-" + hash.digest() + " " + account;
  }
}
