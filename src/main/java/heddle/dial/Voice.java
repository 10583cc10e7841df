package heddle.dial;

import heddle.mail.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of one SASL exchange. The arrays it gives are the caller's, to be wiped. Used
 * for one exchange only.
 */
abstract sealed class Voice {
  private final String mechanism;

  private Voice(String mechanism) {
    this.mechanism = mechanism;
  }

  final String mechanism() {
    return mechanism;
  }

  /** What goes out with the command; null: this mechanism waits to be asked. */
  byte @Nullable [] initial() {
    return null;
  }

  /**
   * @throws Unproven where the other side's words are not to be trusted
   */
  abstract byte[] answer(byte[] challenge) throws Unproven;

  /** Whether all that the other side had to prove is proven. */
  boolean satisfied() {
    return true;
  }

  /** The exchange must not go on; the message says why and holds nothing of the other side. */
  static final class Unproven extends Exception {
    private static final long serialVersionUID = 1;

    Unproven(String why) {
      super(why);
    }
  }

  /** The first mechanism of our order that is offered. */
  static Optional<Voice> forPassword(
      Credentials.Order order, List<String> offered, String username, Secret password) {
    for (String each : order.mechanisms()) {
      if (offered.contains(each)) {
        return Optional.of(
            switch (each) {
              case "SCRAM-SHA-256" -> new Scram(ScramClient.begin(username, password));
              case "PLAIN" -> new Plain(username, password);
              case "LOGIN" -> new Login(username, password);
              default -> new CramMd5(username, password);
            });
      }
    }
    return Optional.empty();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** RFC 4616. */
  static final class Plain extends Voice {
    private final byte[] username;
    private final Secret password;

    Plain(String username, Secret password) {
      super("PLAIN");
      this.username = utf8(username);
      this.password = password;
    }

    @Override
    byte[] initial() {
      return password.use(
          secret -> {
            // RFC 4616 §2: "message = [authzid] UTF8NUL authcid UTF8NUL passwd"
            byte[] message = new byte[username.length + secret.length + 2];
            System.arraycopy(username, 0, message, 1, username.length);
            System.arraycopy(secret, 0, message, username.length + 2, secret.length);
            return message;
          });
    }

    @Override
    byte[] answer(byte[] challenge) {
      return initial();
    }
  }

  /** draft-murchison-sasl-login-00: a name, then a password, whatever the prompts say. */
  static final class Login extends Voice {
    private final byte[] username;
    private final Secret password;
    private int asked;

    Login(String username, Secret password) {
      super("LOGIN");
      this.username = utf8(username);
      this.password = password;
    }

    @Override
    byte[] answer(byte[] challenge) throws Unproven {
      return switch (asked++) {
        case 0 -> username.clone();
        case 1 -> password.use(byte[]::clone);
        default -> throw new Unproven("LOGIN asked a third question");
      };
    }
  }

  /** RFC 2195. */
  static final class CramMd5 extends Voice {
    private final String username;
    private final Secret password;
    private boolean asked;

    CramMd5(String username, Secret password) {
      super("CRAM-MD5");
      this.username = username;
      this.password = password;
    }

    @Override
    byte[] answer(byte[] challenge) throws Unproven {
      if (asked) {
        throw new Unproven("CRAM-MD5 asked twice");
      }
      asked = true;
      byte[] digest = password.use(secret -> hmac(secret, challenge));
      return utf8(username + " " + HexFormat.of().formatHex(digest));
    }

    private static byte[] hmac(byte[] key, byte[] text) {
      try {
        Mac mac = Mac.getInstance("HmacMD5");
        mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HmacMD5"));
        return mac.doFinal(text);
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  /** RFC 4422 §A: the certificate has said it all. */
  static final class External extends Voice {
    External() {
      super("EXTERNAL");
    }

    @Override
    byte[] initial() {
      return new byte[0];
    }

    @Override
    byte[] answer(byte[] challenge) {
      return new byte[0];
    }
  }

  /** RFC 7677. */
  static final class Scram extends Voice {
    private final ScramClient client;

    Scram(ScramClient client) {
      super("SCRAM-SHA-256");
      this.client = client;
    }

    @Override
    byte[] initial() {
      return utf8(client.first());
    }

    @Override
    byte[] answer(byte[] challenge) throws Unproven {
      // A server that was given no initial response asks for it with nothing.
      if (challenge.length == 0 && !client.begun()) {
        return initial();
      }
      return utf8(client.answer(new String(challenge, StandardCharsets.UTF_8)));
    }

    @Override
    boolean satisfied() {
      return client.proven();
    }
  }
}
