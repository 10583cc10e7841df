package heddle.tls;

import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGeneratorSpi;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/** Makes X25519 key pairs. */
final class XdhKeyPairs extends KeyPairGeneratorSpi {
  private static final SecureRandom RANDOM = new SecureRandom();
  private SecureRandom random = RANDOM;

  @Override
  public void initialize(int keySize, @Nullable SecureRandom source) {
    if (keySize != 255) {
      throw new InvalidParameterException("X25519 has 255 bits");
    }
    use(source);
  }

  @Override
  public void initialize(AlgorithmParameterSpec spec, @Nullable SecureRandom source)
      throws InvalidAlgorithmParameterException {
    if (!XdhKey.isX25519(spec)) {
      throw new InvalidAlgorithmParameterException("only X25519");
    }
    use(source);
  }

  private void use(@Nullable SecureRandom source) {
    random = source == null ? RANDOM : source;
  }

  @Override
  public KeyPair generateKeyPair() {
    var scalar = new byte[X25519.SCALAR_SIZE];
    X25519.generatePrivateKey(random, scalar);
    var point = new byte[X25519.POINT_SIZE];
    X25519.generatePublicKey(scalar, 0, point, 0);
    return new KeyPair(new XdhKey.Public(XdhKey.number(point)), new XdhKey.Private(scalar));
  }
}
