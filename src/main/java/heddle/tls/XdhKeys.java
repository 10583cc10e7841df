package heddle.tls;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactorySpi;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;

/** X25519 keys from numbers and back; encoded forms are left to the next provider. */
final class XdhKeys extends KeyFactorySpi {
  @Override
  protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
    if (spec instanceof XECPublicKeySpec xec && XdhKey.isX25519(xec.getParams())) {
      return new XdhKey.Public(reduced(xec.getU()));
    }
    throw new InvalidKeySpecException("only X25519 as a number");
  }

  private static BigInteger reduced(BigInteger u) {
    return XdhKey.number(XdhKey.octets(u));
  }

  @Override
  protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
    if (spec instanceof XECPrivateKeySpec xec && XdhKey.isX25519(xec.getParams())) {
      if (xec.getScalar().length != XdhKey.SIZE) {
        throw new InvalidKeySpecException("an X25519 scalar has 32 octets");
      }
      return new XdhKey.Private(xec.getScalar());
    }
    throw new InvalidKeySpecException("only X25519 as a scalar");
  }

  @Override
  protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> wanted)
      throws InvalidKeySpecException {
    if (key instanceof XECPublicKey open
        && XdhKey.isX25519(open.getParams())
        && wanted == XECPublicKeySpec.class) {
      return wanted.cast(new XECPublicKeySpec(NamedParameterSpec.X25519, open.getU()));
    }
    if (key instanceof XECPrivateKey hidden
        && XdhKey.isX25519(hidden.getParams())
        && wanted == XECPrivateKeySpec.class
        && hidden.getScalar().isPresent()) {
      byte[] scalar = hidden.getScalar().get();
      return wanted.cast(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar));
    }
    throw new InvalidKeySpecException("only X25519 as a number");
  }

  @Override
  protected Key engineTranslateKey(Key key) throws InvalidKeyException {
    if (key instanceof XECPublicKey open && XdhKey.isX25519(open.getParams())) {
      return new XdhKey.Public(reduced(open.getU()));
    }
    if (key instanceof XECPrivateKey hidden && XdhKey.isX25519(hidden.getParams())) {
      byte[] scalar =
          hidden.getScalar().orElseThrow(() -> new InvalidKeyException("no scalar to be had"));
      return new XdhKey.Private(scalar);
    }
    throw new InvalidKeyException("only X25519");
  }
}
