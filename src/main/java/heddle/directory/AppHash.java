package heddle.directory;

import heddle.mail.Octets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is kept of a password that we made ourselves: one SHA-256. Nobody guesses a hundred random
 * bits, so it need be neither slow nor salted.
 */
final class AppHash {
  private static final String PREFIX = "$sha256$";

  private AppHash() {}

  static Octets of(PreparedPassword password) {
    byte[] digest = password.octets().use(AppHash::sha256);
    return Octets.ofUtf8(PREFIX + HexFormat.of().formatHex(digest));
  }

  /** In the same time wherever the two differ. */
  static boolean same(Octets one, Octets other) {
    return MessageDigest.isEqual(one.toArray(), other.toArray());
  }

  private static byte[] sha256(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static boolean is(Octets hash) {
    return new String(hash.toArray(), StandardCharsets.US_ASCII).startsWith(PREFIX);
  }
}
