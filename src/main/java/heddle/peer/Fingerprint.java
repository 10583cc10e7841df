package heddle.peer;

import heddle.mail.Octets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** A hash of a certificate or of its key. */
public record Fingerprint(Digest digest, Octets octets) {
  private static final int LONGEST = 200; // 64 octets with colons, and some space around
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

  public Fingerprint {
    if (octets.size() != digest.size()) {
      throw new IllegalArgumentException(
          digest + " has " + digest.size() + " octets, not " + octets.size());
    }
  }

  /** Of these octets. */
  public static Fingerprint of(Digest digest, byte[] octets) {
    try {
      byte[] hash = MessageDigest.getInstance(digest.algorithm()).digest(octets);
      return new Fingerprint(digest, Octets.of(hash));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Either form, in any letter case: {@code 8f2a…} or {@code 8F:2A:…}; the length tells the digest.
   *
   * @return empty where it is neither
   */
  public static Optional<Fingerprint> parse(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    String digits = text.strip().toLowerCase(Locale.ROOT);
    if (digits.matches("[0-9a-f]{2}(:[0-9a-f]{2})+")) {
      digits = digits.replace(":", "");
    }
    if (!digits.matches("([0-9a-f]{2})+")) {
      return Optional.empty();
    }
    Octets octets = Octets.of(HexFormat.of().parseHex(digits));
    for (Digest digest : Digest.values()) {
      if (digest.size() == octets.size()) {
        return Optional.of(new Fingerprint(digest, octets));
      }
    }
    return Optional.empty();
  }

  /** Lower case, without colons. */
  public String hex() {
    return HexFormat.of().formatHex(octets.toArray());
  }

  /** Upper case with colons, as {@code openssl x509 -fingerprint} prints it. */
  public String colons() {
    return COLONS.formatHex(octets.toArray());
  }

  /** Whether they are the same; how long that takes does not tell where they differ. */
  public boolean matches(Fingerprint other) {
    return digest == other.digest
        && MessageDigest.isEqual(octets.toArray(), other.octets.toArray());
  }

  /** Whether the text, in either form, is this. */
  public boolean matches(String text) {
    return parse(text).filter(this::matches).isPresent();
  }

  /** {@code sha256:8f2a…} */
  @Override
  public String toString() {
    return digest + ":" + hex();
  }
}
