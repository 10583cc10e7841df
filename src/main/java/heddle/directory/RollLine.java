package heddle.directory;

import heddle.mail.Octets;
import heddle.mail.Secret;
import java.security.SecureRandom;
import java.util.Optional;

/** One line of a list of users that another server kept. */
public sealed interface RollLine {
  /** Counted from 1; of a record on several lines, the first. */
  int number();

  /**
   * A user to take over.
   *
   * @param name an address, as it was written
   * @param kept a hash that we check, as it was written
   * @param disabledReason why the user may not log in; empty where they may
   */
  record Entry(int number, String name, ImportedPassword kept, Optional<String> disabledReason)
      implements RollLine {
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * The same without a clear password: a hash of it.
     *
     * @param cheap where nothing of it will be kept
     */
    public Entry hashed(boolean cheap) {
      return switch (kept) {
        case ImportedPassword.Clear(var password) ->
            new Entry(
                number, name, new ImportedPassword.Hashed(hash(password, cheap)), disabledReason);
        case ImportedPassword.Hashed _, ImportedPassword.Refused _, ImportedPassword.None _ -> this;
      };
    }

    private static Octets hash(Secret password, boolean cheap) {
      byte[] salt = new byte[Argon2id.SALT_OCTETS];
      RANDOM.nextBytes(salt);
      var cost = cheap ? new Argon2id.Cost(8, 1, 1) : Argon2id.Cost.USUAL;
      // Of the octets as they came, like every hash that is imported.
      return password.use(p -> Argon2id.of(p, Octets.of(salt), cost)).phc();
    }
  }

  /** One that cannot be taken over; why, without what it says. */
  record Bad(int number, String why) implements RollLine {}

  /** A user whom no password lets in: a daemon, most likely. */
  record Unset(int number, String name) implements RollLine {}
}
