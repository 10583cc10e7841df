package heddle.directory;

import heddle.mail.Octets;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One hash of PBKDF2 (RFC 8018 §5.2), as passlib, Dovecot or OpenLDAP writes it.
 *
 * @param mac {@code "HmacSHA1"}, {@code "HmacSHA256"}, {@code "HmacSHA512"}
 * @param rounds for each block of the hash; all of them together 1 500 000 at most
 */
record Pbkdf2(String mac, int rounds, Octets salt, Octets hash) implements KeptHash {
  private static final int MOST = 1_500_000;
  private static final Pattern PHC =
      Pattern.compile(
          "\\$pbkdf2(?:-(sha1|sha256|sha512))?\\$(i=)?([1-9]\\d{0,6})(?:,l=(\\d{2}))?"
              + "\\$([A-Za-z0-9+./]{1,128})\\$([A-Za-z0-9+./]{22,86})");
  private static final Pattern DOVECOT =
      Pattern.compile("\\$1\\$([^$:]{1,64})\\$([1-9]\\d{0,6})\\$([0-9A-Fa-f]{40})");
  private static final Pattern OPENLDAP =
      Pattern.compile("([1-9]\\d{0,6})\\$([A-Za-z0-9./]{1,128})\\$([A-Za-z0-9./]{22,86})");

  /** Passlib's own, with dots for plusses, or with {@code i=} before the rounds as PHC has it. */
  static Optional<Pbkdf2> ofPhc(String text) {
    Matcher parts = PHC.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    boolean passlib = parts.group(2) == null;
    String digest = parts.group(1) == null ? "sha1" : parts.group(1);
    return (passlib ? Encodings.dotted(parts.group(5)) : Encodings.unpadded(parts.group(5)))
        .flatMap(
            salt ->
                (passlib ? Encodings.dotted(parts.group(6)) : Encodings.unpadded(parts.group(6)))
                    .map(
                        hash ->
                            new Pbkdf2(mac(digest), Integer.parseInt(parts.group(3)), salt, hash)))
        .filter(
            made ->
                parts.group(4) == null || Integer.parseInt(parts.group(4)) == made.hash().size())
        .filter(Pbkdf2::bearable);
  }

  /** {@code $1$salt$rounds$hex}, always by SHA-1; the salt is the text itself. */
  static Optional<Pbkdf2> ofDovecot(String text) {
    Matcher parts = DOVECOT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return Encodings.hex(parts.group(3))
        .map(
            hash ->
                new Pbkdf2(
                    mac("sha1"),
                    Integer.parseInt(parts.group(2)),
                    Octets.ofUtf8(parts.group(1)),
                    hash))
        .filter(Pbkdf2::bearable);
  }

  /** {@code rounds$salt$hash}. */
  static Optional<Pbkdf2> ofOpenLdap(String digest, String text) {
    Matcher parts = OPENLDAP.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return Encodings.dotted(parts.group(2))
        .flatMap(
            salt ->
                Encodings.dotted(parts.group(3))
                    .map(
                        hash ->
                            new Pbkdf2(mac(digest), Integer.parseInt(parts.group(1)), salt, hash)))
        .filter(Pbkdf2::bearable);
  }

  private static String mac(String digest) {
    return switch (digest) {
      case "sha256", "SHA256" -> "HmacSHA256";
      case "sha512", "SHA512" -> "HmacSHA512";
      default -> "HmacSHA1";
    };
  }

  private boolean bearable() {
    int width =
        switch (mac) {
          case "HmacSHA256" -> 32;
          case "HmacSHA512" -> 64;
          default -> 20;
        };
    return (long) rounds * Math.ceilDiv(hash.size(), width) <= MOST;
  }

  @Override
  public boolean matches(byte[] password) {
    if (password.length == 0) {
      return false;
    }
    try {
      return MessageDigest.isEqual(derive(password), hash.toArray());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("no " + mac, impossible);
    }
  }

  /** The JDK's own takes characters, and ours are octets. */
  private byte[] derive(byte[] password) throws GeneralSecurityException {
    Mac keyed = Mac.getInstance(mac);
    keyed.init(new SecretKeySpec(password, mac));
    ByteBuffer all = ByteBuffer.allocate(hash.size() + keyed.getMacLength());
    for (int block = 1; all.position() < hash.size(); block++) {
      keyed.update(salt.toArray());
      byte[] u = keyed.doFinal(ByteBuffer.allocate(4).putInt(block).array());
      byte[] sum = u.clone();
      for (int i = 1; i < rounds; i++) {
        keyed.update(u);
        keyed.doFinal(u, 0);
        for (int k = 0; k < sum.length; k++) {
          sum[k] ^= u[k];
        }
      }
      all.put(sum);
    }
    return Arrays.copyOf(all.array(), hash.size());
  }
}
