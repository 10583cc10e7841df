package heddle.peer;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Walks over DER: one element after the other, or into one. Used by one thread. */
final class Der {
  static final int EXPLICIT = 0xa0;

  private final byte[] octets;
  private int at;
  private final int end;

  private Der(byte[] octets, int from, int to) {
    this.octets = octets;
    this.at = from;
    this.end = to;
  }

  static Der of(byte[] octets) {
    return new Der(octets, 0, octets.length);
  }

  /** One element, where it begins, where its contents do, and where it ends. */
  static final class Element {
    private final byte[] octets;
    private final int start;
    private final int from;
    private final int to;

    private Element(byte[] octets, int start, int from, int to) {
      this.octets = octets;
      this.start = start;
      this.from = from;
      this.to = to;
    }

    int tag() {
      return octets[start] & 0xff;
    }

    boolean is(int tag) {
      return tag() == tag;
    }

    /** Tag and length included. */
    byte[] whole() {
      return Arrays.copyOfRange(octets, start, to);
    }

    byte[] contents() {
      return Arrays.copyOfRange(octets, from, to);
    }

    Der inside() {
      return new Der(octets, from, to);
    }

    /** A string's text; empty where it is no string. */
    Optional<String> text() {
      return charset(tag()).map(c -> new String(octets, from, to - from, c));
    }

    /** {@code #} and the whole in hexadecimal, for what is no string (RFC 4514 §2.4). */
    String printed() {
      return text().orElseGet(() -> "#" + HexFormat.of().formatHex(whole()));
    }

    /** An object identifier's contents, dotted. */
    String oid() {
      var text = new StringBuilder();
      long value = 0;
      for (int i = from; i < to; i++) {
        value = value << 7 | octets[i] & 0x7f;
        if (octets[i] >= 0) {
          long first = Math.min(value / 40, 2);
          text.append(text.isEmpty() ? first + "." + (value - first * 40) : "." + value);
          value = 0;
        }
      }
      return text.toString();
    }
  }

  private static Optional<Charset> charset(int tag) {
    return switch (tag) {
      case 12 -> Optional.of(StandardCharsets.UTF_8);
      // PrintableString, NumericString, IA5String, VisibleString; and T61String, for which
      // everybody means Latin-1.
      case 18, 19, 20, 22, 26 -> Optional.of(StandardCharsets.ISO_8859_1);
      case 28 -> Optional.of(StandardCharsets.UTF_32BE);
      case 30 -> Optional.of(StandardCharsets.UTF_16BE);
      default -> Optional.empty();
    };
  }

  boolean more() {
    return at < end;
  }

  /**
   * @throws IllegalArgumentException where the octets are not DER
   */
  Element next() {
    int start = at;
    if (end - at < 2 || (octets[at] & 0x1f) == 0x1f) {
      throw new IllegalArgumentException("not DER");
    }
    at++;
    long length = octets[at++] & 0xff;
    if (length >= 0x80) {
      int count = (int) length & 0x7f;
      if (count == 0 || count > 4 || end - at < count) {
        throw new IllegalArgumentException("not DER");
      }
      length = 0;
      for (int i = 0; i < count; i++) {
        length = length << 8 | octets[at++] & 0xff;
      }
    }
    if (length > end - at) {
      throw new IllegalArgumentException("not DER");
    }
    var element = new Element(octets, start, at, at + (int) length);
    at += (int) length;
    return element;
  }
}
