package heddle.dial;

import java.io.IOException;
import java.io.InputStream;

/**
 * The text of a message: whole lines, each ended by CRLF.
 *
 * @param octets its size by RFC 1870
 * @param eightBit whether an octet is above 127
 * @param eightBitHeader whether one in its header is
 */
public record Message(long octets, boolean eightBit, boolean eightBitHeader, Source source) {
  /** Opens the text at its beginning; the client closes it. */
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }
}
