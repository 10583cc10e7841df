package heddle.wire;

import heddle.mail.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lines from a client. A line ends at CRLF and at nothing else. Used by one conversation only.
 *
 * <p>Holds 2 KiB while it waits for a line, one line of at most the given limit, and a block of 16
 * KiB while a message passes.
 */
public final class LineReader {
  private static final int LINE_BLOCK = 2 * 1024;

  /** A TLS record holds no more. */
  static final int MESSAGE_BLOCK = 16 * 1024;

  /** How much of one flawed line is read over before we stop listening. */
  private static final long MAX_SKIPPED = 1 << 20;

  /** Where octets come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads as {@link InputStream#read(byte[], int, int)} does.
     *
     * @return how many octets came, -1 at the end
     * @throws SocketTimeoutException when the deadline is over
     */
    int read(byte[] into, int off, int len, Deadline deadline) throws IOException;
  }

  /** Sets how long the next read may wait, in milliseconds; {@code socket::setSoTimeout}. */
  @FunctionalInterface
  public interface TimeLimit {
    void millis(int millis) throws IOException;
  }

  private final Source source;
  private byte[] block = new byte[LINE_BLOCK];
  private int at;
  private int end;
  private boolean deaf;
  private final byte[] beginning = new byte[8];

  public LineReader(Source source) {
    this.source = source;
  }

  /** A source that gives each read what is left of the deadline. */
  public static Source of(InputStream in, TimeLimit limit) {
    return (into, off, len, deadline) -> {
      limit.millis(deadline.millisLeft());
      return in.read(into, off, len);
    };
  }

  /**
   * Waits for the next line.
   *
   * @param limitOctets the most a line may have, its CRLF included
   * @param deadline for the whole line: octets that drip do not extend it
   */
  public Heard hear(int limitOctets, Deadline deadline) throws IOException {
    try {
      return line(limitOctets, deadline);
    } catch (SocketTimeoutException over) {
      return new Heard.TimedOut();
    }
  }

  private Heard line(int limit, Deadline deadline) throws IOException {
    var scanner = new Scanner(limit - 2);
    var line = new ByteArrayOutputStream(128);
    Arrays.fill(beginning, (byte) 0);
    long mostSkipped = Math.max(MAX_SKIPPED, limit);
    for (long heard = 0; heard < mostSkipped; ) {
      if (at == end && !fill(LINE_BLOCK, deadline)) {
        return new Heard.End();
      }
      int from = at;
      at = scanner.walk(block, from, (int) Math.min(end, at + mostSkipped - heard));
      if (heard < beginning.length) {
        System.arraycopy(
            block,
            from,
            beginning,
            (int) heard,
            (int) Math.min(at - from, beginning.length - heard));
      }
      heard += at - from;
      Flaw flaw = scanner.flaw();
      if (flaw == null) {
        line.write(block, from, at - from);
      }
      if (scanner.atLineStart()) {
        return flaw == null ? whole(line) : new Heard.Flawed(flaw);
      }
    }
    // No command line is that long: we have lost each other. The flaw is told, then nothing heard.
    deaf = true;
    discardPending();
    Flaw flaw = scanner.flaw();
    return new Heard.Flawed(flaw == null ? Flaw.TOO_LONG : flaw);
  }

  private static Heard whole(ByteArrayOutputStream line) {
    byte[] octets = line.toByteArray();
    return new Heard.Line(Octets.of(octets).slice(0, octets.length - 2));
  }

  /** Whether the line heard last, flawed or not, began with the ASCII text, in any letter case. */
  public boolean began(String text) {
    return new String(beginning, StandardCharsets.US_ASCII)
        .regionMatches(true, 0, text, 0, text.length());
  }

  /**
   * Whether octets are already here. Before STARTTLS hands over, any such octet is an injection.
   */
  public boolean pending() {
    return at < end;
  }

  /**
   * Whether a whole line is already here, so that replies need not be flushed before it is read.
   * RFC 2920 §3.2: a server must send what it holds back whenever it would have to wait.
   */
  public boolean linePending() {
    for (int i = at + 1; i < end; i++) {
      if (block[i] == '\n' && block[i - 1] == '\r') {
        return true;
      }
    }
    return false;
  }

  /** Forgets the octets that are already here. */
  public void discardPending() {
    at = end;
  }

  /**
   * Reads the next block; all of the last one must have been taken.
   *
   * @return false at the end
   */
  boolean fill(int size, Deadline deadline) throws IOException {
    if (deaf) {
      return false;
    }
    // A client that always has an octet ready never lets a read time out.
    if (deadline.over()) {
      throw new SocketTimeoutException();
    }
    if (block.length != size) {
      block = new byte[size];
    }
    at = 0;
    end = 0;
    int came = source.read(block, 0, size, deadline);
    end = Math.max(0, came);
    return came > 0;
  }

  byte[] block() {
    return block;
  }

  int at() {
    return at;
  }

  int end() {
    return end;
  }

  void takenTo(int index) {
    at = index;
  }
}
