package heddle.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * A certificate of our own for a server that was given none: ECDSA P-256, for the host name and
 * this machine. Key and certificate stand in one file of mode 0600, replaced in one step, so that
 * no crash can leave two halves that do not fit.
 */
final class SelfSigned {
  static final String FILE = "self-signed.pem";
  static final String SHARED = "self-signed.crt";
  static final Duration RENEW_BEFORE = Duration.ofDays(30);
  // Apple's systems refuse a longer life even where a person trusts the certificate by hand.
  private static final Duration LIFE = Duration.ofDays(825);
  private static final Duration CLOCKS_DIFFER = Duration.ofHours(24);
  private static final int DNS_NAME = 2; // RFC 5280 §4.2.1.6, as the JDK counts them

  private SelfSigned() {}

  /** Whether it must be made anew: it ends soon, or speaks of another host. */
  static boolean due(X509Certificate certificate, String hostname, Instant now) {
    if (!now.plus(RENEW_BEFORE).isBefore(certificate.getNotAfter().toInstant())) {
      return true;
    }
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null || !names.contains(List.of(DNS_NAME, hostname));
    } catch (CertificateParsingException damaged) {
      return true;
    }
  }

  /** Makes a new one in place of the file, in a folder that is created where it is missing. */
  static void make(Path file, String hostname, Instant now) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      write(file.toAbsolutePath(), pem(pair, certificate(pair, hostname, now)), "rw-------");
    } catch (GeneralSecurityException | OperatorCreationException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Writes the certificate without its key. */
  static void share(Path file, CertifiedKey key) throws IOException {
    try {
      var text = new StringWriter();
      try (var writer = new JcaPEMWriter(text)) {
        writer.writeObject(new PemObject("CERTIFICATE", key.certificate().getEncoded()));
      }
      write(file.toAbsolutePath(), text.toString(), "rw-r--r--");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] certificate(KeyPair pair, String hostname, Instant now)
      throws IOException, OperatorCreationException {
    Instant from = now.minus(CLOCKS_DIFFER);
    // RFC 5280 §A.1 allows a common name 64 characters; the alternative names carry the host.
    String shown = hostname.length() <= 64 ? hostname : "heddle";
    var name = new X500NameBuilder().addRDN(BCStyle.CN, shown).build();
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(127, new SecureRandom()).setBit(126),
            Date.from(from),
            Date.from(from.plus(LIFE)),
            name,
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(Extension.subjectAlternativeName, false, names(hostname));
    return builder
        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
        .getEncoded();
  }

  private static GeneralNames names(String hostname) {
    return new GeneralNames(
        new GeneralName[] {
          new GeneralName(GeneralName.dNSName, hostname),
          new GeneralName(GeneralName.dNSName, "localhost"),
          new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
          new GeneralName(GeneralName.iPAddress, "::1")
        });
  }

  private static String pem(KeyPair pair, byte[] certificate) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      byte[] key = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded()).getEncoded();
      writer.writeObject(new PemObject("PRIVATE KEY", key));
      writer.writeObject(new PemObject("CERTIFICATE", certificate));
    }
    return text.toString();
  }

  private static void write(Path file, String pem, String mode) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent());
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    Path fresh = Files.createTempFile(folder, FILE, ".new", permissions);
    try {
      Files.writeString(fresh, pem);
      try (var channel = FileChannel.open(fresh, Set.of(StandardOpenOption.WRITE))) {
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
