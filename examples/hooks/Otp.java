import static heddle.hook.Decisions.accept;
import static heddle.hook.Decisions.defer;
import static heddle.hook.Decisions.reject;
import static heddle.hook.Decisions.reply;
import static heddle.hook.Decisions.verify;

import heddle.hook.AuthAttempt;
import heddle.hook.AuthHook;
import heddle.hook.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;

/**
 * OTP (RFC 2444): passwords that are used once. A file for each user holds one line, {@code otp-md5
 * SEQUENCE SEED HEX}: the last password that was taken, and its number. Answers are in hexadecimal
 * ({@code hex:}); the six words of RFC 2289 are left out, for their dictionary is longer than this.
 */
public final class Otp implements AuthHook {
  private static final Path USERS =
      Path.of(System.getProperty("heddle.home", "."), "var", "otp").toAbsolutePath();
  private static final String USER = "Otp.user";

  /** RFC 2289 §9.0: no two logins of one user may race for the same password. */
  private final ConcurrentHashMap<String, Object> underWay = new ConcurrentHashMap<>();

  @Override
  public Decision auth(AuthAttempt attempt) throws Exception {
    if (!attempt.mechanism().equals("OTP")) {
      return verify();
    }
    return switch (attempt.state()) {
      case 0 -> {
        attempt.attributes().remove(USER); // of an exchange that was broken off
        yield attempt.response().isEmpty() ? reply("") : challenge(attempt);
      }
      // Without an initial response the names come behind an empty challenge.
      case 1 -> attempt.attributes().containsKey(USER) ? check(attempt) : challenge(attempt);
      case 2 -> check(attempt);
      default -> reject();
    };
  }

  /** RFC 2444 §3: authorization identity, NUL, authentication identity. */
  private Decision challenge(AuthAttempt attempt) throws IOException {
    String[] names = attempt.text().split("\0", -1);
    if (names.length != 2 || !names[1].matches("[a-z0-9][a-z0-9.@_-]{0,100}")) {
      return reject("authzid NUL authcid, please").codes(501, "5.5.2");
    }
    if (!names[0].isEmpty() && !names[0].equals(names[1])) {
      return reject();
    }
    Path file = USERS.resolve(names[1]);
    if (!Files.exists(file)) {
      return reject();
    }
    String[] line = Files.readString(file).strip().split(" ");
    int sequence = Integer.parseInt(line[1]) - 1;
    if (sequence < 1) {
      return reject("The one-time passwords are used up; begin a new sequence").codes(534, "5.7.9");
    }
    attempt.attributes().put(USER, names[1]);
    return reply(line[0] + " " + sequence + " " + line[2] + " ext");
  }

  private Decision check(AuthAttempt attempt) throws IOException, GeneralSecurityException {
    String user = (String) attempt.attributes().remove(USER);
    String answer = attempt.text().toLowerCase(Locale.ROOT).replace(" ", "");
    if (user == null || !answer.matches("hex:[0-9a-f]{16}")) {
      return reject("hex: and sixteen digits, please").codes(501, "5.5.2");
    }
    if (underWay.putIfAbsent(user, answer) != null) {
      return defer("Somebody else is logging in under this name");
    }
    try {
      Path file = USERS.resolve(user);
      String[] line = Files.readString(file).strip().split(" ");
      byte[] given = HexFormat.of().parseHex(answer.substring("hex:".length()));
      // The one before, hashed once more, is the one that was taken last.
      if (!MessageDigest.isEqual(fold(given), HexFormat.of().parseHex(line[3]))) {
        return reject();
      }
      int sequence = Integer.parseInt(line[1]) - 1;
      keep(file, line[0] + " " + sequence + " " + line[2] + " " + answer.substring(4));
      return accept(user);
    } finally {
      underWay.remove(user);
    }
  }

  /** On disk before the client hears that it is in, or the password could be used again. */
  private static void keep(Path file, String line) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(
        draft,
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** RFC 2289 appendix A: MD5, its halves laid over each other. */
  private static byte[] fold(byte[] octets) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("MD5").digest(octets);
    byte[] half = new byte[8];
    for (int i = 0; i < half.length; i++) {
      half[i] = (byte) (hash[i] ^ hash[i + 8]);
    }
    return half;
  }
}
