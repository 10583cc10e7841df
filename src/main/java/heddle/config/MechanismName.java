package heddle.config;

import java.util.Locale;

/** The name of a SASL mechanism, upper case. */
public record MechanismName(String name) {
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
