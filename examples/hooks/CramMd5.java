import static heddle.hook.Decisions.accept;
import static heddle.hook.Decisions.reject;
import static heddle.hook.Decisions.reply;
import static heddle.hook.Decisions.verify;

import heddle.hook.AuthAttempt;
import heddle.hook.AuthHook;
import heddle.hook.Decision;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** CRAM-MD5 (RFC 2195) by hand. Every other mechanism is left to the server. */
public final class CramMd5 implements AuthHook {
  private static final String CHALLENGE = "CramMd5.challenge";

  /** From user to shared secret. */
  private static final Map<String, String> SECRETS = Map.of("john.doe", "secret");

  @Override
  public Decision auth(AuthAttempt attempt) throws Exception {
    return switch (attempt.mechanism()) {
      case "CRAM-MD5" ->
          switch (attempt.state()) {
            // RFC 4954 §4: where the server speaks first, an initial response is a 501.
            case 0 ->
                attempt.response().isPresent()
                    ? reject("Bad syntax").codes(501, "5.7.0")
                    : reply(challenge(attempt));
            case 1 -> check(attempt);
            default -> reject();
          };
      default -> verify();
    };
  }

  private static String challenge(AuthAttempt attempt) {
    String challenge = "<" + UUID.randomUUID() + "@mail.example.org>";
    attempt.attributes().put(CHALLENGE, challenge);
    return challenge;
  }

  private static Decision check(AuthAttempt attempt) throws GeneralSecurityException {
    // Taken away, so that no challenge is answered twice.
    Object challenge = attempt.attributes().remove(CHALLENGE);
    // A name may hold spaces, a digest does not.
    int space = attempt.text().lastIndexOf(' ');
    if (space < 1 || challenge == null) {
      return reject();
    }
    String name = attempt.text().substring(0, space);
    String secret = SECRETS.getOrDefault(name, "");
    byte[] expected = ascii(hmacMd5(secret.isEmpty() ? "nobody" : secret, (String) challenge));
    boolean right = MessageDigest.isEqual(expected, ascii(attempt.text().substring(space + 1)));
    return right && !secret.isEmpty() ? accept(name) : reject();
  }

  private static String hmacMd5(String secret, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacMD5");
    mac.init(new SecretKeySpec(ascii(secret), "HmacMD5"));
    return HexFormat.of().formatHex(mac.doFinal(ascii(text)));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
