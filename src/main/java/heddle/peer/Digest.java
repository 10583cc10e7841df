package heddle.peer;

/** A hash that certificates are known by. */
public enum Digest {
  MD5("md5", "MD5"),
  SHA1("sha1", "SHA-1"),
  SHA256("sha256", "SHA-256"),
  SHA512("sha512", "SHA-512");

  private final String word;
  private final String algorithm;

  Digest(String word, String algorithm) {
    this.word = word;
    this.algorithm = algorithm;
  }

  String algorithm() {
    return algorithm;
  }

  @Override
  public String toString() {
    return word;
  }
}
