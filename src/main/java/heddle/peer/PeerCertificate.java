package heddle.peer;

import heddle.mail.Octets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** TEMPORARY until merged. */
public final class PeerCertificate {
  private final X509Certificate x509;
  private final int verifyCode;

  public PeerCertificate(X509Certificate x509, int verifyCode) {
    this.x509 = x509;
    this.verifyCode = verifyCode;
  }

  public X509Certificate x509() {
    return x509;
  }

  public Instant notBefore() {
    return x509.getNotBefore().toInstant();
  }

  public Instant notAfter() {
    return x509.getNotAfter().toInstant();
  }

  public int verifyCode() {
    return verifyCode;
  }

  public Fingerprint fingerprint(Digest digest) {
    try {
      return of(digest, x509.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public Fingerprint spkiFingerprint(Digest digest) {
    try {
      return of(digest, x509.getPublicKey().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Fingerprint of(Digest digest, byte[] octets) throws GeneralSecurityException {
    return new Fingerprint(
        digest, Octets.of(MessageDigest.getInstance(digest.algorithm()).digest(octets)));
  }

  public boolean judged() {
    return true;
  }

  public List<String> emails() {
    return List.of();
  }

  public String subjectText() {
    return x509.getSubjectX500Principal().getName();
  }
}
