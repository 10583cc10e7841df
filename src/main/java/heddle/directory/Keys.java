package heddle.directory;

import heddle.peer.Digest;
import heddle.peer.PeerCertificate;
import heddle.peer.Presence;
import heddle.peer.TlsInfo;
import heddle.peer.UnixPeer;
import heddle.sasl.Attempt;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusals;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Credential;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who comes in by what the line tells: a certificate that an account has as a key, a name in a
 * certificate that our own authorities vouch for, a user of this machine. Safe to share.
 */
final class Keys {
  private final Accounts accounts;
  private final Admission admission;
  private final InstantSource clock;

  Keys(Accounts accounts, Admission admission, InstantSource clock) {
    this.accounts = accounts;
    this.admission = admission;
    this.clock = clock;
  }

  boolean mayKnow(Presence presence) {
    return proofs(presence).stream().anyMatch(p -> accounts.snapshot().holder(p).isPresent());
  }

  private List<String> proofs(Presence presence) {
    Optional<PeerCertificate> certificate = presence.tls().flatMap(TlsInfo::peer);
    return certificate
        .map(Keys::of)
        .orElseGet(() -> presence.unix().map(Keys::of).orElse(List.of()));
  }

  Decision check(Claim.Present claim, Attempt attempt) {
    return switch (claim) {
      case Claim.Certificate(var authz, var certificate) ->
          // Whatever the chain is worth, a certificate outside its own dates is none.
          isOfToday(certificate)
              ? prove(of(certificate), authz, attempt)
              : new Decision.Reject(Refusals.BAD_CERTIFICATE);
      case Claim.UnixUser(var authz, var peer) -> prove(of(peer), authz, attempt);
    };
  }

  private boolean isOfToday(PeerCertificate certificate) {
    Instant now = clock.instant();
    return !now.isBefore(certificate.notBefore()) && !now.isAfter(certificate.notAfter());
  }

  /** What a key of an account may be, the surest first. */
  private static List<String> of(PeerCertificate certificate) {
    List<String> proofs = new ArrayList<>();
    for (Digest digest : List.of(Digest.SHA256, Digest.SHA512)) {
      proofs.add(digest + ":" + certificate.fingerprint(digest).hex());
      proofs.add("spki-" + digest + ":" + certificate.spkiFingerprint(digest).hex());
    }
    // A name is as good as who vouches for it: our own authorities, with nothing to complain of.
    if (certificate.trusted()) {
      certificate.emails().forEach(email -> proofs.add("email:" + normal(email)));
      proofs.add("subject:" + certificate.subjectText());
    }
    return proofs;
  }

  private static String normal(String email) {
    return LoginName.normal(email).orElse(email);
  }

  private static List<String> of(UnixPeer peer) {
    return List.of("unix:" + peer.user());
  }

  private Decision prove(List<String> proofs, Optional<String> authz, Attempt attempt) {
    for (String proof : proofs) {
      Optional<Account> holder = accounts.snapshot().holder(proof);
      if (holder.isPresent()) {
        return proved(holder.get(), proof, authz, attempt);
      }
    }
    return new Decision.Reject(Refusals.UNKNOWN_KEY);
  }

  private Decision proved(Account account, String proof, Optional<String> authz, Attempt attempt) {
    boolean itself =
        authz
            .map(
                name ->
                    LoginName.normal(name)
                        .flatMap(accounts.snapshot()::find)
                        .filter(a -> a.id().equals(account.id()))
                        .isPresent())
            .orElse(true);
    if (!itself) {
      return new Decision.Reject(Refusals.NOT_ALLOWED);
    }
    Credential key =
        account.keys().stream()
            .filter(k -> k.proof().filter(proof::equals).isPresent())
            .findFirst()
            .orElseThrow();
    var who =
        new Identity(
            account.name(),
            account.name(),
            authz.orElse(account.display()),
            Optional.of(account.name()),
            key.shown(),
            attempt.mechanism(),
            Set.of(),
            Optional.empty());
    Decision decision = admission.admit(new Decision.Accept(who), attempt);
    if (decision instanceof Decision.Accept) {
      accounts.used(
          key.id(), attempt.client().ip(), attempt.mechanism(), attempt.hello().orElse(""));
    }
    return decision;
  }
}
