package heddle.directory;

import heddle.mail.Octets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * One scrypt hash (RFC 7914), as a PHC string or as crypt(3) writes it.
 *
 * @param log the logarithm of N
 * @param r the block size; 128 * N * r octets are filled, 64 MiB at most
 * @param p how many times, 4 at most, and twice 64 MiB in all
 */
record Scrypt(int log, int r, int p, Octets salt, Octets hash) implements KeptHash {
  private static final int MOST = 64 * 1024;
  private static final Pattern PHC =
      Pattern.compile(
          "\\$scrypt\\$ln=([1-9]\\d?),r=([1-9]\\d{0,2}),p=([1-9]\\d?)"
              + "\\$([A-Za-z0-9+/]{1,86})\\$([A-Za-z0-9+/]{22,86})");
  // crypt(5): "\$7\$[./A-Za-z0-9]{11,97}\$[./A-Za-z0-9]{43}".
  private static final Pattern CRYPT =
      Pattern.compile(
          "\\$7\\$([./A-Za-z0-9])([./A-Za-z0-9]{5})([./A-Za-z0-9]{5})([./A-Za-z0-9]{0,86})"
              + "\\$([./A-Za-z0-9]{43})");

  static Optional<Scrypt> ofPhc(String text) {
    Matcher parts = PHC.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return Encodings.unpadded(parts.group(4))
        .flatMap(
            salt ->
                Encodings.unpadded(parts.group(5))
                    .map(
                        hash ->
                            new Scrypt(
                                Integer.parseInt(parts.group(1)),
                                Integer.parseInt(parts.group(2)),
                                Integer.parseInt(parts.group(3)),
                                salt,
                                hash)))
        .filter(Scrypt::bearable);
  }

  static Optional<Scrypt> ofCrypt(String text) {
    Matcher parts = CRYPT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    return Encodings.crypt(parts.group(5))
        .map(
            hash ->
                new Scrypt(
                    Encodings.number(parts.group(1)),
                    Encodings.number(parts.group(2)),
                    Encodings.number(parts.group(3)),
                    Octets.ofUtf8(parts.group(4)),
                    hash))
        .filter(Scrypt::bearable);
  }

  private boolean bearable() {
    return log >= 1
        && log <= 20
        && r >= 1
        && (128L * r << log) <= 1024L * MOST
        && (r > 1 || log < 16) // RFC 7914 §2: N is "less than 2^(128 * r / 8)"
        && p >= 1
        && p <= 4
        && (128L * r * p << log) <= 2 * 1024L * MOST;
  }

  @Override
  public boolean matches(byte[] password) {
    byte[] made = SCrypt.generate(password, salt.toArray(), 1 << log, r, p, hash.size());
    return MessageDigest.isEqual(made, hash.toArray());
  }

  @Override
  public int memory() {
    return Math.toIntExact(((128L * r << log) + 1023) / 1024);
  }
}
