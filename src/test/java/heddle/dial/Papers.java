package heddle.dial;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority, and a server's certificate of it. */
public record Papers(X509Certificate authority, X509Certificate server, KeyPair key) {
  public static Papers of(String host, Duration validFor) throws Exception {
    return of(host, "authority", validFor);
  }

  public static Papers of(String host, String issuer, Duration validFor) throws Exception {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair root = generator.generateKeyPair();
    KeyPair key = generator.generateKeyPair();
    X509Certificate authority = make(issuer, root, issuer, root, validFor.abs(), true);
    return new Papers(authority, make(host, key, issuer, root, validFor, false), key);
  }

  private static X509Certificate make(
      String name,
      KeyPair key,
      String issuerName,
      KeyPair issuer,
      Duration validFor,
      boolean authority)
      throws Exception {
    Instant now = Instant.now();
    Instant until = now.plus(validFor);
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=" + issuerName),
            new BigInteger(100, new SecureRandom()),
            Date.from(until.minus(Duration.ofDays(400))),
            Date.from(until),
            new X500Name("CN=" + name),
            key.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (!authority) {
      var names = new GeneralNames(new GeneralName(GeneralName.dNSName, name));
      builder.addExtension(Extension.subjectAlternativeName, false, names);
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
  }

  /** Into files, as a server reads them. */
  public void write(Path certificate, Path privateKey) throws Exception {
    pem(certificate, "CERTIFICATE", server.getEncoded());
    pem(privateKey, "PRIVATE KEY", key.getPrivate().getEncoded());
  }

  private static void pem(Path file, String kind, byte[] content) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  public SSLContext context() throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server", key.getPrivate(), new char[0], new X509Certificate[] {server, authority});
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
