package heddle.mail;

import java.net.IDN;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * The part of an address behind the {@code @}: a name of A- or U-labels, or an address literal (RFC
 * 5321 §4.1.3). Two domains are equal where their A-label forms are, in any letter case.
 */
public final class Domain {
  private static final int MAX_OCTETS = 255; // RFC 5321 §4.5.3.1.2
  private static final int MAX_LABEL = 63; // RFC 1035 §2.3.4
  private final String written;
  private final String ascii;

  private Domain(String written, String ascii) {
    this.written = written;
    this.ascii = ascii;
  }

  /**
   * A domain name or, in square brackets, an address literal.
   *
   * @return empty where the text is neither
   */
  public static Optional<Domain> parse(String text) {
    if (text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS) {
      return Optional.empty();
    }
    return text.charAt(0) == '[' ? literal(text) : name(text);
  }

  /** As {@link #parse}, for text known to be a domain. */
  public static Domain of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a domain: \"" + text + "\""));
  }

  private static Optional<Domain> name(String text) {
    for (String label : text.split("\\.", -1)) {
      if (!isLabel(label)) {
        return Optional.empty();
      }
    }
    try {
      String ascii =
          IDN.toASCII(Normalizer.normalize(text, Normalizer.Form.NFC), IDN.ALLOW_UNASSIGNED)
              .toLowerCase(Locale.ROOT);
      // A dot of another script (U+3002) would make new labels, and so a new name, out of one.
      boolean same = ascii.split("\\.", -1).length == text.split("\\.", -1).length;
      return same && isHostName(ascii) && ascii.length() <= MAX_OCTETS
          ? Optional.of(new Domain(text, ascii))
          : Optional.empty();
    } catch (IllegalArgumentException notIdn) {
      return Optional.empty();
    }
  }

  /** Full-width signs become ASCII ones on the way: {@code ＠}, {@code ／} and their kind. */
  private static boolean isHostName(String ascii) {
    for (String label : ascii.split("\\.", -1)) {
      if (!isLabel(label) || !label.chars().allMatch(c -> c < 0x80)) {
        return false;
      }
    }
    return true;
  }

  /** RFC 5321 §4.1.2: {@code sub-domain = Let-dig [Ldh-str]}, widened by RFC 6531 §3.3. */
  private static boolean isLabel(String label) {
    if (label.isEmpty() || label.length() > MAX_LABEL) {
      return false;
    }
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      boolean edge = i == 0 || i == label.length() - 1;
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      // RFC 5894 §7.2: sharp s, final sigma and the joiners are letters of their own by now; read
      // the old way they would lead to another's domain. Whoever means them writes the A-label.
      boolean deviant = c == 'ß' || c == 'ς' || c == '\u200c' || c == '\u200d';
      if (deviant || !(letter || (c == '-' && !edge) || c >= 0xa0)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Domain> literal(String text) {
    if (!text.endsWith("]")) {
      return Optional.empty();
    }
    String inside = text.substring(1, text.length() - 1);
    boolean six = inside.regionMatches(true, 0, "IPv6:", 0, 5);
    String address = six ? inside.substring(5) : inside;
    // Only digits, hex, dots and colons: no scope, no octal guess, no name that asks a resolver.
    if (!address.matches(six ? "[0-9A-Fa-f:.]{2,45}" : "(\\d{1,3}\\.){3}\\d{1,3}")) {
      return Optional.empty();
    }
    try {
      InetAddress parsed = six ? Inet6Address.ofLiteral(address) : Inet4Address.ofLiteral(address);
      String canonical = "[" + (six ? "IPv6:" : "") + parsed.getHostAddress() + "]";
      return Optional.of(new Domain(text, canonical.toLowerCase(Locale.ROOT)));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  public boolean isLiteral() {
    return written.startsWith("[");
  }

  /** Lower case, A-labels: what is compared and asked of the DNS. */
  public String ascii() {
    return ascii;
  }

  /** Lower case, U-labels: what people read and how accounts are named. */
  public String unicode() {
    return isLiteral() ? ascii : IDN.toUnicode(ascii, IDN.ALLOW_UNASSIGNED);
  }

  /** Whether it can be said without SMTPUTF8 as it was written. */
  public boolean isAsciiAsWritten() {
    return written.chars().allMatch(c -> c < 0x80);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Domain that && ascii.equals(that.ascii);
  }

  @Override
  public int hashCode() {
    return ascii.hashCode();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return written;
  }
}
