package heddle.delivery;

import heddle.mail.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads what ENVID and ORCPT carry (RFC 3461 §4, RFC 6533 §3). Safe to share; holds no state. */
final class Xtext {
  private static final Pattern CODE_POINT = Pattern.compile("\\\\x\\{([0-9A-Fa-f]{2,6})}");

  private Xtext() {}

  /**
   * The text meant. What does not decode to printable ASCII stays as it was written: better a
   * riddle than a line break that a stranger chose.
   */
  static String decoded(String xtext) {
    var octets = new ByteArrayOutputStream();
    byte[] from = xtext.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < from.length; i++) {
      if (from[i] == '+' && i + 2 < from.length && hex(from[i + 1]) >= 0 && hex(from[i + 2]) >= 0) {
        octets.write(hex(from[i + 1]) * 16 + hex(from[i + 2]));
        i += 2;
      } else {
        octets.write(from[i]);
      }
    }
    return Octets.of(octets.toByteArray())
        .utf8()
        .filter(t -> t.chars().allMatch(c -> c >= ' ' && c <= '~'))
        .map(Clean::line)
        .orElseGet(() -> Clean.line(xtext));
  }

  /** An ORCPT, {@code type;address}, decoded as its type asks. */
  static String originalRecipient(String orcpt) {
    int semicolon = orcpt.indexOf(';');
    if (semicolon < 0) {
      return "rfc822;" + decoded(orcpt);
    }
    String type = orcpt.substring(0, semicolon).replaceAll("[^A-Za-z0-9-]", "");
    String address = orcpt.substring(semicolon + 1);
    boolean unicode = type.toLowerCase(Locale.ROOT).equals("utf-8");
    return (type.isEmpty() ? "x-unknown" : type)
        + ";"
        + (unicode ? Clean.line(embedded(address)) : decoded(address));
  }

  /** RFC 6533 §3: {@code EmbeddedUnicodeChar = "\x{" HEXPOINT "}"}. */
  private static String embedded(String address) {
    return CODE_POINT
        .matcher(address)
        .replaceAll(
            m -> {
              int c = Integer.parseInt(m.group(1), 16);
              String text = Character.isValidCodePoint(c) ? Character.toString(c) : "?";
              return java.util.regex.Matcher.quoteReplacement(text);
            });
  }

  /** RFC 6533 §3: {@code utf-8-addr-xtext}, an address for a road that carries ASCII only. */
  static String unicode(String address) {
    var text = new StringBuilder();
    address
        .codePoints()
        .forEach(
            c -> {
              if (c > ' ' && c <= '~' && c != '+' && c != '=' && c != '\\') {
                text.append((char) c);
              } else {
                text.append(String.format(Locale.ROOT, "\\x{%02X}", c));
              }
            });
    return text.toString();
  }

  private static int hex(byte c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }
}
