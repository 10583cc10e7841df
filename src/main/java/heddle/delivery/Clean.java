package heddle.delivery;

import java.nio.charset.StandardCharsets;

/**
 * Makes one harmless line of what a stranger said, and folds it. Everything untrusted that goes
 * into a report comes through here. Safe to share; holds no state.
 */
final class Clean {
  private static final int PREFERRED = 78; // RFC 5322 §2.1.1, without CRLF
  private static final int LONGEST = 990; // RFC 5322 §2.1.1: 998; room for the space of a fold
  private static final int LONGEST_TEXT = 2000;

  private Clean() {}

  /** One line: controls and line separators are spaces, invisible and broken characters "?". */
  static String line(String text) {
    var clean = new StringBuilder(text.length());
    text.codePoints().limit(LONGEST_TEXT).forEach(c -> clean.appendCodePoint(harmless(c)));
    // No address has so many spaces; a line of nothing else could not be folded.
    return clean.toString().replaceAll(" {65,}", " ").strip();
  }

  /** As {@link #line}, with every run of white space made one space: for prose. */
  static String words(String text) {
    return line(text).replaceAll("[\\s\\p{Z}]+", " ").strip();
  }

  private static int harmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> ' ';
      // Marks of direction can make an address read backwards; half a pair is no character.
      case Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE ->
          '?';
      default -> c;
    };
  }

  static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }

  /** Every other character is a "?". */
  static String ascii(String text) {
    var ascii = new StringBuilder(text.length());
    text.codePoints().forEach(c -> ascii.append(c < 0x80 ? (char) c : '?'));
    return ascii.toString();
  }

  /** A header field, folded at its spaces; taken apart by force only where a word is too long. */
  static String field(String name, String value) {
    return folded(name + ": " + value, "\r\n ") + "\r\n";
  }

  /** A paragraph of text, each line ended by CRLF. */
  static String paragraph(String text) {
    return folded(text, "\r\n") + "\r\n";
  }

  /**
   * RFC 5322 §2.2.3: a fold stands before white space that was there already, so unfolding gives
   * the text back; in prose it takes the place of the space.
   */
  private static String folded(String text, String fold) {
    var out = new StringBuilder();
    int used = 0;
    boolean first = true;
    for (String word : text.split(" ", -1)) {
      int wide = octets(word);
      // A line of nothing but white space would end the header (RFC 5322 §3.2.2).
      boolean breaks = !first && used > 0 && wide > 0 && used + 1 + wide > PREFERRED;
      if (breaks && !out.toString().endsWith(":")) {
        out.append(fold);
        used = fold.length() - 2;
      } else if (!first) {
        out.append(' ');
        used++;
      }
      used = append(out, word, used, fold);
      first = false;
    }
    return out.toString();
  }

  private static int append(StringBuilder out, String word, int from, String fold) {
    int used = from;
    for (int c : word.codePoints().toArray()) {
      int wide = octets(Character.toString(c));
      if (used + wide > LONGEST) {
        out.append(fold);
        used = fold.length() - 2;
      }
      out.appendCodePoint(c);
      used += wide;
    }
    return used;
  }

  private static int octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
