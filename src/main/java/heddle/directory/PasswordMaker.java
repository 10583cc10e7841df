package heddle.directory;

import heddle.mail.Secret;
import java.security.SecureRandom;
import java.util.Arrays;

/** Makes passwords that people can type and nobody can guess. */
public final class PasswordMaker {
  private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int CHARACTERS = 20;

  private PasswordMaker() {}

  /**
   * 100 random bits: twenty Crockford characters in fives, with hyphens between that belong to it.
   */
  public static Secret make(SecureRandom random) {
    byte[] text = new byte[CHARACTERS + CHARACTERS / 5 - 1];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) (i % 6 == 5 ? '-' : CROCKFORD.charAt(random.nextInt(32)));
    }
    Secret made = Secret.of(text);
    Arrays.fill(text, (byte) 0);
    return made;
  }
}
