package heddle.sasl;

import heddle.mail.Secret;
import java.nio.charset.StandardCharsets;

/** What PLAIN and LOGIN ask of a name and a password before any directory hears of them. */
final class Names {
  // RFC 4616 §2: servers must take names and passwords of up to 255 octets.
  private static final int MAX_NAME = 255;
  private static final int MAX_PASSWORD = 1024;

  private Names() {}

  /** RFC 4616 §2: an empty authorization identity means the authentication identity's own. */
  static Decision check(
      String authz, String authn, Secret password, Attempt attempt, Verifier verifier)
      throws Exception {
    // RFC 4616 §2: authcid and passwd are 1*SAFE. An empty password must never reach a directory:
    // an LDAP bind without one succeeds as nobody (RFC 4513 §5.1.2).
    if (authn.isEmpty() || password.isEmpty()) {
      return new Decision.Reject(Refusals.MALFORMED);
    }
    if (!isName(authn) || !isName(authz) || password.size() > MAX_PASSWORD) {
      return new Decision.Reject(Refusals.MALFORMED);
    }
    String actAs = authz.isEmpty() ? authn : authz;
    return verifier.check(new Claim.Password(actAs, authn, password), attempt);
  }

  /** No control characters: a name is printed in logs and asked of other servers. */
  static boolean isName(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME
        && text.codePoints().noneMatch(Character::isISOControl);
  }
}
