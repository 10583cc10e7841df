package heddle.tls;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/** RFC 7748 §6.1. Used by one thread. */
final class XdhAgreement extends KeyAgreementSpi {
  private byte @Nullable [] scalar;
  private byte @Nullable [] shared;

  @Override
  protected void engineInit(Key key, @Nullable SecureRandom random) throws InvalidKeyException {
    // Any other key: the JDK then asks the next provider.
    if (!(key instanceof XECPrivateKey xec) || !XdhKey.isX25519(xec.getParams())) {
      throw new InvalidKeyException("only X25519");
    }
    byte[] given = xec.getScalar().orElseThrow(() -> new InvalidKeyException("no scalar"));
    if (given.length != X25519.SCALAR_SIZE) {
      throw new InvalidKeyException("an X25519 scalar has 32 octets");
    }
    scalar = given;
    shared = null;
  }

  @Override
  protected void engineInit(
      Key key, @Nullable AlgorithmParameterSpec params, @Nullable SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (params != null && !XdhKey.isX25519(params)) {
      throw new InvalidAlgorithmParameterException("only X25519");
    }
    engineInit(key, random);
  }

  @Override
  protected @Nullable Key engineDoPhase(Key key, boolean lastPhase) throws InvalidKeyException {
    if (scalar == null || shared != null || !lastPhase) {
      throw new IllegalStateException("one private key, then one public key");
    }
    if (!(key instanceof XECPublicKey xec) || !XdhKey.isX25519(xec.getParams())) {
      throw new InvalidKeyException("only X25519");
    }
    var secret = new byte[X25519.POINT_SIZE];
    // RFC 8446 §7.4.2: "implementations MUST check whether the computed Diffie-Hellman shared
    // secret is the all-zero value and abort if so".
    if (!X25519.calculateAgreement(scalar, 0, XdhKey.octets(xec.getU()), 0, secret, 0)) {
      throw new InvalidKeyException("Point has small order");
    }
    shared = secret;
    return null;
  }

  @Override
  protected byte[] engineGenerateSecret() {
    byte[] secret = shared;
    if (secret == null) {
      throw new IllegalStateException("nothing agreed yet");
    }
    shared = null;
    return secret;
  }

  @Override
  protected int engineGenerateSecret(byte[] target, int offset) throws ShortBufferException {
    if (target.length - offset < X25519.POINT_SIZE) {
      throw new ShortBufferException("32 octets are needed");
    }
    byte[] secret = engineGenerateSecret();
    System.arraycopy(secret, 0, target, offset, secret.length);
    Arrays.fill(secret, (byte) 0);
    return secret.length;
  }

  @Override
  protected SecretKey engineGenerateSecret(String algorithm) throws NoSuchAlgorithmException {
    byte[] secret = engineGenerateSecret();
    try {
      return new SecretKeySpec(secret, algorithm);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }
}
