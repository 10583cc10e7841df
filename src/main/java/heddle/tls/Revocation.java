package heddle.tls;

import heddle.peer.VerifyCode;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;

/**
 * Whether an authority took a certificate back. A list is wanted for each certificate of the chain
 * (OpenSSL's {@code -crl_check_all}); whole lists only, each by the authority that issued the
 * certificate. Safe to share.
 */
final class Revocation {
  private static final String AUTHORITY_KEY = Extension.authorityKeyIdentifier.getId();
  private static final String SCOPE = Extension.issuingDistributionPoint.getId();
  private static final String DELTA = Extension.deltaCRLIndicator.getId();
  private static final Set<String> UNDERSTOOD = Set.of(AUTHORITY_KEY, SCOPE, DELTA);
  private static final String REASON = Extension.reasonCode.getId();

  /** One list, with what must be read of it only once. */
  private record Known(
      X509CRL crl, @Nullable AuthorityKeyIdentifier key, @Nullable IssuingDistributionPoint scope) {
    static Known of(X509CRL crl) {
      byte[] key = crl.getExtensionValue(AUTHORITY_KEY);
      byte[] scope = crl.getExtensionValue(SCOPE);
      return new Known(
          crl,
          key == null ? null : AuthorityKeyIdentifier.getInstance(inside(key)),
          scope == null ? null : IssuingDistributionPoint.getInstance(inside(scope)));
    }

    private static byte[] inside(byte[] wrapped) {
      return ASN1OctetString.getInstance(wrapped).getOctets();
    }

    Instant from() {
      return crl.getThisUpdate().toInstant();
    }

    Optional<VerifyCode> untimely(Instant at) {
      if (from().isAfter(at)) {
        return Optional.of(VerifyCode.CRL_NOT_YET_VALID);
      }
      return crl.getNextUpdate() == null || crl.getNextUpdate().toInstant().isAfter(at)
          ? Optional.empty()
          : Optional.of(VerifyCode.CRL_EXPIRED);
    }

    boolean hasUnknownCritical() {
      Set<String> critical = crl.getCriticalExtensionOIDs();
      if (critical != null && !UNDERSTOOD.containsAll(critical)) {
        return true;
      }
      Set<? extends X509CRLEntry> entries = crl.getRevokedCertificates();
      return entries != null
          && entries.stream()
              .map(X509CRLEntry::getCriticalExtensionOIDs)
              .anyMatch(c -> c != null && c.stream().anyMatch(o -> !o.equals(REASON)));
    }
  }

  private final List<Known> lists = new ArrayList<>();

  Revocation(List<X509CRL> revoked) {
    for (X509CRL each : revoked) {
      byte[] delta = each.getExtensionValue(DELTA);
      Known known = Known.of(each);
      // What says only a part of it could not be relied on.
      boolean part =
          known.scope() != null
              && (known.scope().isIndirectCRL() || known.scope().getOnlySomeReasons() != null);
      if (delta == null && !part) {
        lists.add(known);
      }
    }
  }

  void check(Chain chain, Instant at, List<VerifyCode> errors) {
    for (int i = 0; i <= chain.last(); i++) {
      Link subject = chain.links().get(i);
      Link issuer = chain.links().get(Math.min(i + 1, chain.last()));
      if (!subject.isProxy()) {
        check(subject, issuer, i == chain.last(), at, errors);
      }
    }
  }

  private void check(Link subject, Link issuer, boolean last, Instant at, List<VerifyCode> errors) {
    Optional<Known> best = best(subject, issuer, at);
    if (best.isEmpty()) {
      errors.add(VerifyCode.NO_CRL);
      return;
    }
    Known list = best.get();
    if (last && !issuer.selfSigned()) {
      errors.add(VerifyCode.NO_CRL_ISSUER);
    }
    if (!issuer.keyMay(KeyUsage.cRLSign)) {
      errors.add(VerifyCode.NO_CRL_SIGNING);
    }
    if (!inScope(list, subject)) {
      errors.add(VerifyCode.OTHER_CRL_SCOPE);
    }
    list.untimely(at).ifPresent(errors::add);
    if (!signed(list, issuer)) {
      errors.add(VerifyCode.BAD_CRL_SIGNATURE);
    }
    if (list.hasUnknownCritical()) {
      errors.add(VerifyCode.UNKNOWN_CRITICAL_CRL_EXTENSION);
    }
    if (list.crl().getRevokedCertificate(subject.x509().getSerialNumber()) != null) {
      errors.add(VerifyCode.REVOKED);
    }
  }

  private static boolean signed(Known list, Link issuer) {
    try {
      list.crl().verify(issuer.x509().getPublicKey());
      return true;
    } catch (GeneralSecurityException | RuntimeException notByThisKey) {
      return false;
    }
  }

  /** The list that says most about the certificate; of equals the newest. */
  private Optional<Known> best(Link subject, Link issuer, Instant at) {
    @Nullable Known best = null;
    int most = 0;
    for (Known each : lists) {
      if (each.crl().getIssuerX500Principal().equals(subject.x509().getIssuerX500Principal())
          && issuer.x509().getSubjectX500Principal().equals(each.crl().getIssuerX500Principal())
          && issuer.fits(each.key())) {
        int score =
            1
                + (each.hasUnknownCritical() ? 0 : 8)
                + (inScope(each, subject) ? 4 : 0)
                + (each.untimely(at).isEmpty() ? 2 : 0);
        if (score > most || score == most && best != null && each.from().isAfter(best.from())) {
          best = each;
          most = score;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /** RFC 5280 §6.3.3 (b)(2). */
  private static boolean inScope(Known list, Link subject) {
    IssuingDistributionPoint scope = list.scope();
    if (scope == null) {
      return true;
    }
    if (scope.onlyContainsAttributeCerts()
        || (subject.claimsAuthority()
            ? scope.onlyContainsUserCerts()
            : scope.onlyContainsCACerts())) {
      return false;
    }
    DistributionPointName point = scope.getDistributionPoint();
    return point == null || points(subject).stream().anyMatch(p -> meet(point, p));
  }

  private static List<DistributionPointName> points(Link subject) {
    return subject
        .extension(Extension.cRLDistributionPoints)
        .map(e -> CRLDistPoint.getInstance(e).getDistributionPoints())
        .stream()
        .flatMap(Arrays::stream)
        .filter(p -> p.getCRLIssuer() == null && p.getReasons() == null)
        .map(DistributionPoint::getDistributionPoint)
        .filter(n -> n != null)
        .toList();
  }

  private static boolean meet(DistributionPointName one, DistributionPointName other) {
    if (one.getType() != DistributionPointName.FULL_NAME
        || other.getType() != DistributionPointName.FULL_NAME) {
      return one.equals(other);
    }
    List<GeneralName> here = Arrays.asList(GeneralNames.getInstance(one.getName()).getNames());
    return Arrays.stream(GeneralNames.getInstance(other.getName()).getNames())
        .anyMatch(here::contains);
  }
}
