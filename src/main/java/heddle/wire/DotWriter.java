package heddle.wire;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A message as DATA sends it (RFC 5321 §4.5.2), streamed: the dots are doubled on the way and the
 * end is marked. Used for one message only.
 */
public final class DotWriter implements Sink {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] DOT = {'.'};
  private final OutputStream out;
  private Place place = Place.LINE_START;

  /** What stands before the next octet. */
  private enum Place {
    LINE_START,
    TEXT,
    CR
  }

  public DotWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * Hands octets on.
   *
   * @throws BareLineEnd before anything behind a CR or an LF that stands alone goes out: some peers
   *     would see the end of the message there (SMTP smuggling)
   */
  @Override
  public void write(byte[] block, int off, int len) throws IOException {
    int start = off;
    for (int i = off; i < off + len; i++) {
      byte octet = block[i];
      if ((octet == '\n') != (place == Place.CR)) {
        throw new BareLineEnd();
      }
      // RFC 5321 §4.5.2: "If it is a period, one additional period is inserted at the beginning of
      // the line."
      if (octet == '.' && place == Place.LINE_START) {
        out.write(block, start, i - start);
        out.write(DOT);
        start = i;
      }
      place = octet == '\n' ? Place.LINE_START : octet == '\r' ? Place.CR : Place.TEXT;
    }
    out.write(block, start, off + len - start);
  }

  /** The last line ended, if it was not, and the dot behind it. Does not flush. */
  public void end() throws IOException {
    if (place == Place.CR) {
      throw new BareLineEnd();
    }
    if (place == Place.TEXT) {
      out.write(CRLF);
    }
    out.write(DOT);
    out.write(CRLF);
    place = Place.LINE_START;
  }

  /** The message holds a CR or an LF alone; it cannot be sent. */
  public static final class BareLineEnd extends IOException {
    private static final long serialVersionUID = 1;

    BareLineEnd() {
      super("a CR or an LF stands alone in the message");
    }
  }
}
