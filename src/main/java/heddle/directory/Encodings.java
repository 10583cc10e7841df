package heddle.directory;

import heddle.mail.Octets;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The ways in which hashes write their octets. Each takes one spelling of the same octets only: a
 * text that was changed never means what it meant.
 */
final class Encodings {
  private static final String BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final String BCRYPT =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final String CRYPT =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private Encodings() {}

  /** Base64 without padding, as PHC strings have it. */
  static Optional<Octets> unpadded(String text) {
    if (text.indexOf('=') >= 0) {
      return Optional.empty();
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(text);
      String again = Base64.getEncoder().withoutPadding().encodeToString(decoded);
      return again.equals(text) ? Optional.of(Octets.of(decoded)) : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /** Passlib's ab64: the same with a dot for the plus. */
  static Optional<Octets> dotted(String text) {
    return text.indexOf('+') >= 0 ? Optional.empty() : unpadded(text.replace('.', '+'));
  }

  /** The base64 of bcrypt: another alphabet in the same order of bits. */
  static Optional<Octets> bcrypt(String text) {
    var usual = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      int value = BCRYPT.indexOf(text.charAt(i));
      if (value < 0) {
        return Optional.empty();
      }
      usual.append(BASE64.charAt(value));
    }
    return unpadded(usual.toString());
  }

  /** The base64 of crypt(3): the lowest bits come first. */
  static Optional<Octets> crypt(String text) {
    var octets = new ByteArrayOutputStream();
    int bits = 0;
    int held = 0;
    for (int i = 0; i < text.length(); i++) {
      int value = CRYPT.indexOf(text.charAt(i));
      if (value < 0) {
        return Optional.empty();
      }
      held |= value << bits;
      bits += 6;
      if (bits >= 8) {
        octets.write(held);
        held >>>= 8;
        bits -= 8;
      }
    }
    return held == 0 && bits < 6 ? Optional.of(Octets.of(octets.toByteArray())) : Optional.empty();
  }

  /** A number of 30 bits in five characters of crypt(3); negative where it is none. */
  static int number(String five) {
    int number = 0;
    for (int i = 0; i < five.length(); i++) {
      int value = CRYPT.indexOf(five.charAt(i));
      if (value < 0) {
        return -1;
      }
      number |= value << 6 * i;
    }
    return number;
  }

  static Optional<Octets> hex(String text) {
    try {
      return Optional.of(Octets.of(HexFormat.of().parseHex(text)));
    } catch (IllegalArgumentException notHex) {
      return Optional.empty();
    }
  }
}
