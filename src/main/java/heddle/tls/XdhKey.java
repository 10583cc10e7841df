package heddle.tls;

import java.math.BigInteger;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** X25519 keys as the JDK's interfaces want them: {@code u} as a number, the scalar as octets. */
final class XdhKey {
  static final int SIZE = 32;
  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  // RFC 8410 §4 and §7: what stands before the key in SubjectPublicKeyInfo and PrivateKeyInfo.
  private static final byte[] PUBLIC_HEAD = HexFormat.of().parseHex("302a300506032b656e032100");
  private static final byte[] PRIVATE_HEAD =
      HexFormat.of().parseHex("302e020100300506032b656e04220420");

  private XdhKey() {}

  static boolean isX25519(AlgorithmParameterSpec spec) {
    return spec instanceof NamedParameterSpec named
        && named.getName().equalsIgnoreCase(NamedParameterSpec.X25519.getName());
  }

  /** Little-endian, 32 octets. */
  static byte[] octets(BigInteger u) {
    // RFC 7748 §5: "Implementations MUST accept non-canonical values and process them as if they
    // had been reduced modulo the field prime."
    byte[] big = u.mod(P).toByteArray();
    var little = new byte[SIZE];
    for (int i = 0; i < big.length && i < SIZE; i++) {
      little[i] = big[big.length - 1 - i];
    }
    return little;
  }

  static BigInteger number(byte[] little) {
    var big = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      big[SIZE - 1 - i] = little[i];
    }
    return new BigInteger(1, big);
  }

  private static byte[] join(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }

  static final class Public implements XECPublicKey {
    private static final long serialVersionUID = 1;
    private final BigInteger u;

    Public(BigInteger u) {
      this.u = u;
    }

    @Override
    public BigInteger getU() {
      return u;
    }

    @Override
    public AlgorithmParameterSpec getParams() {
      return NamedParameterSpec.X25519;
    }

    @Override
    public String getAlgorithm() {
      return "XDH";
    }

    @Override
    public String getFormat() {
      return "X.509";
    }

    @Override
    public byte[] getEncoded() {
      return join(PUBLIC_HEAD, octets(u));
    }
  }

  static final class Private implements XECPrivateKey {
    private static final long serialVersionUID = 1;
    private final byte[] scalar;

    /** Keeps the array. */
    Private(byte[] scalar) {
      this.scalar = scalar;
    }

    @Override
    public Optional<byte[]> getScalar() {
      return Optional.of(scalar.clone());
    }

    @Override
    public AlgorithmParameterSpec getParams() {
      return NamedParameterSpec.X25519;
    }

    @Override
    public String getAlgorithm() {
      return "XDH";
    }

    @Override
    public String getFormat() {
      return "PKCS#8";
    }

    @Override
    public byte[] getEncoded() {
      return join(PRIVATE_HEAD, scalar);
    }

    @Override
    public String toString() {
      return "X25519 private key";
    }
  }
}
