package heddle.directory;

import heddle.mail.Octets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Sha2Crypt;

/**
 * One hash of crypt(3) by SHA-256 or SHA-512, {@code $5$} or {@code $6$}.
 *
 * @param beginning all of it before the hash, as the next run wants it
 * @param whole as it was written
 */
record ShaCrypt(Octets beginning, Octets whole) implements KeptHash {
  private static final int LEAST = 1000; // fewer are made more by crypt(3) itself
  private static final int MOST = 700_000;
  private static final int LONGEST =
      512; // crypt(3) takes no longer one, and the work grows with it
  private static final Pattern TEXT =
      Pattern.compile(
          "(\\$[56]\\$(?:rounds=([1-9]\\d{3,6})\\$)?[./A-Za-z0-9]{1,16}\\$)"
              + "([./A-Za-z0-9]{43}|[./A-Za-z0-9]{86})");

  static Optional<ShaCrypt> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int rounds = parts.group(2) == null ? LEAST : Integer.parseInt(parts.group(2));
    int length = text.startsWith("$5$") ? 43 : 86;
    return rounds >= LEAST && rounds <= MOST && parts.group(3).length() == length
        ? Optional.of(new ShaCrypt(Octets.ofUtf8(parts.group(1)), Octets.ofUtf8(text)))
        : Optional.empty();
  }

  @Override
  public boolean matches(byte[] password) {
    if (password.length > LONGEST) {
      return false;
    }
    String setting = new String(beginning.toArray(), StandardCharsets.US_ASCII);
    byte[] lent = password.clone(); // it wipes what it is given
    String made =
        setting.startsWith("$5$")
            ? Sha2Crypt.sha256Crypt(lent, setting)
            : Sha2Crypt.sha512Crypt(lent, setting);
    return MessageDigest.isEqual(made.getBytes(StandardCharsets.US_ASCII), whole.toArray());
  }
}
