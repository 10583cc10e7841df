package heddle.sasl;

import heddle.mail.Octets;
import heddle.mail.Secret;
import java.util.Optional;

/**
 * XOAUTH2, as Google and Microsoft wrote it down before there was OAUTHBEARER, and as many mail
 * programs speak it still.
 */
public final class XOAuth2 implements Mechanism {
  private static final char SEPARATOR = '\u0001';
  private static final Octets INVALID_TOKEN =
      Octets.ofUtf8("{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail\"}");

  @Override
  public String name() {
    return "XOAUTH2";
  }

  @Override
  public Class<? extends Claim> claim() {
    return Claim.Token.class;
  }

  @Override
  public boolean needsTls() {
    return true;
  }

  @Override
  public Authenticator with(Verifier verifier) {
    return Mechanism.clientFirst(attempt -> check(attempt, verifier));
  }

  private static Decision check(Attempt attempt, Verifier verifier) throws Exception {
    Optional<String> text = attempt.response().orElse(Octets.EMPTY).utf8();
    // "user=" NAME ^A "auth=Bearer " TOKEN ^A ^A
    int end = text.map(t -> t.indexOf(SEPARATOR)).orElse(-1);
    if (end < 0 || !text.get().startsWith("user=")) {
      return new Decision.Reject(Refusals.MALFORMED_TOKEN);
    }
    String user = text.get().substring("user=".length(), end);
    Optional<String> token = Bearer.token(text.get().substring(end + 1), SEPARATOR);
    if (user.isEmpty() || !Names.isName(user) || token.isEmpty()) {
      return new Decision.Reject(Refusals.MALFORMED_TOKEN);
    }
    try (var secret = Secret.ofUtf8(token.get())) {
      return Bearer.told(
          verifier.check(new Claim.Token(Optional.of(user), secret), attempt), INVALID_TOKEN);
    }
  }
}
