package heddle.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/**
 * Reads PEM text: a chain, and a key as PKCS#8, SEC1 (EC) or PKCS#1 (RSA). Both may stand in one
 * file, so what is not asked for is passed over.
 */
final class PemPair {
  private PemPair() {}

  /**
   * @param certificateFile and {@code keyFile}: how the texts are called in a refusal
   */
  static CertifiedKey read(
      String name, String certificateFile, byte[] certificates, String keyFile, byte[] key)
      throws TlsRefused {
    List<X509Certificate> chain = chain(certificateFile, certificates);
    PrivateKey secret = key(keyFile, key);
    KeyCheck.demandServable(keyFile, secret);
    KeyCheck.demandMatch(certificateFile, chain, keyFile, secret);
    return new CertifiedKey(name, chain, secret);
  }

  static List<X509Certificate> chain(String file, byte[] pem) throws TlsRefused {
    var chain = new ArrayList<X509Certificate>();
    try {
      var factory = CertificateFactory.getInstance("X.509");
      for (Object each : objects(pem)) {
        if (each instanceof X509CertificateHolder holder) {
          chain.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(holder.getEncoded())));
        }
      }
    } catch (IOException | GeneralSecurityException | RuntimeException damaged) {
      throw new TlsRefused(
          "The certificate file " + file + " cannot be read.",
          "A part of it is damaged or cut short.",
          "Copy it again.");
    }
    if (chain.isEmpty()) {
      throw new TlsRefused(
          "The certificate file " + file + " holds no certificate.",
          "No BEGIN CERTIFICATE stands in it.",
          "Name the file with the full chain in PEM, the server's own certificate first.");
    }
    return chain;
  }

  /** The revocation lists in a file: one at least. */
  static List<X509CRL> revocationLists(String file, byte[] pem) throws TlsRefused {
    var lists = new ArrayList<X509CRL>();
    try {
      var factory = CertificateFactory.getInstance("X.509");
      for (Object each : objects(pem)) {
        if (each instanceof X509CRLHolder holder) {
          lists.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(holder.getEncoded())));
        }
      }
    } catch (IOException | GeneralSecurityException | RuntimeException damaged) {
      throw new TlsRefused(
          "The revocation list " + file + " cannot be read.",
          "A part of it is damaged or cut short.",
          "Copy it again.");
    }
    if (lists.isEmpty()) {
      throw new TlsRefused(
          "The file " + file + " holds no revocation list.",
          "No BEGIN X509 CRL stands in it.",
          "Name a file with lists in PEM; from DER: openssl crl -inform DER -in LIST -out " + file);
    }
    return lists;
  }

  private static PrivateKey key(String file, byte[] pem) throws TlsRefused {
    try {
      for (Object each : objects(pem)) {
        if (each instanceof PEMKeyPair pair) {
          return jdkKey(pair.getPrivateKeyInfo());
        }
        if (each instanceof PrivateKeyInfo info) {
          return jdkKey(info);
        }
        if (each instanceof PEMEncryptedKeyPair || each instanceof PKCS8EncryptedPrivateKeyInfo) {
          throw new TlsRefused(
              "The key file " + file + " is encrypted.",
              "The server has nobody to ask for the passphrase.",
              "Decrypt it with: openssl pkey -in " + file + " -out key.pem");
        }
      }
    } catch (IOException | GeneralSecurityException | RuntimeException damaged) {
      // The cause may quote the text of the key: it goes no further.
      throw new TlsRefused(
          "The key file " + file + " cannot be read.",
          "It is damaged, cut short or of an unknown kind.",
          "Copy it again, as an RSA, EC or Ed25519 key in PEM.");
    }
    throw new TlsRefused(
        "The key file " + file + " holds no private key.",
        "No BEGIN PRIVATE KEY stands in it.",
        "Name the file with the private key in PEM.");
  }

  private static List<Object> objects(byte[] pem) throws IOException {
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    var found = new ArrayList<Object>();
    try (var parser = new PEMParser(new StringReader(text))) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        found.add(next);
      }
    }
    // The parser takes a text that ends before its END line for no object at all.
    if (count(text, "-----BEGIN ") != count(text, "-----END ")) {
      throw new PEMException("cut short");
    }
    return found;
  }

  private static int count(String text, String mark) {
    return text.split(mark, -1).length;
  }

  private static PrivateKey jdkKey(PrivateKeyInfo info)
      throws IOException, GeneralSecurityException {
    ASN1ObjectIdentifier kind = info.getPrivateKeyAlgorithm().getAlgorithm();
    String name;
    if (kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
      name = "EC";
    } else if (kind.equals(PKCSObjectIdentifiers.rsaEncryption)) {
      name = "RSA";
    } else if (kind.equals(PKCSObjectIdentifiers.id_RSASSA_PSS)) {
      name = "RSASSA-PSS";
    } else if (kind.equals(EdECObjectIdentifiers.id_Ed25519)
        || kind.equals(EdECObjectIdentifiers.id_Ed448)) {
      name = "EdDSA";
    } else {
      throw new GeneralSecurityException("unknown kind of key");
    }
    return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
  }
}
