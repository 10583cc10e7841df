package heddle.sasl;

import heddle.mail.Octets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * CRAM-MD5 (RFC 2195), for devices that know nothing better. The server speaks first; what it keeps
 * is as good as the password, so a site has to ask for it.
 */
public final class CramMd5 implements Mechanism {
  private static final int NONCE_OCTETS = 16;
  private static final int DIGITS = 32;
  private final String hostname;
  private final RandomGenerator random;

  /**
   * @param random unpredictable: no challenge may come twice
   */
  public CramMd5(String hostname, RandomGenerator random) {
    this.hostname = hostname;
    this.random = random;
  }

  @Override
  public String name() {
    return "CRAM-MD5";
  }

  @Override
  public Class<? extends Claim> claim() {
    return Claim.CramMd5.class;
  }

  @Override
  public boolean needsTls() {
    return true;
  }

  @Override
  public Authenticator with(Verifier verifier) {
    return attempt -> {
      // RFC 4954 §4: "If the client sends an initial response to a mechanism in which the server
      // speaks first, the server MUST reject it with a 501".
      if (attempt.response().isPresent()) {
        return new Decision.Reject(Refusals.SERVER_SPEAKS_FIRST);
      }
      byte[] nonce = new byte[NONCE_OCTETS];
      random.nextBytes(nonce);
      // RFC 2195 §2: "an arbitrary string of random digits, a timestamp, and the fully-qualified
      // primary host name", in the form of a message id.
      Octets challenge =
          Octets.ofUtf8("<" + HexFormat.of().formatHex(nonce) + "@" + hostname + ">");
      return new Decision.Reply(challenge, answered -> check(challenge, answered, verifier));
    };
  }

  private static Decision check(Octets challenge, Attempt attempt, Verifier verifier)
      throws Exception {
    Optional<String> text = attempt.response().orElse(Octets.EMPTY).utf8();
    // RFC 2195 §2: user name, a space, a digest; a name may hold spaces, a digest does not.
    int space = text.map(t -> t.lastIndexOf(' ')).orElse(-1);
    if (space < 1 || text.get().length() - space - 1 != DIGITS) {
      return new Decision.Reject(Refusals.MALFORMED);
    }
    String authn = text.get().substring(0, space);
    String digits = text.get().substring(space + 1);
    // RFC 2195 §2: "in hexadecimal form, lower-case".
    if (!Names.isName(authn) || !digits.matches("[0-9a-f]{32}")) {
      return new Decision.Reject(Refusals.MALFORMED);
    }
    Octets digest = Octets.of(HexFormat.of().parseHex(digits));
    return verifier.check(new Claim.CramMd5(authn, challenge, digest), attempt);
  }
}
