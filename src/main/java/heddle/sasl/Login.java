package heddle.sasl;

import heddle.mail.Octets;
import heddle.mail.Secret;
import java.util.Arrays;
import java.util.Optional;

/**
 * LOGIN (draft-murchison-sasl-login-00), which old clients and most scanners speak: two nested
 * questions. An initial response is taken as the user name.
 */
public final class Login implements Mechanism {
  // Clients compare these words, in this case and with the colon.
  private static final Octets USER_NAME = Octets.ofUtf8("Username:");
  private static final Octets PASSWORD = Octets.ofUtf8("Password:");

  @Override
  public String name() {
    return "LOGIN";
  }

  @Override
  public Class<? extends Claim> claim() {
    return Claim.Password.class;
  }

  @Override
  public boolean needsTls() {
    return true;
  }

  @Override
  public Authenticator with(Verifier verifier) {
    return attempt ->
        attempt.response().isPresent()
            ? askPassword(attempt, verifier)
            : new Decision.Reply(USER_NAME, answered -> askPassword(answered, verifier));
  }

  private static Decision askPassword(Attempt attempt, Verifier verifier) {
    Optional<String> name = attempt.response().orElse(Octets.EMPTY).utf8();
    if (name.isEmpty() || !Names.isName(name.get()) || name.get().isEmpty()) {
      return new Decision.Reject(Refusals.MALFORMED);
    }
    return new Decision.Reply(PASSWORD, answered -> check(name.get(), answered, verifier));
  }

  private static Decision check(String name, Attempt attempt, Verifier verifier) throws Exception {
    Octets answer = attempt.response().orElse(Octets.EMPTY);
    byte[] password = answer.toArray();
    try (var secret = Secret.of(password)) {
      boolean safe = answer.utf8().isPresent();
      for (byte octet : password) {
        safe &= octet != 0;
      }
      return safe
          ? Names.check("", name, secret, attempt, verifier)
          : new Decision.Reject(Refusals.MALFORMED);
    } finally {
      Arrays.fill(password, (byte) 0);
    }
  }
}
