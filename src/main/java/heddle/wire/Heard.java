package heddle.wire;

import heddle.mail.Octets;

/** What came when the next line was waited for. */
public sealed interface Heard {
  /** A whole line, without its CRLF: no CR, LF or NUL in it. */
  record Line(Octets octets) implements Heard {}

  /**
   * A line that may not be used. It has been read to its CRLF, so that the next line is the next
   * command.
   */
  record Flawed(Flaw flaw) implements Heard {}

  /** The client is gone, or was cut off; half a line is no line. */
  record End() implements Heard {}

  /** The deadline was over before the line was whole. */
  record TimedOut() implements Heard {}
}
