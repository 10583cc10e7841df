package heddle.wire;

import java.io.IOException;
import java.net.SocketTimeoutException;

/**
 * A message as DATA sends it (RFC 5321 §4.5.2), streamed in blocks. It ends at CRLF "." CRLF and at
 * nothing that only looks like it: no bare CR, bare LF or NUL has ever ended a line here, whoever
 * the client is. Used for one message only.
 */
public final class DotReader {
  private final LineReader in;
  private final Pace pace;
  private final Intake intake;
  private Place place = Place.LINE_START;
  private long heard;

  /** Where in a line the next octet stands. */
  private enum Place {
    LINE_START,
    AFTER_DOT,
    AFTER_DOT_CR,
    TEXT,
    MESSAGE_END
  }

  /**
   * @param maxOctets the most the message may have, by RFC 1870 §5
   * @param maxLine the most a line may have, without its CRLF
   * @param pace asked before each read, with the octets of the wire that came so far
   */
  public DotReader(LineReader in, long maxOctets, int maxLine, Pace pace) {
    this.in = in;
    this.pace = pace;
    this.intake = new Intake(maxOctets, maxLine);
  }

  /**
   * Reads to the end of the message, whatever is found on the way: only so the next octet is a
   * command. After a reason to refuse the sink gets nothing more.
   *
   * @throws IOException where the connection broke; a broken sink is an ending
   */
  public Ending copyTo(Sink sink) throws IOException {
    try {
      while (heard < intake.cap()) {
        if (!in.pending() && !in.fill(LineReader.MESSAGE_BLOCK, pace.due(heard))) {
          return new Ending.End();
        }
        int from = in.at();
        int to = (int) Math.min(in.end(), from + (intake.cap() - heard));
        in.takenTo(piece(sink, in.block(), from, to));
        heard += in.at() - from;
        if (place == Place.MESSAGE_END) {
          return intake.ending();
        }
      }
      return new Ending.Runaway();
    } catch (SocketTimeoutException over) {
      return new Ending.TimedOut();
    }
  }

  /** Returns the index behind the last octet that belongs to the message. */
  private int piece(Sink sink, byte[] block, int from, int to) {
    int start = from; // of the octets not yet handed on
    int i = from;
    while (i < to) {
      switch (place) {
        case LINE_START -> {
          place = Place.TEXT;
          // RFC 5321 §4.5.2: "If the first character is a period and there are other characters on
          // the line, the first character is deleted."
          if (block[i] == '.') {
            intake.take(sink, block, start, i);
            start = ++i;
            place = Place.AFTER_DOT;
          }
        }
        case AFTER_DOT -> {
          place = Place.TEXT;
          if (block[i] == '\r') {
            start = ++i;
            place = Place.AFTER_DOT_CR;
          }
        }
        case AFTER_DOT_CR -> {
          if (block[i] == '\n') {
            place = Place.MESSAGE_END;
            return i + 1;
          }
          intake.scanner.bareCr();
          intake.refuseFlaw();
          place = Place.TEXT;
        }
        case TEXT -> {
          i = intake.walk(sink, block, start, i, to);
          place = intake.scanner.atLineStart() ? Place.LINE_START : Place.TEXT;
        }
        case MESSAGE_END -> throw new IllegalStateException("the message is over");
      }
    }
    intake.take(sink, block, start, to);
    return to;
  }
}
