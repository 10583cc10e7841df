package heddle.sasl;

import heddle.mail.Octets;
import heddle.mail.Secret;
import java.util.Optional;

/**
 * OAUTHBEARER (RFC 7628): a bearer token in place of a password. A refusal is told as JSON in a
 * challenge first, so that the client can fetch a better token.
 */
public final class OAuthBearer implements Mechanism {
  private static final char SEPARATOR = '\u0001';

  // RFC 7628 §3.2.2: "status" is the one member that MUST be there.
  private static final Octets INVALID_TOKEN = Octets.ofUtf8("{\"status\":\"invalid_token\"}");

  @Override
  public String name() {
    return "OAUTHBEARER";
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
    int header = text.map(t -> t.indexOf(SEPARATOR)).orElse(-1);
    if (header < 0) {
      return new Decision.Reject(Refusals.MALFORMED_TOKEN);
    }
    // RFC 7628 §3.1: gs2-header kvsep *kvpair kvsep; "n" or "y", for nothing is bound here.
    Optional<Optional<String>> authz = authz(text.get().substring(0, header));
    Optional<String> token = Bearer.token(text.get().substring(header + 1), SEPARATOR);
    if (authz.isEmpty() || token.isEmpty()) {
      return new Decision.Reject(Refusals.MALFORMED_TOKEN);
    }
    try (var secret = Secret.ofUtf8(token.get())) {
      return Bearer.told(
          verifier.check(new Claim.Token(authz.get(), secret), attempt), INVALID_TOKEN);
    }
  }

  /** Empty where it is no header; in it, the name asked for, if one was. */
  private static Optional<Optional<String>> authz(String header) {
    String[] parts = header.split(",", -1);
    boolean sound = parts.length == 3 && parts[0].matches("[ny]") && parts[2].isEmpty();
    if (!sound) {
      return Optional.empty();
    }
    if (parts[1].isEmpty()) {
      return Optional.of(Optional.empty());
    }
    String name = parts[1].substring(Math.min(2, parts[1].length()));
    String plain = name.replace("=2C", ",").replace("=3D", "=");
    boolean escaped = !name.replace("=2C", "").replace("=3D", "").contains("=");
    return parts[1].startsWith("a=") && escaped && !plain.isEmpty() && Names.isName(plain)
        ? Optional.of(Optional.of(plain))
        : Optional.empty();
  }
}
