package heddle.delivery;

import heddle.mail.Envelope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** How much of the message goes back with a report, and how it is read. */
enum Returned {
  WHOLE,
  HEADER;

  private static final long LONGEST_ASKED = 1024 * 1024;
  private static final long LONGEST_UNASKED = 64 * 1024;
  private static final int LONGEST_HEADER = 64 * 1024;

  /** RFC 3461 §4.3: RET is for reports of failure; any other returns the header alone. */
  static Returned of(Report.Kind kind, Report.Letterhead letterhead, Envelope envelope, long size) {
    // What is said of it takes some room too.
    boolean fits = size + 16 * 1024 <= letterhead.room();
    boolean failure = letterhead.road() == Report.Road.WIDE && fits && isFailure(kind);
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

  private static boolean isFailure(Report.Kind kind) {
    return switch (kind) {
      case FAILED, EXPIRED -> true;
      case DELAYED, DELIVERED -> false;
    };
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
    try (InputStream text = original.open()) {
      TextKind kind = TextKind.of(text);
      return switch (this) {
        case WHOLE -> kind.eightBit();
        case HEADER -> kind.eightBitHeader();
      };
    }
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

  /** As {@link #copy} of a header, without the fields that are not ASCII. */
  void copyAscii(Original original, OutputStream out) throws IOException {
    var header = new ByteArrayOutputStream();
    copy(original, header);
    String text = header.toString(StandardCharsets.ISO_8859_1);
    for (String field : text.split("(?<=\n)(?![ \t])")) {
      if (Clean.isAscii(field)) {
        out.write(field.getBytes(StandardCharsets.ISO_8859_1));
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
