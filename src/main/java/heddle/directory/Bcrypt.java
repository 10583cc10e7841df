package heddle.directory;

import heddle.mail.Octets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.BCrypt;

/**
 * One bcrypt hash, {@code $2a$}, {@code $2b$} or {@code $2y$}: three names for one thing since the
 * bugs that they tell apart are gone.
 *
 * @param cost the logarithm of its rounds, 4 to 14
 */
record Bcrypt(int cost, Octets salt, Octets hash) implements KeptHash {
  private static final int LONGEST = 72;
  private static final int DEAREST = 14; // some second; each step doubles it
  private static final int HASH_OCTETS = 23;
  private static final Pattern TEXT =
      Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})");

  static Optional<Bcrypt> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int cost = Integer.parseInt(parts.group(1));
    return cost >= 4 && cost <= DEAREST
        ? Encodings.bcrypt(parts.group(2))
            .flatMap(
                salt -> Encodings.bcrypt(parts.group(3)).map(hash -> new Bcrypt(cost, salt, hash)))
        : Optional.empty();
  }

  /** Looks at 72 octets and no further, as all of its kind do. */
  @Override
  public boolean matches(byte[] password) {
    // A NUL ends the password, where there is room for one.
    byte[] key = Arrays.copyOf(password, Math.min(LONGEST, password.length + 1));
    byte[] made = BCrypt.generate(key, salt.toArray(), cost);
    Arrays.fill(key, (byte) 0);
    return MessageDigest.isEqual(Arrays.copyOf(made, HASH_OCTETS), hash.toArray());
  }
}
