package heddle.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAKey;
import java.util.List;

/** Whether a key can be served, and whether a certificate speaks of this key. */
final class KeyCheck {
  private static final int LEAST_RSA_BITS = 2048;

  private KeyCheck() {}

  static void demandServable(String file, PrivateKey key) throws TlsRefused {
    if (key instanceof RSAKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS) {
      throw new TlsRefused(
          "The key in " + file + " is too short.",
          "RSA keys under 2048 bits are refused by most clients.",
          "Make a new key, best an EC key on P-256, and have it certified.");
    }
    // A client could choose neither of our key-exchange groups for a key on another curve (RFC
    // 8422 §5.1.1 lets one list speak for both).
    if (key instanceof ECPrivateKey ec) {
      int bits = ec.getParams().getCurve().getField().getFieldSize();
      boolean koblitz = ec.getParams().getCurve().getA().signum() == 0;
      if (koblitz || (bits != 256 && bits != 384)) {
        throw new TlsRefused(
            "The key in " + file + " is on a curve that is not served.",
            "Clients agree on P-256 and P-384 only.",
            "Make a new key on P-256 and have it certified.");
      }
    }
  }

  static void demandMatch(
      String certificateFile, List<X509Certificate> chain, String keyFile, PrivateKey key)
      throws TlsRefused {
    if (matches(chain.getFirst().getPublicKey(), key)) {
      return;
    }
    if (chain.stream().anyMatch(c -> matches(c.getPublicKey(), key))) {
      throw new TlsRefused(
          "The chain in " + certificateFile + " is in the wrong order.",
          "The server's own certificate is not the first.",
          "Put the server's own certificate first, then each issuer after the one it signed.");
    }
    throw new TlsRefused(
        "The key in " + keyFile + " does not belong to the certificate in " + certificateFile + ".",
        "The certificate speaks of another key.",
        "Name the two files that were issued together.");
  }

  private static boolean matches(PublicKey open, PrivateKey secret) {
    try {
      if (secret instanceof RSAKey ours) {
        return open instanceof RSAKey theirs && ours.getModulus().equals(theirs.getModulus());
      }
      if (secret instanceof ECPrivateKey) {
        return open instanceof ECPublicKey && verifies("SHA256withECDSA", open, secret);
      }
      return secret instanceof EdECPrivateKey
          && open instanceof EdECPublicKey
          && verifies("EdDSA", open, secret);
    } catch (GeneralSecurityException differentCurves) {
      return false;
    }
  }

  private static boolean verifies(String algorithm, PublicKey open, PrivateKey secret)
      throws GeneralSecurityException {
    var words = new byte[32];
    new SecureRandom().nextBytes(words);
    Signature signer = Signature.getInstance(algorithm);
    signer.initSign(secret);
    signer.update(words);
    byte[] signature = signer.sign();
    Signature verifier = Signature.getInstance(algorithm);
    verifier.initVerify(open);
    verifier.update(words);
    return verifier.verify(signature);
  }
}
