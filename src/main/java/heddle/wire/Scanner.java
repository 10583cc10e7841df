package heddle.wire;

import org.jspecify.annotations.Nullable;

/**
 * The one judge of line ends. It walks over octets in whatever pieces they come and knows where
 * lines end (only at CRLF), the first flaw, the longest line, and whether an octet was above 127.
 * Used by one reader only.
 */
final class Scanner {
  private final int maxLine;
  private boolean afterCr;
  private boolean lineStart = true;
  private long lineLength;
  private long longest;
  private int bits;
  private @Nullable Flaw flaw;

  /**
   * @param maxLine in octets, without the CRLF
   */
  Scanner(int maxLine) {
    this.maxLine = maxLine;
  }

  /**
   * Walks on. Stops behind the CRLF that ends a line (then {@link #atLineStart()}), at the first
   * flaw of all, or at the end of the piece.
   *
   * @return the index of the first octet not walked over
   */
  int walk(byte[] octets, int from, int to) {
    lineStart = false;
    int i = from;
    while (i < to) {
      if (afterCr) {
        afterCr = false;
        if (octets[i] == '\n') {
          endLine();
          return i + 1;
        }
        lineLength++;
        if (isFirst(Flaw.BARE_CR)) {
          return i;
        }
      }
      int plainEnd = plain(octets, i, to);
      lineLength += plainEnd - i;
      if (lineLength > maxLine && isFirst(Flaw.TOO_LONG)) {
        return (int) (plainEnd - (lineLength - maxLine));
      }
      i = plainEnd;
      if (i < to) {
        afterCr = octets[i] == '\r';
        if (!afterCr) {
          if (isFirst(octets[i] == '\n' ? Flaw.BARE_LF : Flaw.NUL)) {
            return i;
          }
          lineLength++;
        }
        i++;
      }
    }
    return i;
  }

  /** The index of the next CR, LF or NUL. The loop in which a large message spends its time. */
  private int plain(byte[] octets, int from, int to) {
    int seen = 0;
    int i = from;
    while (i < to) {
      int octet = octets[i];
      // One comparison decides for nearly every octet of a text; those above 127 are negative here.
      if (octet <= '\r' && (octet == '\r' || octet == '\n' || octet == 0)) {
        break;
      }
      seen |= octet;
      i++;
    }
    bits |= seen;
    return i;
  }

  private void endLine() {
    longest = Math.max(longest, lineLength);
    lineLength = 0;
    lineStart = true;
  }

  private boolean isFirst(Flaw met) {
    if (flaw != null) {
      return false;
    }
    flaw = met;
    return true;
  }

  /** A CR was met outside the walk, and no LF behind it. */
  void bareCr() {
    lineStart = false;
    isFirst(Flaw.BARE_CR);
  }

  /** Whether all that was walked over is whole lines. */
  boolean atLineStart() {
    return lineStart;
  }

  /** Whether the last octet was a CR of which nobody knows yet what it is. */
  boolean afterCr() {
    return afterCr;
  }

  @Nullable Flaw flaw() {
    return flaw;
  }

  boolean eightBit() {
    return bits < 0;
  }

  /** In octets, the unfinished line included. */
  int longestLine() {
    return Math.clamp(Math.max(longest, lineLength), 0, Integer.MAX_VALUE);
  }
}
