package heddle.peer;

import java.util.Locale;
import java.util.Optional;

/** A hash that certificates are known by. */
public enum Digest {
  MD5("md5", "MD5", 16),
  SHA1("sha1", "SHA-1", 20),
  SHA256("sha256", "SHA-256", 32),
  SHA512("sha512", "SHA-512", 64);

  private final String word;
  private final String algorithm;
  private final int size;

  Digest(String word, String algorithm, int size) {
    this.word = word;
    this.algorithm = algorithm;
    this.size = size;
  }

  /** By its word, in any letter case; empty for every other word. */
  public static Optional<Digest> named(String word) {
    String asked = word.toLowerCase(Locale.ROOT);
    for (Digest each : values()) {
      if (each.word.equals(asked)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** {@code md5}, {@code sha1}, {@code sha256} or {@code sha512}. */
  public String word() {
    return word;
  }

  /** As the JDK calls it. */
  public String algorithm() {
    return algorithm;
  }

  /** How many octets it has. */
  public int size() {
    return size;
  }

  @Override
  public String toString() {
    return word;
  }
}
