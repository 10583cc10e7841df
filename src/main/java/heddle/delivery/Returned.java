package heddle.delivery;

import heddle.mail.Envelope;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** How much of the message goes back with a report, and how it is read. */
enum Returned {
  WHOLE,
  HEADER;

  private static final long LONGEST_ASKED = 1024 * 1024;
  private static final long LONGEST_UNASKED = 64 * 1024;
  private static final int LONGEST_HEADER = 64 * 1024;

  /** RFC 3461 §4.3: RET is for reports of failure; any other returns the header alone. */
  static Returned of(Report.Kind kind, Envelope envelope, long size) {
    boolean failure =
        switch (kind) {
          case FAILED, EXPIRED -> true;
          case DELAYED, DELIVERED -> false;
        };
    if (!failure) {
      return HEADER;
    }
    long longest =
        envelope
            .ret()
            .map(
                ret ->
                    switch (ret) {
                      case FULL -> LONGEST_ASKED;
                      case HDRS -> -1L;
                    })
            .orElse(LONGEST_UNASKED);
    return size <= longest ? WHOLE : HEADER;
  }

  /** The media type: RFC 6522 §3, RFC 6533 §5 and §6. */
  String type(boolean utf8) {
    return switch (this) {
      case WHOLE -> utf8 ? "message/global" : "message/rfc822";
      case HEADER -> utf8 ? "message/global-headers" : "text/rfc822-headers";
    };
  }

  /** Whether what goes back holds an octet beyond ASCII, whatever BODY= said of it. */
  boolean isEightBit(Original original) throws IOException {
    var eight = new boolean[1];
    copy(
        original,
        new OutputStream() {
          @Override
          public void write(int octet) {
            eight[0] |= (octet & 0x80) != 0;
          }

          @Override
          public void write(byte[] block, int from, int length) {
            for (int i = from; i < from + length; i++) {
              eight[0] |= block[i] < 0;
            }
          }
        });
    return eight[0];
  }

  /** Octet for octet; a header without the empty line behind it. */
  void copy(Original original, OutputStream out) throws IOException {
    try (InputStream in = original.open()) {
      switch (this) {
        case WHOLE -> in.transferTo(out);
        case HEADER -> {
          byte[] top = in.readNBytes(LONGEST_HEADER);
          out.write(top, 0, endOfHeader(top));
        }
      }
    }
  }

  /** Behind the last CRLF of the header's lines; where it is too long, of those that fit. */
  private static int endOfHeader(byte[] top) {
    int line = 0;
    for (int i = 0; i + 1 < top.length; i++) {
      if (top[i] == '\r' && top[i + 1] == '\n') {
        if (i == line) {
          return line;
        }
        line = i + 2;
      }
    }
    return top.length < LONGEST_HEADER ? top.length : line;
  }
}
