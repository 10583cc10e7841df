package heddle.tls;

import heddle.peer.VerifyCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;
import org.jspecify.annotations.Nullable;

/**
 * Name constraints (RFC 5280 §4.2.1.10): each certificate against all above it, the anchor
 * included, by OpenSSL's numbers. Used for one chain.
 */
final class NameRules {
  private static final List<Integer> KNOWN =
      List.of(
          GeneralName.rfc822Name,
          GeneralName.dNSName,
          GeneralName.directoryName,
          GeneralName.uniformResourceIdentifier,
          GeneralName.iPAddress);

  private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?";
  private static final Pattern HOST = Pattern.compile(LABEL + "(?:\\." + LABEL + ")+");

  /** Comparisons for one chain: a stranger's could otherwise keep us busy with his own rules. */
  private static final long MOST = 1 << 18;

  private long compared;

  private NameRules() {}

  static void check(Chain chain, List<VerifyCode> errors) {
    new NameRules().look(chain, errors);
  }

  private void look(Chain chain, List<VerifyCode> errors) {
    for (int i = chain.last(); i >= 0; i--) {
      Link link = chain.links().get(i);
      // RFC 5280 §6.1.3 (b): not for a self-issued one, unless it is the client's own.
      if (i > 0 && link.selfIssued()) {
        continue;
      }
      for (int above = chain.last(); above > i; above--) {
        NameConstraints constraints = chain.links().get(above).nameConstraints();
        if (constraints != null) {
          violation(names(link, i == 0), constraints).ifPresent(errors::add);
        }
      }
    }
  }

  /** All names of a certificate. A common name counts as a host where no other host is named. */
  private static List<GeneralName> names(Link link, boolean own) {
    var names = new ArrayList<GeneralName>();
    if (link.subject().getRDNs().length > 0) {
      names.add(new GeneralName(link.subject()));
    }
    for (String email : values(link.subject(), BCStyle.EmailAddress)) {
      names.add(new GeneralName(GeneralName.rfc822Name, new DERIA5String(email)));
    }
    names.addAll(Arrays.asList(link.alternativeNames()));
    if (own && names.stream().noneMatch(n -> n.getTagNo() == GeneralName.dNSName)) {
      for (String name : values(link.subject(), BCStyle.CN)) {
        if (looksLikeAHost(name)) {
          names.add(new GeneralName(GeneralName.dNSName, new DERIA5String(name)));
        }
      }
    }
    return names;
  }

  private static List<String> values(X500Name name, ASN1ObjectIdentifier type) {
    var values = new ArrayList<String>();
    for (RDN place : name.getRDNs()) {
      for (AttributeTypeAndValue each : place.getTypesAndValues()) {
        if (each.getType().equals(type)) {
          values.add(IETFUtils.valueToString(each.getValue()).replace("\\", ""));
        }
      }
    }
    return values;
  }

  /** Letters, digits, hyphens and underscores, with a dot among them. */
  private static boolean looksLikeAHost(String name) {
    return name.length() <= 253 && HOST.matcher(name).matches();
  }

  /** What one certificate's constraints have against the names of another. */
  private Optional<VerifyCode> violation(List<GeneralName> names, NameConstraints constraints) {
    GeneralSubtree[] permitted = trees(constraints.getPermittedSubtrees());
    GeneralSubtree[] excluded = trees(constraints.getExcludedSubtrees());
    compared += (long) names.size() * (permitted.length + excluded.length);
    if (compared > MOST) {
      return Optional.of(VerifyCode.UNSPECIFIED);
    }
    var validator = new PKIXNameConstraintValidator();
    GeneralSubtree[] allowing = known(permitted);
    if (allowing.length > 0) {
      validator.intersectPermittedSubtree(allowing);
    }
    for (GeneralSubtree each : known(excluded)) {
      validator.addExcludedSubtree(each);
    }
    List<GeneralSubtree> all = Stream.of(permitted, excluded).flatMap(Arrays::stream).toList();
    for (GeneralName name : names) {
      List<GeneralSubtree> about =
          all.stream().filter(t -> t.getBase().getTagNo() == name.getTagNo()).toList();
      Optional<VerifyCode> violation =
          about.isEmpty() ? Optional.empty() : violation(name, about, validator);
      if (violation.isPresent()) {
        return violation;
      }
    }
    return Optional.empty();
  }

  private static GeneralSubtree[] trees(GeneralSubtree @Nullable [] given) {
    return given == null ? new GeneralSubtree[0] : given;
  }

  private static GeneralSubtree[] known(GeneralSubtree[] trees) {
    return Arrays.stream(trees)
        .filter(t -> KNOWN.contains(t.getBase().getTagNo()))
        .toArray(GeneralSubtree[]::new);
  }

  private static Optional<VerifyCode> violation(
      GeneralName name, List<GeneralSubtree> about, PKIXNameConstraintValidator validator) {
    if (!about.stream().allMatch(NameRules::whole)) {
      return Optional.of(VerifyCode.SUBTREE_MINIMUM);
    }
    if (!KNOWN.contains(name.getTagNo())) {
      return Optional.of(VerifyCode.UNKNOWN_CONSTRAINT);
    }
    if (!holds(() -> permitted(validator, name))) {
      return Optional.of(VerifyCode.NOT_PERMITTED);
    }
    return holds(() -> excluded(validator, name))
        ? Optional.empty()
        : Optional.of(VerifyCode.EXCLUDED);
  }

  /** RFC 5280: "the minimum MUST be zero, and maximum MUST be absent". */
  private static boolean whole(GeneralSubtree tree) {
    return (tree.getMinimum() == null || tree.getMinimum().signum() == 0)
        && tree.getMaximum() == null;
  }

  @FunctionalInterface
  private interface Rule {
    void check() throws NameConstraintValidatorException;
  }

  private static boolean holds(Rule rule) {
    try {
      rule.check();
      return true;
    } catch (NameConstraintValidatorException violated) {
      return false;
    }
  }

  private static void permitted(PKIXNameConstraintValidator validator, GeneralName name)
      throws NameConstraintValidatorException {
    if (name.getTagNo() == GeneralName.directoryName) {
      validator.checkPermittedDN(X500Name.getInstance(name.getName()));
    } else {
      validator.checkPermitted(name);
    }
  }

  private static void excluded(PKIXNameConstraintValidator validator, GeneralName name)
      throws NameConstraintValidatorException {
    if (name.getTagNo() == GeneralName.directoryName) {
      validator.checkExcludedDN(X500Name.getInstance(name.getName()));
    } else {
      validator.checkExcluded(name);
    }
  }
}
