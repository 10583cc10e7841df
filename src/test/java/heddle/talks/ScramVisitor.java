package heddle.talks;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** A client of SCRAM-SHA-256 (RFC 7677) that checks the server's signature. */
final class ScramVisitor {
  private ScramVisitor() {}

  /** The code of the last reply. */
  static String login(Visitor visitor, String user, String password) throws Exception {
    String bare = "n=" + user + ",r=fyko+d2lbbFgONRv9qkxdawL";
    String serverFirst = decoded(visitor.auth("SCRAM-SHA-256", "n,," + bare));
    String[] parts = serverFirst.split(",", 3);
    byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
    int iterations = Integer.parseInt(parts[2].substring(2));
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
            .getEncoded();
    byte[] client = hmac(salted, "Client Key");
    byte[] stored = MessageDigest.getInstance("SHA-256").digest(client);
    String last = "c=biws," + parts[0];
    String message = bare + "," + serverFirst + "," + last;
    byte[] proof = hmac(stored, message);
    for (int i = 0; i < proof.length; i++) {
      proof[i] ^= client[i];
    }
    String answer = visitor.answer(last + ",p=" + Base64.getEncoder().encodeToString(proof));
    if (!answer.startsWith("334")) {
      return answer.substring(0, 3);
    }
    byte[] signature = hmac(hmac(salted, "Server Key"), message);
    if (!decoded(answer).equals("v=" + Base64.getEncoder().encodeToString(signature))) {
      throw new AssertionError("the server did not prove itself");
    }
    return visitor.ask("").substring(0, 3);
  }

  private static String decoded(String reply) {
    return new String(Base64.getDecoder().decode(reply.substring(4)), StandardCharsets.UTF_8);
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
