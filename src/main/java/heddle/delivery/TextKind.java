package heddle.delivery;

import java.io.IOException;
import java.io.InputStream;

/**
 * What octets a message is made of, whatever was said of it.
 *
 * @param eightBit whether one is above 127
 * @param eightBitHeader whether one in its header is
 */
record TextKind(boolean eightBit, boolean eightBitHeader) {
  private static final int BLOCK = 32 * 1024;

  /** Reads the text to its end, or as far as it matters. */
  static TextKind of(InputStream text) throws IOException {
    byte[] block = new byte[BLOCK];
    boolean header = true;
    boolean eightBit = false;
    int line = 0; // octets of the line so far, its CR not counted
    for (int n = text.read(block); n >= 0; n = text.read(block)) {
      for (int i = 0; i < n; i++) {
        byte c = block[i];
        if (c < 0) {
          if (header) {
            return new TextKind(true, true);
          }
          eightBit = true;
        }
        if (header) {
          header = !(c == '\n' && line == 0);
          line = c == '\n' ? 0 : c == '\r' ? line : line + 1;
        } else if (eightBit) {
          return new TextKind(true, false);
        }
      }
    }
    return new TextKind(eightBit, false);
  }
}
