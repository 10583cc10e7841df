package heddle.sasl;

/** The hash of a SCRAM mechanism: RFC 5802 for SHA-1, RFC 7677 for SHA-256 and its like. */
public enum ScramHash {
  SHA_1("SHA-1", "HmacSHA1", 20),
  SHA_256("SHA-256", "HmacSHA256", 32),
  SHA_512("SHA-512", "HmacSHA512", 64);

  private final String digest;
  private final String mac;
  private final int octets;

  ScramHash(String digest, String mac, int octets) {
    this.digest = digest;
    this.mac = mac;
    this.octets = octets;
  }

  /** As the JDK and the mechanism's name have it: {@code "SHA-256"}. */
  public String digest() {
    return digest;
  }

  /** As the JDK calls its HMAC. */
  public String mac() {
    return mac;
  }

  /** The length of its output, and so of a proof. */
  public int octets() {
    return octets;
  }
}
