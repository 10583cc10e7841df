package heddle.directory;

import heddle.mail.Octets;
import java.util.Locale;
import java.util.Optional;

/**
 * What is kept of a password, by its scheme: ours, and those in which other servers kept theirs. A
 * hash that costs more than a login may (a second or two of a core, 64 MiB) is none, so that none
 * that was imported can exhaust us. Values; they print no secret.
 */
sealed interface KeptHash
    permits Argon2i, Argon2id, Bcrypt, Pbkdf2, SaltedDigest, Scrypt, ShaCrypt {

  /**
   * One run, compared in constant time. Up to two seconds of a core: only where {@link HashWorkers}
   * says so.
   *
   * @param password not kept and not changed
   */
  boolean matches(byte[] password);

  /** What one run fills, in KiB; 0 where that is next to nothing. */
  default int memory() {
    return 0;
  }

  /** Whether it is Argon2id of this cost or a higher one; others are replaced at the next login. */
  default boolean isOurs(Argon2id.Cost usual) {
    return false;
  }

  /**
   * A PHC string, one of crypt(3), or either or something else behind a scheme's name in braces, as
   * Dovecot and OpenLDAP write it.
   *
   * @return empty where it is of no scheme we check, damaged, or too costly
   */
  static Optional<KeptHash> parse(Octets kept) {
    return kept.utf8()
        .map(Labelled::of)
        .flatMap(
            text ->
                switch (text.label()) {
                  case "",
                      "CRYPT",
                      "ARGON2",
                      "ARGON2I",
                      "ARGON2ID",
                      "BLF-CRYPT",
                      "SHA256-CRYPT",
                      "SHA512-CRYPT" ->
                      parse(text.rest());
                  case "PBKDF2" ->
                      text.rest().startsWith("$")
                          ? Pbkdf2.ofDovecot(text.rest())
                          : Pbkdf2.ofOpenLdap("SHA1", text.rest());
                  case "PBKDF2-SHA1", "PBKDF2-SHA256", "PBKDF2-SHA512" ->
                      Pbkdf2.ofOpenLdap(text.label().substring(7), text.rest());
                  default -> SaltedDigest.parse(text.label(), text.rest());
                });
  }

  private static Optional<? extends KeptHash> parse(String text) {
    int end = text.indexOf('$', 1);
    return switch (text.startsWith("$") && end > 0 ? text.substring(1, end) : "") {
      case "argon2id" -> Argon2id.parse(Octets.ofUtf8(text));
      case "argon2i" -> Argon2i.parse(text);
      case "2a", "2b", "2y" -> Bcrypt.parse(text);
      case "5", "6" -> ShaCrypt.parse(text);
      case "7" -> Scrypt.ofCrypt(text);
      case "scrypt" -> Scrypt.ofPhc(text);
      case "pbkdf2", "pbkdf2-sha1", "pbkdf2-sha256", "pbkdf2-sha512" -> Pbkdf2.ofPhc(text);
      default -> Optional.empty();
    };
  }

  /**
   * A text with a scheme's name before it, or without one.
   *
   * @param label upper case; empty where there is none
   */
  record Labelled(String label, String rest) {
    static Labelled of(String text) {
      int end = text.indexOf('}');
      return text.startsWith("{") && end > 0
          ? new Labelled(text.substring(1, end).toUpperCase(Locale.ROOT), text.substring(end + 1))
          : new Labelled("", text);
    }
  }
}
