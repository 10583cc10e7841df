package heddle.tls;

import heddle.peer.VerifyCode;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * Judges a client's chain with OpenSSL's eyes: the same looks in the same order, the same numbers,
 * and, as under a callback that lets everything pass, all of them. The purpose is that of a TLS
 * client, the security level is 2, and what an authority of ours says of itself (path length, name
 * constraints) counts too, where the JDK would not look. Safe to share.
 */
final class ChainVerifier {
  private final List<Link> anchors;
  private final Optional<Revocation> revocation;

  /**
   * @param revoked lists of what was revoked; present, though empty: one is wanted for every
   *     certificate of a chain
   */
  ChainVerifier(List<X509Certificate> anchors, Optional<List<X509CRL>> revoked) {
    this.anchors = links(anchors);
    this.revocation = revoked.map(Revocation::new);
  }

  /** What there is to be held against the chain at this time, in OpenSSL's order. */
  List<VerifyCode> judge(List<X509Certificate> shown, Instant at) {
    Link own;
    try {
      own = new Link(shown.getFirst());
    } catch (GeneralSecurityException damaged) {
      return List.of(VerifyCode.UNSPECIFIED);
    }
    try {
      var errors = new ArrayList<VerifyCode>();
      if (Strength.of(own.x509().getPublicKey()) < Strength.LEAST) {
        errors.add(VerifyCode.WEAK_KEY);
      }
      Chain chain = Chain.of(own, links(shown.subList(1, shown.size())), anchors, at);
      // Where something was said already OpenSSL says that again, and not why the chain has no end.
      chain.flaw().ifPresent(flaw -> errors.add(errors.isEmpty() ? flaw : errors.getLast()));
      extensions(chain, errors);
      strength(chain, errors);
      revocation.ifPresent(r -> r.check(chain, at, errors));
      signatures(chain, at, errors);
      NameRules.check(chain, errors);
      return List.copyOf(errors);
    } catch (RuntimeException damaged) {
      // Nothing a stranger sends may end his session, and nothing unread may pass for good.
      return List.of(VerifyCode.UNSPECIFIED);
    }
  }

  /** Those that can be read. */
  private static List<Link> links(List<X509Certificate> certificates) {
    var links = new ArrayList<Link>();
    for (X509Certificate each : certificates) {
      try {
        links.add(new Link(each));
      } catch (GeneralSecurityException damaged) {
        // It can vouch for nobody.
      }
    }
    return List.copyOf(links);
  }

  private static void extensions(Chain chain, List<VerifyCode> errors) {
    int authorities = 0; // between the client's own and this one, self-issued ones not counted
    for (int i = 0; i <= chain.last(); i++) {
      Link link = chain.links().get(i);
      if (link.hasUnknownCritical()) {
        errors.add(VerifyCode.UNKNOWN_CRITICAL_EXTENSION);
      }
      if (link.isProxy()) {
        errors.add(VerifyCode.PROXY_CERTIFICATE);
      }
      if (i > 0 && !mayIssue(link, i == chain.last())) {
        errors.add(VerifyCode.NOT_A_CA);
      }
      if (!link.suitsTlsClients(i > 0)) {
        errors.add(VerifyCode.WRONG_PURPOSE);
      }
      if (i > 1 && link.pathLength() >= 0 && authorities > link.pathLength()) {
        errors.add(VerifyCode.PATH_TOO_LONG);
      }
      if (i > 0 && !link.selfIssued()) {
        authorities++;
      }
    }
  }

  /** The last one may be an authority by the manners of former times. */
  private static boolean mayIssue(Link link, boolean last) {
    Link.Authority authority = link.authority();
    return authority == Link.Authority.YES || last && authority != Link.Authority.NO;
  }

  private static void strength(Chain chain, List<VerifyCode> errors) {
    for (int i = 0; i <= chain.last(); i++) {
      X509Certificate each = chain.links().get(i).x509();
      if (i > 0 && Strength.of(each.getPublicKey()) < Strength.LEAST) {
        errors.add(VerifyCode.WEAK_CA_KEY);
      }
      // What signed the last one nobody relies on.
      if (i < chain.last() && Strength.ofSignature(each) < Strength.LEAST) {
        errors.add(VerifyCode.WEAK_SIGNATURE);
      }
    }
  }

  private static void signatures(Chain chain, Instant at, List<VerifyCode> errors) {
    int by = chain.last();
    int n = by;
    if (!chain.links().get(by).selfSigned()) {
      if (n == 0) {
        errors.add(VerifyCode.NOTHING_VERIFIED);
      } else {
        n--; // nobody is there to have signed the last one
      }
    }
    for (; n >= 0; n--) {
      Link subject = chain.links().get(n);
      if (n != by) {
        Link issuer = chain.links().get(by);
        if (!issuer.keyMay(KeyUsage.keyCertSign)) {
          errors.add(VerifyCode.NO_CERTIFICATE_SIGNING);
        }
        if (!issuer.signed(subject)) {
          errors.add(VerifyCode.BAD_SIGNATURE);
        }
      }
      subject.untimely(at).ifPresent(errors::add);
      by = n;
    }
  }
}
