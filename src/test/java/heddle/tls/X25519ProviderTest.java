package heddle.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.KeyAgreement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class X25519ProviderTest {
  private static final Provider OURS = new X25519Provider();
  private static final Provider JDK = Security.getProvider("SunEC");

  @BeforeAll
  static void install() {
    TlsProperties.install();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static PublicKey open(byte[] u, Provider by) throws Exception {
    var spec = new XECPublicKeySpec(NamedParameterSpec.X25519, XdhKey.number(u));
    return KeyFactory.getInstance("X25519", by).generatePublic(spec);
  }

  private static PrivateKey secret(byte[] scalar, Provider by) throws Exception {
    var spec = new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar);
    return KeyFactory.getInstance("X25519", by).generatePrivate(spec);
  }

  private static byte[] agree(Provider by, PrivateKey mine, PublicKey theirs) throws Exception {
    KeyAgreement agreement = KeyAgreement.getInstance("XDH", by);
    agreement.init(mine);
    agreement.doPhase(theirs, true);
    return agreement.generateSecret();
  }

  @ParameterizedTest(name = "RFC 7748 §5.2")
  @CsvSource({
    "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4,"
        + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c,"
        + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d,"
        + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a413,"
        + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
  })
  void the_vectors_hold(String scalar, String u, String expected) throws Exception {
    byte[] point = hex(u);
    point[31] &= 0x7f; // §5: "implementations of X25519 MUST mask the most significant bit"
    assertArrayEquals(hex(expected), agree(OURS, secret(hex(scalar), OURS), open(point, OURS)));
  }

  @Test
  void a_thousand_iterations_come_to_the_number_in_the_rfc() throws Exception {
    byte[] k = hex("0900000000000000000000000000000000000000000000000000000000000000");
    byte[] u = k.clone();
    for (int i = 0; i < 1000; i++) {
      byte[] masked = u.clone();
      masked[31] &= 0x7f;
      byte[] next = agree(OURS, secret(k, OURS), open(masked, OURS));
      u = k;
      k = next;
    }
    assertEquals(
        "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51",
        HexFormat.of().formatHex(k));
  }

  @Test
  void alice_and_bob_agree_as_in_section_6_1() throws Exception {
    byte[] a = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    byte[] b = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    byte[] base = hex("09" + "00".repeat(31));
    byte[] openA = hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    byte[] openB = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    byte[] shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assertArrayEquals(openA, agree(OURS, secret(a, OURS), open(base, OURS)));
    assertArrayEquals(openB, agree(OURS, secret(b, OURS), open(base, OURS)));
    assertArrayEquals(shared, agree(OURS, secret(a, OURS), open(openB, OURS)));
    assertArrayEquals(shared, agree(OURS, secret(b, OURS), open(openA, OURS)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      })
  void a_share_of_small_order_is_refused(String point) throws Exception {
    KeyPair mine = KeyPairGenerator.getInstance("X25519", OURS).generateKeyPair();
    assertThrows(
        InvalidKeyException.class, () -> agree(OURS, mine.getPrivate(), open(hex(point), OURS)));
  }

  @Property(tries = 60)
  void we_and_the_jdk_agree_on_every_pair(
      @ForAll @Size(32) byte[] one, @ForAll @Size(32) byte[] other) throws Exception {
    one[0] |= 8; // not the zero scalar's neighbours only
    for (Provider keys : List.of(OURS, JDK)) {
      byte[] base = hex("09" + "00".repeat(31));
      byte[] u = agree(JDK, secret(other, JDK), open(base, JDK));
      byte[] ours = agree(OURS, secret(one, keys), open(u, keys));
      byte[] theirs = agree(JDK, secret(one, keys), open(u, keys));
      assertArrayEquals(theirs, ours);
    }
  }

  @Test
  void a_number_beyond_the_prime_counts_as_its_remainder() throws Exception {
    BigInteger nine = BigInteger.valueOf(9);
    BigInteger p = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    assertArrayEquals(XdhKey.octets(nine), XdhKey.octets(nine.add(p)));
  }

  @Test
  void what_is_asked_for_without_a_provider_is_ours_and_the_rest_is_the_jdks() throws Exception {
    var x25519 = KeyPairGenerator.getInstance("XDH");
    x25519.initialize(NamedParameterSpec.X25519);
    assertInstanceOf(XdhKey.Public.class, x25519.generateKeyPair().getPublic());

    var x448 = KeyPairGenerator.getInstance("XDH");
    x448.initialize(NamedParameterSpec.X448);
    KeyPair one = x448.generateKeyPair();
    KeyPair other = KeyPairGenerator.getInstance("X448").generateKeyPair();
    KeyAgreement agreement = KeyAgreement.getInstance("XDH");
    agreement.init(one.getPrivate());
    agreement.doPhase(other.getPublic(), true);
    assertEquals(56, agreement.generateSecret().length);

    assertEquals(
        "EdDSA",
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getAlgorithm());
  }

  @Test
  void encoded_keys_are_those_of_the_jdk_and_can_be_read_back() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("X25519", OURS).generateKeyPair();
    KeyFactory any = KeyFactory.getInstance("XDH");
    PublicKey open = any.generatePublic(new X509EncodedKeySpec(pair.getPublic().getEncoded()));
    PrivateKey hidden =
        any.generatePrivate(new PKCS8EncodedKeySpec(pair.getPrivate().getEncoded()));
    KeyPair other = KeyPairGenerator.getInstance("X25519", JDK).generateKeyPair();
    assertArrayEquals(agree(JDK, other.getPrivate(), open), agree(OURS, hidden, other.getPublic()));
    assertFalse(pair.getPrivate().toString().contains("["));
  }
}
