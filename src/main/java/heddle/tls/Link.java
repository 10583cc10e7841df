package heddle.tls;

import heddle.peer.VerifyCode;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * One certificate of a chain, with what its extensions say as far as a chain is judged by it. Safe
 * to share.
 */
final class Link {
  private static final ASN1ObjectIdentifier PROXY = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.14");
  private static final ASN1ObjectIdentifier OCSP_NO_CHECK =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.48.1.5");

  /** Those that may be critical: they are looked at, or ask for nothing here. */
  private static final Set<ASN1ObjectIdentifier> UNDERSTOOD =
      Set.of(
          MiscObjectIdentifiers.netscapeCertType,
          Extension.keyUsage,
          Extension.subjectAlternativeName,
          Extension.basicConstraints,
          Extension.certificatePolicies,
          Extension.cRLDistributionPoints,
          Extension.extendedKeyUsage,
          OCSP_NO_CHECK,
          Extension.policyConstraints,
          PROXY,
          Extension.nameConstraints,
          Extension.policyMappings,
          Extension.inhibitAnyPolicy);

  private static final int NETSCAPE_CLIENT = 0x80;
  private static final int NETSCAPE_TLS_CA = 0x04;
  private static final int NETSCAPE_ANY_CA = 0x07;

  /** What its extensions let it be. */
  enum Authority {
    NO,
    YES,
    /** Only by the manners of former times: no basic constraints. */
    BY_VERSION_1,
    BY_KEY_USAGE,
    BY_NETSCAPE
  }

  private final X509Certificate x509;
  private final Certificate parts;
  private final @Nullable Extensions extensions;
  private final @Nullable KeyUsage keyUsage;
  private final @Nullable BasicConstraints basics;
  private final @Nullable ExtendedKeyUsage purposes;
  private final @Nullable NameConstraints names;
  private final @Nullable GeneralNames alternatives;
  private final @Nullable SubjectKeyIdentifier ownKey;
  private final @Nullable AuthorityKeyIdentifier issuerKey;
  private final int netscape;
  private final boolean proxy;
  private final boolean unknownCritical;
  private final boolean selfIssued;
  private final boolean selfSigned;

  /**
   * @throws GeneralSecurityException where an extension that matters cannot be read
   */
  Link(X509Certificate x509) throws GeneralSecurityException {
    try {
      this.x509 = x509;
      this.parts = Certificate.getInstance(x509.getEncoded());
      this.extensions = parts.getTBSCertificate().getExtensions();
      this.keyUsage = KeyUsage.getInstance(value(Extension.keyUsage));
      this.basics = BasicConstraints.getInstance(value(Extension.basicConstraints));
      this.purposes = ExtendedKeyUsage.getInstance(value(Extension.extendedKeyUsage));
      this.names = NameConstraints.getInstance(value(Extension.nameConstraints));
      this.alternatives = GeneralNames.getInstance(value(Extension.subjectAlternativeName));
      this.ownKey = SubjectKeyIdentifier.getInstance(value(Extension.subjectKeyIdentifier));
      this.issuerKey = AuthorityKeyIdentifier.getInstance(value(Extension.authorityKeyIdentifier));
      var netscapeType = value(MiscObjectIdentifiers.netscapeCertType);
      this.netscape =
          netscapeType == null ? -1 : ASN1BitString.getInstance(netscapeType).getBytes()[0] & 0xff;
      this.proxy = value(PROXY) != null;
      this.unknownCritical =
          extensions != null
              && Arrays.stream(extensions.getCriticalExtensionOIDs())
                  .anyMatch(oid -> !UNDERSTOOD.contains(oid));
    } catch (RuntimeException damaged) {
      throw new GeneralSecurityException("an extension cannot be read", damaged);
    }
    this.selfIssued = x509.getSubjectX500Principal().equals(x509.getIssuerX500Principal());
    this.selfSigned = selfIssued && mayHaveIssued(this);
  }

  X509Certificate x509() {
    return x509;
  }

  X500Name subject() {
    return parts.getSubject();
  }

  @Nullable NameConstraints nameConstraints() {
    return names;
  }

  GeneralName[] alternativeNames() {
    return alternatives == null ? new GeneralName[0] : alternatives.getNames();
  }

  Optional<ASN1Encodable> extension(ASN1ObjectIdentifier oid) {
    return Optional.ofNullable(value(oid));
  }

  private @Nullable ASN1Encodable value(ASN1ObjectIdentifier oid) {
    return extensions == null ? null : extensions.getExtensionParsedValue(oid);
  }

  boolean isProxy() {
    return proxy;
  }

  boolean hasUnknownCritical() {
    return unknownCritical;
  }

  /** Subject and issuer are the same. */
  boolean selfIssued() {
    return selfIssued;
  }

  /** It says of itself that its own key signed it; nobody has verified that. */
  boolean selfSigned() {
    return selfSigned;
  }

  /** Most certificates between this and the last one; -1: any number. */
  int pathLength() {
    return basics == null || basics.getPathLenConstraintInteger() == null
        ? -1
        : basics.getPathLenConstraintInteger().intValueExact();
  }

  boolean claimsAuthority() {
    return basics != null && basics.isCA();
  }

  /** Whether this could be the issuer of that, by all that the two say of themselves. */
  boolean mayHaveIssued(Link that) {
    return x509.getSubjectX500Principal().equals(that.x509.getIssuerX500Principal())
        && fits(that.issuerKey)
        && Strength.fit(x509.getPublicKey(), that.x509);
  }

  /** Whether the words about an issuer's key mean this one; where they are silent they do. */
  boolean fits(@Nullable AuthorityKeyIdentifier wanted) {
    if (wanted == null) {
      return true;
    }
    byte[] key = wanted.getKeyIdentifierOctets();
    if (key != null && ownKey != null && !Arrays.equals(key, ownKey.getKeyIdentifier())) {
      return false;
    }
    if (wanted.getAuthorityCertSerialNumber() != null
        && !wanted.getAuthorityCertSerialNumber().equals(x509.getSerialNumber())) {
      return false;
    }
    GeneralNames issuers = wanted.getAuthorityCertIssuer();
    return issuers == null
        || Arrays.stream(issuers.getNames())
            .filter(n -> n.getTagNo() == GeneralName.directoryName)
            .findFirst()
            .map(n -> X500Name.getInstance(n.getName()).equals(parts.getIssuer()))
            .orElse(true);
  }

  /** A key usage that is not there allows everything. */
  boolean keyMay(int usages) {
    return keyUsage == null || (bits(keyUsage) & usages) != 0;
  }

  boolean hasKeyUsage() {
    return keyUsage != null;
  }

  private static int bits(KeyUsage usage) {
    byte[] octets = usage.getBytes();
    return octets.length == 0
        ? 0
        : octets[0] & 0xff | (octets.length > 1 ? (octets[1] & 0xff) << 8 : 0);
  }

  Authority authority() {
    if (!keyMay(KeyUsage.keyCertSign)) {
      return Authority.NO;
    }
    if (basics != null) {
      return basics.isCA() ? Authority.YES : Authority.NO;
    }
    if (x509.getVersion() == 1 && selfSigned) {
      return Authority.BY_VERSION_1;
    }
    if (keyUsage != null) {
      return Authority.BY_KEY_USAGE;
    }
    return netscape >= 0 && (netscape & NETSCAPE_ANY_CA) != 0
        ? Authority.BY_NETSCAPE
        : Authority.NO;
  }

  /** Whether it is good for a TLS client; an issuer, whether it may vouch for one. */
  boolean suitsTlsClients(boolean asIssuer) {
    if (purposes != null && !purposes.hasKeyPurposeId(KeyPurposeId.id_kp_clientAuth)) {
      return false;
    }
    if (asIssuer) {
      Authority authority = authority();
      return authority != Authority.NO
          && (authority != Authority.BY_NETSCAPE || (netscape & NETSCAPE_TLS_CA) != 0);
    }
    return keyMay(KeyUsage.digitalSignature | KeyUsage.keyAgreement)
        && (netscape < 0 || (netscape & NETSCAPE_CLIENT) != 0);
  }

  /** What the time has against it. OpenSSL holds the very last second to be over. */
  Optional<VerifyCode> untimely(Instant at) {
    if (x509.getNotBefore().toInstant().isAfter(at)) {
      return Optional.of(VerifyCode.NOT_YET_VALID);
    }
    return ends().isAfter(at) ? Optional.empty() : Optional.of(VerifyCode.EXPIRED);
  }

  private Instant ends() {
    return x509.getNotAfter().toInstant();
  }

  boolean signed(Link that) {
    try {
      that.x509.verify(x509.getPublicKey());
      return true;
    } catch (GeneralSecurityException | RuntimeException notByThisKey) {
      return false;
    }
  }

  /** The first of them that issued that and is valid now; else the one that ended last. */
  static Optional<Link> issuerOf(Link that, List<Link> among, Instant at) {
    @Nullable Link latest = null;
    for (Link each : among) {
      if (each.mayHaveIssued(that)) {
        if (each.untimely(at).isEmpty()) {
          return Optional.of(each);
        }
        if (latest == null || each.ends().isAfter(latest.ends())) {
          latest = each;
        }
      }
    }
    return Optional.ofNullable(latest);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Link that && x509.equals(that.x509);
  }

  @Override
  public int hashCode() {
    return x509.hashCode();
  }
}
