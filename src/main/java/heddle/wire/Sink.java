package heddle.wire;

import java.io.IOException;

/** Where a message goes, block by block. The array is only lent. */
@FunctionalInterface
public interface Sink {
  /** For octets that must be read over because nobody wants them. */
  Sink NOWHERE = (b, off, len) -> {};

  void write(byte[] b, int off, int len) throws IOException;
}
