package heddle.tls;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;

/**
 * How many bits of security a key or a signature has, as OpenSSL counts them: it takes less than
 * {@link #LEAST} for weak at its security level 2.
 */
final class Strength {
  static final int LEAST = 112;

  private static final Pattern NAMED = Pattern.compile("(.+)WITH(RSA|ECDSA|DSA)");
  private static final String PSS = "1.2.840.113549.1.1.10";
  private static final String ED25519 = "1.3.101.112";
  private static final String ED448 = "1.3.101.113";
  private static final Map<ASN1ObjectIdentifier, String> PSS_HASHES =
      Map.of(
          OIWObjectIdentifiers.idSHA1, "SHA1",
          NISTObjectIdentifiers.id_sha224, "SHA224",
          NISTObjectIdentifiers.id_sha256, "SHA256",
          NISTObjectIdentifiers.id_sha384, "SHA384",
          NISTObjectIdentifiers.id_sha512, "SHA512");

  private Strength() {}

  /** Of a key; 0 for a kind that nobody knows here. */
  static int of(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> factoring(rsa.getModulus().bitLength());
      case DSAPublicKey dsa ->
          Math.min(
              discrete(dsa.getParams().getP().bitLength()), dsa.getParams().getQ().bitLength() / 2);
      case ECPublicKey ec -> curve(ec.getParams().getOrder().bitLength());
      case EdECPublicKey ed -> ed.getParams().getName().equals("Ed25519") ? 128 : 224;
      default -> 0;
    };
  }

  /** NIST SP 800-56B, appendix D, rounded to the next multiple of eight. */
  private static int factoring(int bits) {
    if (bits < 8) {
      return 0;
    }
    if (bits == 2048) {
      return 112; // by its table; the formula would say the same
    }
    double x = bits * Math.log(2);
    double lx = Math.log(x);
    double strength = (1.923 * Math.cbrt(x * lx * lx) - 4.69) / Math.log(2);
    return (int) (strength + 4) & ~7;
  }

  private static int discrete(int bits) {
    return bits >= 3072 ? 128 : bits >= 2048 ? 112 : bits >= 1024 ? 80 : 0;
  }

  private static int curve(int order) {
    return order >= 512
        ? 256
        : order >= 384 ? 192 : order >= 256 ? 128 : order >= 224 ? 112 : order / 2;
  }

  /** Of the signature under a certificate. */
  static int ofSignature(X509Certificate certificate) {
    return switch (certificate.getSigAlgOID()) {
      case ED25519 -> 128;
      case ED448 -> 224;
      default -> hashName(certificate).map(Strength::ofHash).orElse(0);
    };
  }

  private static int ofHash(String hash) {
    return switch (hash) {
      case "MD5" -> 39; // best known collisions
      case "SHA1" -> 63;
      case "SHA224", "SHA512/224", "SHA3-224" -> 112;
      case "SHA256", "SHA512/256", "SHA3-256" -> 128;
      case "SHA384", "SHA3-384" -> 192;
      case "SHA512", "SHA3-512" -> 256;
      default -> 0;
    };
  }

  /** The hash under a certificate's signature, as {@code MessageDigest} calls it. */
  static Optional<String> hash(X509Certificate certificate) {
    return hashName(certificate)
        .map(h -> h.startsWith("SHA3") ? h : h.replaceFirst("^SHA", "SHA-"));
  }

  private static Optional<String> hashName(X509Certificate certificate) {
    if (certificate.getSigAlgOID().equals(PSS)) {
      return pssHash(certificate);
    }
    Matcher named = NAMED.matcher(certificate.getSigAlgName().toUpperCase(Locale.ROOT));
    return named.matches() ? Optional.of(named.group(1)) : Optional.empty();
  }

  private static Optional<String> pssHash(X509Certificate certificate) {
    try {
      var parameters = RSASSAPSSparams.getInstance(certificate.getSigAlgParams());
      return parameters == null
          ? Optional.empty()
          : Optional.ofNullable(PSS_HASHES.get(parameters.getHashAlgorithm().getAlgorithm()));
    } catch (RuntimeException damaged) {
      return Optional.empty();
    }
  }

  /** Whether a key of this kind could have made the certificate's signature. */
  static boolean fit(PublicKey key, X509Certificate certificate) {
    String kind = key.getAlgorithm();
    return switch (certificate.getSigAlgOID()) {
      case PSS -> kind.equals("RSA") || kind.equals("RSASSA-PSS");
      case ED25519, ED448 -> key instanceof EdECPublicKey;
      default -> {
        Matcher named = NAMED.matcher(certificate.getSigAlgName().toUpperCase(Locale.ROOT));
        yield named.matches()
            && kind.equals(named.group(2).equals("ECDSA") ? "EC" : named.group(2));
      }
    };
  }
}
