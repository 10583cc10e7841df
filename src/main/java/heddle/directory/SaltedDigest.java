package heddle.directory;

import heddle.mail.Octets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;

/**
 * One salted digest, {@code {SSHA}}, {@code {SSHA256}} or {@code {SSHA512}}: the digest of password
 * and salt, and behind it the salt. Quickly tried by whoever steals it; better than none.
 *
 * @param algorithm as the JDK calls it
 * @param salt 1 to 64 octets
 */
record SaltedDigest(String algorithm, Octets digest, Octets salt) implements KeptHash {
  private static final int LONGEST_SALT = 64;

  /**
   * @param label {@code SSHA256}, or with {@code .HEX} or {@code .B64} behind it as Dovecot has it
   */
  static Optional<SaltedDigest> parse(String label, String text) {
    int dot = label.indexOf('.');
    String form = dot < 0 ? "B64" : label.substring(dot + 1).toUpperCase(Locale.ROOT);
    Optional<Octets> both =
        switch (form) {
          case "B64", "BASE64" -> Octets.ofBase64(text);
          case "HEX" -> Encodings.hex(text);
          default -> Optional.empty();
        };
    return switch (dot < 0 ? label : label.substring(0, dot)) {
      case "SSHA" -> both.flatMap(b -> parted("SHA-1", 20, b));
      case "SSHA256" -> both.flatMap(b -> parted("SHA-256", 32, b));
      case "SSHA512" -> both.flatMap(b -> parted("SHA-512", 64, b));
      default -> Optional.empty();
    };
  }

  private static Optional<SaltedDigest> parted(String algorithm, int width, Octets both) {
    int salt = both.size() - width;
    return salt >= 1 && salt <= LONGEST_SALT
        ? Optional.of(
            new SaltedDigest(algorithm, both.slice(0, width), both.slice(width, both.size())))
        : Optional.empty();
  }

  @Override
  public boolean matches(byte[] password) {
    try {
      MessageDigest made = MessageDigest.getInstance(algorithm);
      made.update(password);
      return MessageDigest.isEqual(made.digest(salt.toArray()), digest.toArray());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("no " + algorithm, impossible);
    }
  }
}
