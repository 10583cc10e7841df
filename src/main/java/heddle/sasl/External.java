package heddle.sasl;

import heddle.mail.Octets;
import heddle.peer.PeerCertificate;
import heddle.peer.Presence;
import heddle.peer.TlsInfo;
import heddle.peer.UnixPeer;
import java.util.Optional;

/**
 * EXTERNAL (RFC 4422 §A): the line has said already who is there, by a certificate or by the
 * kernel's word; the client says at most as whom it wants to act.
 */
public final class External implements Mechanism {
  @Override
  public String name() {
    return "EXTERNAL";
  }

  @Override
  public Class<? extends Claim> claim() {
    return Claim.Present.class;
  }

  /** No secret crosses the line; without TLS there is a UNIX socket, or nothing to go by. */
  @Override
  public boolean needsTls() {
    return false;
  }

  @Override
  public boolean suits(Presence presence) {
    return certificate(presence).isPresent() || presence.unix().isPresent();
  }

  @Override
  public Authenticator with(Verifier verifier) {
    return Mechanism.clientFirst(attempt -> check(attempt, verifier));
  }

  private static Decision check(Attempt attempt, Verifier verifier) throws Exception {
    Optional<String> authz = attempt.response().orElse(Octets.EMPTY).utf8();
    // RFC 4422 §A.1: extern-initial-resp = external-authz-string, UTF-8 without NUL; or nothing.
    if (authz.isEmpty() || !Names.isName(authz.get())) {
      return new Decision.Reject(Refusals.MALFORMED);
    }
    Optional<String> actAs = authz.filter(name -> !name.isEmpty());
    Presence presence = attempt.presence();
    Optional<PeerCertificate> certificate = certificate(presence);
    if (certificate.isPresent()) {
      return verifier.check(new Claim.Certificate(actAs, certificate.get()), attempt);
    }
    Optional<UnixPeer> unix = presence.unix();
    return unix.isPresent()
        ? verifier.check(new Claim.UnixUser(actAs, unix.get()), attempt)
        : new Decision.Reject(Refusals.NO_CERTIFICATE);
  }

  private static Optional<PeerCertificate> certificate(Presence presence) {
    return presence.tls().flatMap(TlsInfo::peer);
  }
}
