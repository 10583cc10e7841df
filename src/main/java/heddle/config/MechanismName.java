package heddle.config;

import java.util.Locale;
import java.util.Set;

/** The name of a SASL mechanism, upper case. */
public record MechanismName(String name) {
  /** What the server speaks by itself; anything else is a hook's. A test holds it to room sasl. */
  static final Set<String> BUILT_IN =
      Set.of(
          "SCRAM-SHA-1-PLUS",
          "SCRAM-SHA-1",
          "SCRAM-SHA-256-PLUS",
          "SCRAM-SHA-256",
          "SCRAM-SHA-512-PLUS",
          "SCRAM-SHA-512",
          "EXTERNAL",
          "OAUTHBEARER",
          "XOAUTH2",
          "CRAM-MD5",
          "PLAIN",
          "LOGIN");

  static Reading<MechanismName> read(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    // RFC 4422 §3.1: "1*20mech-char" of upper-case letters, digits, hyphen and underscore.
    return upper.matches("[A-Z0-9_-]{1,20}")
        ? Reading.good(new MechanismName(upper))
        : Reading.bad(
            Words.quoted(text) + " is not the name of a mechanism",
            "A name has 1 to 20 letters, digits, \"-\" and \"_\", such as \"plain\"");
  }

  @Override
  public String toString() {
    return name;
  }
}
