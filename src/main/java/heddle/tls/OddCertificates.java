package heddle.tls;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SignatureSpi;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.CertPath;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateFactorySpi;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.EllipticCurve;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.bouncycastle.jcajce.provider.asymmetric.ec.SignatureSpi.ecDSA;
import org.bouncycastle.jcajce.provider.asymmetric.ec.SignatureSpi.ecDSA224;
import org.bouncycastle.jcajce.provider.asymmetric.ec.SignatureSpi.ecDSA256;
import org.bouncycastle.jcajce.provider.asymmetric.ec.SignatureSpi.ecDSA384;
import org.bouncycastle.jcajce.provider.asymmetric.ec.SignatureSpi.ecDSA512;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * Reads by Bouncy Castle the certificates that the JDK cannot: on its way into a handshake an empty
 * subject or a critical extension that is damaged would end it, and so would the signature of a key
 * on a brainpool curve, which TLS 1.2 allows. A client's certificate must never do that. What the
 * JDK can read it reads alone, and what only this can read the JDK's own judges of servers still
 * refuse: they read it again. Safe to share.
 */
final class OddCertificates extends Provider {
  static final String NAME = "HeddleCertificates";
  private static final long serialVersionUID = 1;

  private static final Map<String, Supplier<SignatureSpi>> SIGNATURES =
      Map.of(
          "SHA1withECDSA", ecDSA::new,
          "SHA224withECDSA", ecDSA224::new,
          "SHA256withECDSA", ecDSA256::new,
          "SHA384withECDSA", ecDSA384::new,
          "SHA512withECDSA", ecDSA512::new);

  /** Those on which the JDK verifies. */
  private static final Set<EllipticCurve> USUAL =
      Set.of(curve("secp256r1"), curve("secp384r1"), curve("secp521r1"));

  private static EllipticCurve curve(String name) {
    try {
      var parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec(name));
      return parameters.getParameterSpec(ECParameterSpec.class).getCurve();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  OddCertificates() {
    super(NAME, "1.0", "certificates that the JDK cannot read");
    putService(new Reading(this));
    SIGNATURES.forEach((name, maker) -> putService(new Verifying(this, name, maker)));
  }

  private static final class Reading extends Service {
    Reading(Provider provider) {
      super(provider, "CertificateFactory", "X.509", Reader.class.getName(), null, null);
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      return new Reader();
    }
  }

  /** Signatures by keys on curves that the JDK does not have; it verifies all others itself. */
  private static final class Verifying extends Service {
    private final Supplier<SignatureSpi> maker;

    Verifying(Provider provider, String name, Supplier<SignatureSpi> maker) {
      super(provider, "Signature", name, ecDSA.class.getName(), null, null);
      this.maker = maker;
    }

    @Override
    public boolean supportsParameter(@Nullable Object key) {
      return key instanceof ECPublicKey ec && !USUAL.contains(ec.getParams().getCurve());
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      return maker.get();
    }
  }

  /** The JDK's reader, and where that fails the other one. */
  static final class Reader extends CertificateFactorySpi {
    private static final class Readers {
      /** Its keys are known from the moment it is made; it is not among the JVM's providers. */
      static final Provider OTHER = new BouncyCastleProvider();
    }

    private final CertificateFactory usual;

    Reader() {
      try {
        usual = CertificateFactory.getInstance("X.509", "SUN");
      } catch (CertificateException | java.security.NoSuchProviderException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public Certificate engineGenerateCertificate(InputStream in) throws CertificateException {
      if (!(in instanceof ByteArrayInputStream octets)) {
        return usual.generateCertificate(in);
      }
      octets.mark(0); // a handshake's certificate comes in an array of its own
      try {
        return usual.generateCertificate(octets);
      } catch (CertificateException unreadable) {
        octets.reset();
        return otherwise(octets, unreadable);
      }
    }

    private static Certificate otherwise(InputStream octets, CertificateException unreadable)
        throws CertificateException {
      try {
        Certificate odd =
            CertificateFactory.getInstance("X.509", Readers.OTHER).generateCertificate(octets);
        if (odd != null && odd.getPublicKey() != null) {
          return odd;
        }
      } catch (CertificateException | RuntimeException neither) {
        // Then it is no certificate; the first reason is the one to tell.
      }
      throw unreadable;
    }

    @Override
    public Collection<? extends Certificate> engineGenerateCertificates(InputStream in)
        throws CertificateException {
      return usual.generateCertificates(in);
    }

    @Override
    public CRL engineGenerateCRL(InputStream in) throws CRLException {
      return usual.generateCRL(in);
    }

    @Override
    public Collection<? extends CRL> engineGenerateCRLs(InputStream in) throws CRLException {
      return usual.generateCRLs(in);
    }

    @Override
    public CertPath engineGenerateCertPath(InputStream in) throws CertificateException {
      return usual.generateCertPath(in);
    }

    @Override
    public CertPath engineGenerateCertPath(InputStream in, String encoding)
        throws CertificateException {
      return usual.generateCertPath(in, encoding);
    }

    @Override
    public CertPath engineGenerateCertPath(List<? extends Certificate> certificates)
        throws CertificateException {
      return usual.generateCertPath(certificates);
    }

    @Override
    public Iterator<String> engineGetCertPathEncodings() {
      return usual.getCertPathEncodings();
    }
  }
}
