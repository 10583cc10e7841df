package heddle.directory;

import heddle.mail.Octets;
import heddle.mail.Secret;
import java.util.Optional;

/** What another server's list says of a password. */
public sealed interface ImportedPassword {
  /** A hash that we check, as it was written. */
  record Hashed(Octets kept) implements ImportedPassword {}

  /** The password itself. */
  record Clear(Secret password) implements ImportedPassword {}

  /** One of no use to us; why, without the text. */
  record Refused(String why) implements ImportedPassword {}

  /** No password lets this user in there. */
  record None() implements ImportedPassword {}

  /** By the text of one field; nothing is hashed yet. */
  static ImportedPassword read(String text) {
    if (text.isEmpty() || text.matches("[*!]{1,2}|x|!\\*|\\*LK\\*|NP|!NP|\\*NP\\*")) {
      return new None();
    }
    KeptHash.Labelled parts = KeptHash.Labelled.of(text);
    return switch (parts.label()) {
      case "PLAIN", "CLEAR", "CLEARTEXT" -> clear(parts.rest());
      default ->
          why(parts)
              .<ImportedPassword>map(Refused::new)
              .orElseGet(() -> hashed(Octets.ofUtf8(text)));
    };
  }

  private static ImportedPassword clear(String password) {
    Secret secret = Secret.ofUtf8(password);
    return PreparedPassword.of(secret)
        .<ImportedPassword>map(
            usable -> {
              usable.close();
              return new Clear(secret);
            })
        .orElseGet(() -> new Refused("the password is empty or has a NUL"));
  }

  private static ImportedPassword hashed(Octets text) {
    return KeptHash.parse(text).isPresent()
        ? new Hashed(text)
        : new Refused("the hash is damaged, or costs more than a login may");
  }

  /** Of schemes that we know by name and leave alone. */
  private static Optional<String> why(KeptHash.Labelled parts) {
    return switch (parts.label()) {
      case "",
          "CRYPT",
          "ARGON2",
          "ARGON2I",
          "ARGON2ID",
          "BLF-CRYPT",
          "SHA256-CRYPT",
          "SHA512-CRYPT" ->
          whyByBeginning(parts.rest());
      case "PBKDF2", "PBKDF2-SHA1", "PBKDF2-SHA256", "PBKDF2-SHA512" -> Optional.empty();
      case "SSHA",
          "SSHA.B64",
          "SSHA.BASE64",
          "SSHA.HEX",
          "SSHA256",
          "SSHA256.B64",
          "SSHA256.BASE64",
          "SSHA256.HEX",
          "SSHA512",
          "SSHA512.B64",
          "SSHA512.BASE64",
          "SSHA512.HEX" ->
          Optional.empty();
      case "MD5-CRYPT", "MD5" -> Optional.of("MD5-CRYPT is broken");
      case "DES-CRYPT" -> Optional.of("DES-CRYPT looks at eight characters only and is broken");
      case "PLAIN-MD5", "PLAIN-MD4", "LDAP-MD5", "DIGEST-MD5", "SMD5" ->
          Optional.of(parts.label() + " is a plain digest by a broken function");
      case "SHA", "SHA1", "SHA256", "SHA512" ->
          Optional.of(parts.label() + " has no salt: one table opens them all");
      case "CRAM-MD5", "HMAC-MD5" ->
          Optional.of(parts.label() + " is as good as the password and checks no other login");
      case "SCRAM-SHA-1", "SCRAM-SHA-256" ->
          Optional.of(parts.label() + " has a salt of its own; ours belongs to the account");
      default ->
          parts.label().matches("[A-Z0-9_.-]{1,32}")
              ? Optional.of("the scheme {" + parts.label() + "} is not known here")
              : Optional.of("the scheme in braces is not known here");
    };
  }

  private static Optional<String> whyByBeginning(String text) {
    if (text.matches("[./A-Za-z0-9]{13}") || text.startsWith("_")) {
      return Optional.of("DES-CRYPT looks at eight characters only and is broken");
    }
    int end = text.indexOf('$', 1);
    String name = text.startsWith("$") && end > 0 ? text.substring(1, end) : "";
    return switch (name) {
      case "argon2id",
          "argon2i",
          "2a",
          "2b",
          "2y",
          "5",
          "6",
          "7",
          "scrypt",
          "pbkdf2",
          "pbkdf2-sha1",
          "pbkdf2-sha256",
          "pbkdf2-sha512" ->
          Optional.empty();
      case "1", "apr1" -> Optional.of("MD5-CRYPT is broken");
      case "y", "gy" -> Optional.of("yescrypt is not known here");
      case "argon2d" -> Optional.of("argon2d is not made for passwords");
      case "2", "2x" -> Optional.of("bcrypt of this kind was made by a program with a known bug");
      case "3" -> Optional.of("NT hashes are broken");
      case "sha1", "md5" -> Optional.of("this kind of crypt(3) is not known here");
      case "" ->
          text.startsWith("$md5,")
              ? Optional.of("this kind of crypt(3) is not known here")
              : Optional.of("it is neither {SCHEME}… nor $scheme$…");
      default -> Optional.of("the scheme of this hash is not known here");
    };
  }
}
