package heddle.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A key and the chain that vouches for it, our own certificate first. Prints no key. Safe to share.
 *
 * @param name what it is served for: a host name, or {@code *.} and a domain
 */
record CertifiedKey(String name, List<X509Certificate> chain, PrivateKey key) {
  CertifiedKey {
    chain = List.copyOf(chain);
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  Instant expires() {
    return certificate().getNotAfter().toInstant();
  }

  String fingerprint() {
    return fingerprint(certificate());
  }

  /** SHA-256, as {@code openssl x509 -fingerprint} prints it. */
  static String fingerprint(X509Certificate certificate) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").formatHex(hash).toUpperCase(Locale.ROOT);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String toString() {
    return "CertifiedKey[" + name + ", expires " + expires() + "]";
  }
}
