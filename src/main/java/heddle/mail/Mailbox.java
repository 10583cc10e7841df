package heddle.mail;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * An address of one mailbox. The local part is held without its quotes and in the case in which it
 * was written; {@link #toString()} quotes it again where RFC 5321 §4.1.2 asks for it.
 */
public record Mailbox(String localPart, Domain domain) {
  private static final int MAX_LOCAL = 64; // RFC 5321 §4.5.3.1.1
  private static final String SPECIAL = "!#$%&'*+-/=?^_`{|}~";

  /** A mailbox and where, in the text it was read from, the first character behind it stands. */
  public record Parsed(Mailbox mailbox, int end) {}

  /**
   * {@code Local-part "@" (Domain / address-literal)} by RFC 5321 §4.1.2 and RFC 6531 §3.3, and
   * nothing behind it.
   */
  public static Optional<Mailbox> parse(String text) {
    return parseAt(text, 0).filter(p -> p.end() == text.length()).map(Parsed::mailbox);
  }

  /** A mailbox that begins at the index and ends before {@code >}, white space or the end. */
  public static Optional<Parsed> parseAt(String text, int from) {
    var local = new StringBuilder();
    int at = text.startsWith("\"", from) ? quoted(text, from, local) : dotted(text, from, local);
    if (at < 0
        || at >= text.length()
        || text.charAt(at) != '@'
        || local.toString().getBytes(StandardCharsets.UTF_8).length > MAX_LOCAL) {
      return Optional.empty();
    }
    int end = at + 1;
    while (end < text.length() && text.charAt(end) != '>' && text.charAt(end) > ' ') {
      end++;
    }
    int stop = end;
    return Domain.parse(text.substring(at + 1, end))
        .map(d -> new Parsed(new Mailbox(local.toString(), d), stop));
  }

  /** As {@link #parse}, for text known to be an address. */
  public static Mailbox of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an address: \"" + text + "\""));
  }

  private static int dotted(String text, int from, StringBuilder into) {
    int i = from;
    while (i < text.length() && (isAtext(text.charAt(i)) || text.charAt(i) == '.')) {
      i++;
    }
    String local = text.substring(from, i);
    into.append(local);
    return isDotString(local) ? i : -1;
  }

  private static int quoted(String text, int from, StringBuilder into) {
    for (int i = from + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\') {
        i++;
        if (i == text.length() || text.charAt(i) < ' ' || text.charAt(i) > '~') {
          return -1;
        }
        into.append(text.charAt(i));
      } else if (c >= ' ' && c != 0x7f && !(c > 0x7f && c < 0xa0)) {
        into.append(c);
      } else {
        return -1;
      }
    }
    return -1;
  }

  private static boolean isAtext(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c >= 0xa0
        || SPECIAL.indexOf(c) >= 0;
  }

  private static boolean isDotString(String local) {
    return !local.isEmpty()
        && !local.startsWith(".")
        && !local.endsWith(".")
        && !local.contains("..")
        && local.chars().allMatch(c -> c == '.' || isAtext((char) c));
  }

  /** Whether it can be said without SMTPUTF8 as it was written. */
  public boolean isAscii() {
    return localPart.chars().allMatch(c -> c < 0x80) && domain.isAsciiAsWritten();
  }

  /**
   * The form under which accounts are found and addresses are compared: NFC, lower case, the domain
   * in U-labels.
   */
  public String normal() {
    // NFC again behind the lower case: J with a caron is two characters, j with a caron is one.
    String lower = Normalizer.normalize(localPart, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    String local = Normalizer.normalize(lower, Normalizer.Form.NFC);
    return quotedIfNeeded(local) + "@" + domain.unicode();
  }

  private static String quotedIfNeeded(String local) {
    return isDotString(local)
        ? local
        : "\"" + local.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  @Override
  public String toString() {
    return quotedIfNeeded(localPart) + "@" + domain;
  }
}
