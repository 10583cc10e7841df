package heddle.sasl;

import heddle.mail.Octets;
import heddle.mail.Secret;
import java.util.Arrays;
import java.util.Optional;

/** PLAIN (RFC 4616): {@code [authzid] NUL authcid NUL passwd} in one message. */
public final class Plain implements Mechanism {
  @Override
  public String name() {
    return "PLAIN";
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
    return Mechanism.clientFirst(attempt -> check(attempt, verifier));
  }

  private static Decision check(Attempt attempt, Verifier verifier) throws Exception {
    byte[] message = attempt.response().orElse(Octets.EMPTY).toArray();
    try {
      int first = indexOfNul(message, 0);
      int second = first < 0 ? -1 : indexOfNul(message, first + 1);
      if (second < 0 || indexOfNul(message, second + 1) >= 0) {
        return new Decision.Reject(Refusals.MALFORMED);
      }
      Optional<String> authz = Octets.of(Arrays.copyOf(message, first)).utf8();
      Optional<String> authn = Octets.of(Arrays.copyOfRange(message, first + 1, second)).utf8();
      if (authz.isEmpty() || authn.isEmpty() || !isUtf8(message, second + 1)) {
        return new Decision.Reject(Refusals.MALFORMED);
      }
      byte[] password = Arrays.copyOfRange(message, second + 1, message.length);
      try (var secret = Secret.of(password)) {
        return Names.check(authz.get(), authn.get(), secret, attempt, verifier);
      } finally {
        Arrays.fill(password, (byte) 0);
      }
    } finally {
      Arrays.fill(message, (byte) 0);
    }
  }

  private static boolean isUtf8(byte[] message, int from) {
    return Octets.of(Arrays.copyOfRange(message, from, message.length)).utf8().isPresent();
  }

  private static int indexOfNul(byte[] message, int from) {
    for (int i = from; i < message.length; i++) {
      if (message[i] == 0) {
        return i;
      }
    }
    return -1;
  }
}
