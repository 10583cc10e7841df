package heddle.sasl;

import heddle.mail.Octets;
import java.util.Optional;

/** What OAUTHBEARER and XOAUTH2 have in common. */
final class Bearer {
  private static final String AUTH = "auth=Bearer ";

  private Bearer() {}

  /**
   * The token among the pairs, each ended by the separator, and a further one behind all.
   *
   * @return empty where the pairs are none, or there is not exactly one token (RFC 6750 §2.1:
   *     b64token)
   */
  static Optional<String> token(String pairs, char separator) {
    String end = "" + separator + separator;
    if (!pairs.endsWith(end)) {
      return Optional.empty();
    }
    Optional<String> token = Optional.empty();
    for (String pair : pairs.substring(0, pairs.length() - 2).split("" + separator, -1)) {
      if (pair.regionMatches(true, 0, AUTH, 0, AUTH.length())) {
        if (token.isPresent()) {
          return Optional.empty();
        }
        token = Optional.of(pair.substring(AUTH.length()));
      } else if (!pair.matches("[A-Za-z]+=[\\x09\\x0a\\x0d\\x20-\\x7e]*")) {
        return Optional.empty();
      }
    }
    return token.filter(t -> t.matches("[A-Za-z0-9._~+/-]+=*"));
  }

  /**
   * RFC 7628 §3.2.3: behind the words about its failure the client says nothing of weight, and is
   * then refused.
   */
  static Decision told(Decision decision, Octets words) {
    return decision instanceof Decision.Reject(var refusal)
        ? new Decision.Reply(words, answered -> new Decision.Reject(refusal))
        : decision;
  }
}
