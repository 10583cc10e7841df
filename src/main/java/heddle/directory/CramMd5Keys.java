package heddle.directory;

import heddle.mail.Octets;
import heddle.mail.Secret;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.digests.MD5Digest;

/**
 * What a CRAM-MD5 server keeps of a password: the inner and the outer state of HMAC-MD5 behind the
 * key's own block (RFC 2104 §4), from which the password cannot be read back. It is as good as the
 * password for this one mechanism. It prints lengths only.
 */
record CramMd5Keys(Octets inner, Octets outer) {
  private static final int BLOCK = 64;
  private static final int DIGEST = 16;

  static CramMd5Keys derive(Secret password) {
    return password.use(
        bytes -> {
          byte[] key = bytes.length > BLOCK ? digest(bytes) : bytes.clone();
          byte[] block = Arrays.copyOf(key, BLOCK);
          CramMd5Keys keys = new CramMd5Keys(state(block, 0x36), state(block, 0x5c));
          Arrays.fill(key, (byte) 0);
          Arrays.fill(block, (byte) 0);
          return keys;
        });
  }

  private static byte[] digest(byte[] octets) {
    var md5 = new MD5Digest();
    md5.update(octets, 0, octets.length);
    byte[] digest = new byte[DIGEST];
    md5.doFinal(digest, 0);
    return digest;
  }

  private static Octets state(byte[] block, int pad) {
    var md5 = new MD5Digest();
    for (byte each : block) {
      md5.update((byte) (each ^ pad));
    }
    return Octets.of(md5.getEncodedState());
  }

  /** Whether the digest is the HMAC of the challenge under this key. */
  boolean proves(Octets challenge, Octets digest) {
    byte[] text = challenge.toArray();
    var in = new MD5Digest(inner.toArray());
    in.update(text, 0, text.length);
    byte[] first = new byte[DIGEST];
    in.doFinal(first, 0);
    var out = new MD5Digest(outer.toArray());
    out.update(first, 0, DIGEST);
    byte[] wanted = new byte[DIGEST];
    out.doFinal(wanted, 0);
    return MessageDigest.isEqual(wanted, digest.toArray());
  }

  /** Bound to the account: no row opens in another's place. */
  Octets sealed(StoreKey key, String account) {
    byte[] in = inner.toArray();
    byte[] both = Arrays.copyOf(in, in.length + outer.size());
    System.arraycopy(outer.toArray(), 0, both, in.length, outer.size());
    Octets sealed = key.seal(Octets.of(both), bound(account));
    Arrays.fill(both, (byte) 0);
    return sealed;
  }

  static Optional<CramMd5Keys> unsealed(Octets sealed, StoreKey key, String account) {
    return key.unseal(sealed, bound(account))
        .filter(both -> both.size() % 2 == 0)
        .map(
            both ->
                new CramMd5Keys(
                    both.slice(0, both.size() / 2), both.slice(both.size() / 2, both.size())));
  }

  private static String bound(String account) {
    return "cram-md5 " + account;
  }
}
