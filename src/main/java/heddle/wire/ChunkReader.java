package heddle.wire;

import java.io.IOException;
import java.net.SocketTimeoutException;

/**
 * A message as BDAT sends it (RFC 3030), chunk by chunk. Without BINARYMIME a message is made of
 * lines here as well: bare CR, bare LF and NUL are flaws as they are behind DATA, also where a
 * chunk ends between CR and LF. Used for one message only; a refusal lasts for all its chunks.
 */
public final class ChunkReader {
  private static final byte[] CRLF = {'\r', '\n'};
  private final LineReader in;
  private final Pace pace;
  private final Intake intake;
  private long heard;

  /**
   * @param maxOctets the most all chunks together may have
   * @param maxLine the most a line may have, without its CRLF
   * @param pace asked before each read, with the octets of all chunks so far
   */
  public ChunkReader(LineReader in, long maxOctets, int maxLine, Pace pace) {
    this.in = in;
    this.pace = pace;
    this.intake = new Intake(maxOctets, maxLine);
  }

  /**
   * Reads exactly so many octets, wanted or not. {@link Ending.Complete} tells of the message so
   * far. A size so far beyond what is allowed that it would not be read over is a {@link
   * Ending.Runaway} at once.
   *
   * @throws IOException where the connection broke; a broken sink is an ending
   */
  public Ending copyTo(Sink sink, long size, boolean last) throws IOException {
    if (size > intake.cap() - heard) {
      return new Ending.Runaway();
    }
    try {
      for (long left = size; left > 0; ) {
        if (!in.pending() && !in.fill(LineReader.MESSAGE_BLOCK, pace.due(heard))) {
          return new Ending.End();
        }
        int from = in.at();
        int to = (int) Math.min(in.end(), from + left);
        piece(sink, in.block(), from, to);
        in.takenTo(to);
        heard += to - from;
        left -= to - from;
      }
    } catch (SocketTimeoutException over) {
      return new Ending.TimedOut();
    }
    if (last) {
      finish(sink);
    }
    return intake.ending();
  }

  private void piece(Sink sink, byte[] block, int from, int to) {
    for (int i = from; i < to; ) {
      i = intake.walk(sink, block, from, i, to);
    }
    intake.take(sink, block, from, to);
  }

  private void finish(Sink sink) {
    if (intake.scanner.afterCr()) {
      intake.scanner.bareCr();
      intake.refuseFlaw();
    } else if (!intake.scanner.atLineStart()) {
      // DATA cannot say half a line; what goes on from here as lines must end as one.
      intake.take(sink, CRLF, 0, CRLF.length);
    }
  }
}
