package heddle.tls;

import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v1CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate and its key, made as a test wants them, faults included. */
final class Paper {
  private static final AtomicLong SERIAL = new AtomicLong(1000);
  private static final Provider MAKER = new BouncyCastleProvider();
  private static final Map<String, KeyPair> SLOW = new HashMap<>();

  private final X509Certificate certificate;
  private final KeyPair keys;

  private Paper(X509Certificate certificate, KeyPair keys) {
    this.certificate = certificate;
    this.keys = keys;
  }

  X509Certificate certificate() {
    return certificate;
  }

  KeyPair keys() {
    return keys;
  }

  /** {@code EC}, or {@code RSA1024} and the like, made once for each size. */
  static synchronized KeyPair keyPair(String kind) throws Exception {
    if (kind.startsWith("RSA")) {
      KeyPair known = SLOW.get(kind);
      if (known == null) {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(Integer.parseInt(kind.substring(3)));
        known = generator.generateKeyPair();
        SLOW.put(kind, known);
      }
      return known;
    }
    if (kind.startsWith("Ed")) {
      return KeyPairGenerator.getInstance(kind).generateKeyPair();
    }
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(kind.equals("EC") ? "secp256r1" : kind));
    return generator.generateKeyPair();
  }

  static Maker of(String subject) {
    return new Maker(new X500Name(subject));
  }

  static Maker of(X500Name subject) {
    return new Maker(subject);
  }

  /** An authority. */
  static Maker authority(String subject) {
    return of(subject)
        .basics(new BasicConstraints(true))
        .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
  }

  /** What is not said is as it should be: a client's certificate on P-256, valid today. */
  static final class Maker {
    private final X500Name subject;
    private String kind = "EC";
    private @Nullable KeyPair keys;
    private @Nullable Paper issuer;
    private @Nullable PrivateKey signer;
    private @Nullable String algorithm;
    private Instant from = Instant.now().minus(Duration.ofDays(1));
    private Instant to = Instant.now().plus(Duration.ofDays(30));
    private @Nullable BasicConstraints basics;
    private int usage = KeyUsage.digitalSignature;
    private boolean identifiers = true;
    private boolean first;
    private final List<Extension> more = new ArrayList<>();

    private Maker(X500Name subject) {
      this.subject = subject;
    }

    Maker key(String kind) {
      this.kind = kind;
      return this;
    }

    Maker keys(KeyPair keys) {
      this.keys = keys;
      return this;
    }

    /** Signed with another key than the issuer's. */
    Maker forgedBy(PrivateKey signer) {
      this.signer = signer;
      return this;
    }

    Maker signature(String algorithm) {
      this.algorithm = algorithm;
      return this;
    }

    Maker from(Duration ago) {
      this.from = Instant.now().minus(ago);
      return this;
    }

    Maker to(Duration ahead) {
      this.to = Instant.now().plus(ahead);
      return this;
    }

    Maker basics(@Nullable BasicConstraints basics) {
      this.basics = basics;
      return this;
    }

    /** 0: none is said. */
    Maker usage(int usage) {
      this.usage = usage;
      return this;
    }

    Maker withoutIdentifiers() {
      identifiers = false;
      return this;
    }

    /** X.509 version 1: no extensions at all. */
    Maker versionOne() {
      first = true;
      return this;
    }

    Maker purposes(KeyPurposeId... purposes) throws Exception {
      return extension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    }

    Maker alternatives(GeneralName... names) throws Exception {
      return extension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }

    Maker permitted(GeneralName... names) throws Exception {
      return extension(Extension.nameConstraints, true, new NameConstraints(trees(names), null));
    }

    Maker excluded(GeneralName... names) throws Exception {
      return extension(Extension.nameConstraints, true, new NameConstraints(null, trees(names)));
    }

    private static GeneralSubtree[] trees(GeneralName... names) {
      var trees = new GeneralSubtree[names.length];
      for (int i = 0; i < names.length; i++) {
        trees[i] = new GeneralSubtree(names[i]);
      }
      return trees;
    }

    Maker extension(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value)
        throws Exception {
      more.add(new Extension(oid, critical, value.toASN1Primitive().getEncoded("DER")));
      return this;
    }

    /** By its own key. */
    Paper selfSigned() throws Exception {
      return make(null);
    }

    Paper by(Paper issuer) throws Exception {
      this.issuer = issuer;
      return make(issuer);
    }

    private Paper make(@Nullable Paper by) throws Exception {
      KeyPair own = keys == null ? keyPair(kind) : keys;
      PrivateKey signing = by == null ? own.getPrivate() : by.keys.getPrivate();
      if (signer != null) {
        signing = signer;
      }
      String how = algorithm == null ? usual(signing) : algorithm;
      ContentSigner pen = new JcaContentSignerBuilder(how).setProvider(MAKER).build(signing);
      BigInteger serial = BigInteger.valueOf(SERIAL.incrementAndGet());
      X500Name name = subject;
      X500Name above = subject;
      if (issuer != null) {
        above = X500Name.getInstance(issuer.certificate.getSubjectX500Principal().getEncoded());
      }
      X509CertificateHolder holder;
      if (first) {
        X509v1CertificateBuilder builder =
            new JcaX509v1CertificateBuilder(
                above, serial, Date.from(from), Date.from(to), name, own.getPublic());
        holder = builder.build(pen);
      } else {
        X509v3CertificateBuilder builder =
            new JcaX509v3CertificateBuilder(
                above, serial, Date.from(from), Date.from(to), name, own.getPublic());
        var tools = new JcaX509ExtensionUtils();
        if (identifiers) {
          builder.addExtension(
              Extension.subjectKeyIdentifier,
              false,
              tools.createSubjectKeyIdentifier(own.getPublic()));
          builder.addExtension(
              Extension.authorityKeyIdentifier,
              false,
              tools.createAuthorityKeyIdentifier(
                  by == null ? own.getPublic() : by.keys.getPublic()));
        }
        if (basics != null) {
          builder.addExtension(Extension.basicConstraints, true, basics);
        }
        if (usage != 0) {
          builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        }
        for (Extension each : more) {
          builder.addExtension(each);
        }
        holder = builder.build(pen);
      }
      return new Paper(new JcaX509CertificateConverter().getCertificate(holder), own);
    }
  }

  private static String usual(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> "Ed25519";
    };
  }

  /** What this authority took back. */
  X509CRL takesBack(Duration ago, Duration ahead, X509Certificate... revoked) throws Exception {
    return takesBack(keys.getPrivate(), ago, ahead, revoked);
  }

  X509CRL takesBack(PrivateKey signer, Duration ago, Duration ahead, X509Certificate... revoked)
      throws Exception {
    Instant now = Instant.now();
    var builder =
        new JcaX509v2CRLBuilder(certificate.getSubjectX500Principal(), Date.from(now.minus(ago)));
    builder.setNextUpdate(Date.from(now.plus(ahead)));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(keys.getPublic()));
    for (X509Certificate each : revoked) {
      builder.addCRLEntry(each.getSerialNumber(), Date.from(now.minus(ago)), 0);
    }
    return new JcaX509CRLConverter()
        .getCRL(builder.build(new JcaContentSignerBuilder(usual(signer)).build(signer)));
  }

  static Path write(Path file, List<?> parts) throws Exception {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      for (Object part : parts) {
        writer.writeObject(
            part instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : part);
      }
    }
    return Files.writeString(file, text.toString());
  }
}
