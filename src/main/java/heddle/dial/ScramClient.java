package heddle.dial;

import heddle.mail.Octets;
import heddle.mail.Secret;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677), as text in and
 * text out. Used for one exchange only.
 */
final class ScramClient {
  private static final String MAC = "HmacSHA256";
  private static final int LEAST_ITERATIONS = 4096; // RFC 7677 §4

  /** Some seconds of our time; a server that asks for more means harm. */
  private static final int MOST_ITERATIONS = 1_000_000;

  private static final Pattern SERVER_FIRST =
      Pattern.compile(
          "r=([\\x21-\\x2b\\x2d-\\x7e]+),s=([A-Za-z0-9+/=]+),i=([1-9]\\d{0,8})(?:,.*)?");
  private static final Pattern SERVER_FINAL = Pattern.compile("v=([A-Za-z0-9+/=]+)(?:,.*)?");
  private static final String GS2 = "n,,";

  private final String nonce;
  private final String firstBare;
  private final Secret password;
  private State state = State.BEGINNING;
  private Octets expected = Octets.EMPTY;

  private enum State {
    BEGINNING,
    PROVING,
    PROVEN
  }

  ScramClient(String username, Secret password, String nonce) {
    this.nonce = nonce;
    this.password = password;
    // RFC 5802 §5.1: "," and "=" in the name are sent as "=2C" and "=3D".
    String name = Normalizer.normalize(username, Normalizer.Form.NFKC);
    this.firstBare = "n=" + name.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce;
  }

  static ScramClient begin(String username, Secret password) {
    byte[] random = new byte[18];
    new SecureRandom().nextBytes(random);
    return new ScramClient(username, password, Octets.of(random).base64());
  }

  String first() {
    return GS2 + firstBare;
  }

  boolean begun() {
    return state != State.BEGINNING;
  }

  /** Whether the server has shown that it knows the password, too. */
  boolean proven() {
    return state == State.PROVEN;
  }

  String answer(String challenge) throws Voice.Unproven {
    return switch (state) {
      case BEGINNING -> prove(challenge);
      case PROVING -> verify(challenge);
      case PROVEN -> throw new Voice.Unproven("SCRAM went on behind its end");
    };
  }

  private String prove(String serverFirst) throws Voice.Unproven {
    Matcher parts = SERVER_FIRST.matcher(serverFirst);
    // RFC 5802 §5: "an extension that is mandatory ... MUST cause authentication failure": m=
    if (!parts.matches() || parts.group(1).length() > 1024) {
      throw new Voice.Unproven("its first SCRAM message is malformed");
    }
    Optional<Octets> salt = Octets.ofBase64(parts.group(2));
    int iterations = Integer.parseInt(parts.group(3));
    // RFC 5802 §5.1: the client "MUST verify that the initial part of the nonce used in subsequent
    // messages is the same as the nonce it initially specified".
    boolean fresh = parts.group(1).startsWith(nonce) && parts.group(1).length() > nonce.length();
    if (!fresh || salt.isEmpty()) {
      throw new Voice.Unproven("its nonce or salt is not usable");
    }
    if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
      throw new Voice.Unproven("it wants " + iterations + " iterations");
    }
    String withoutProof = "c=" + Octets.ofUtf8(GS2).base64() + ",r=" + parts.group(1);
    byte[] message = utf8(firstBare + "," + serverFirst + "," + withoutProof);
    state = State.PROVING;
    return withoutProof + ",p=" + proof(salt.get().toArray(), iterations, message).base64();
  }

  private Octets proof(byte[] salt, int iterations, byte[] message) {
    byte[] prepared = password.use(ScramClient::prepared);
    byte[] salted = hi(prepared, salt, iterations);
    byte[] clientKey = hmac(salted, utf8("Client Key"));
    try {
      // RFC 5802 §3: "ClientProof := ClientKey XOR ClientSignature".
      byte[] signature = hmac(sha256(clientKey), message);
      for (int i = 0; i < signature.length; i++) {
        signature[i] ^= clientKey[i];
      }
      expected = Octets.of(hmac(hmac(salted, utf8("Server Key")), message));
      return Octets.of(signature);
    } finally {
      Arrays.fill(prepared, (byte) 0);
      Arrays.fill(salted, (byte) 0);
      Arrays.fill(clientKey, (byte) 0);
    }
  }

  private String verify(String serverFinal) throws Voice.Unproven {
    Matcher parts = SERVER_FINAL.matcher(serverFinal);
    byte[] signature =
        parts.matches()
            ? Octets.ofBase64(parts.group(1)).orElse(Octets.EMPTY).toArray()
            : new byte[0];
    if (!MessageDigest.isEqual(signature, expected.toArray())) {
      throw new Voice.Unproven("its signature is wrong");
    }
    state = State.PROVEN;
    return "";
  }

  /**
   * RFC 5802 §2.2, Normalize(): of ASCII nothing changes. Beyond it SASLprep is NFKC but for spaces
   * and for characters that it forbids or drops, which we leave as they are.
   */
  private static byte[] prepared(byte[] password) {
    boolean ascii = true;
    for (byte each : password) {
      ascii &= each >= 0;
    }
    if (ascii) {
      return password.clone();
    }
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password));
      return utf8(Normalizer.normalize(text, Normalizer.Form.NFKC));
    } catch (CharacterCodingException notUtf8) {
      return password.clone();
    }
  }

  /** RFC 5802 §2.2, Hi(). */
  private static byte[] hi(byte[] password, byte[] salt, int iterations) {
    try {
      Mac mac = mac(password);
      mac.update(salt);
      byte[] u = mac.doFinal(new byte[] {0, 0, 0, 1});
      byte[] result = u.clone();
      for (int i = 1; i < iterations; i++) {
        mac.update(u);
        mac.doFinal(u, 0);
        for (int k = 0; k < result.length; k++) {
          result[k] ^= u[k];
        }
      }
      return result;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Mac mac(byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(MAC);
    // SecretKeySpec takes no empty key; to HMAC a key of one zero octet is the same.
    mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, MAC));
    return mac;
  }

  private static byte[] hmac(byte[] key, byte[] text) {
    try {
      return mac(key).doFinal(text);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] sha256(byte[] of) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(of);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
