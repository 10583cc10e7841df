package heddle.wire;

import java.io.IOException;

/**
 * How the transfer of a message, or of one chunk of it, ended. After {@link Complete}, {@link
 * Flawed}, {@link TooLarge} and {@link SinkFailed} the next octet is the next command; after the
 * others the connection is of no more use.
 */
public sealed interface Ending {
  /**
   * All of it is with the sink.
   *
   * @param octets the size by RFC 1870 §5: with each CRLF, without the dots of the transfer
   * @param eightBit whether an octet was above 127
   * @param longestLine in octets, without its CRLF
   */
  record Complete(long octets, boolean eightBit, int longestLine) implements Ending {}

  /** Read to its end and refused; what the sink got is to be thrown away. */
  record Flawed(Flaw flaw) implements Ending {}

  /** Read to its end and refused: larger than allowed. */
  record TooLarge() implements Ending {}

  /** So much came behind what was allowed that the end is not waited for. Reply and hang up. */
  record Runaway() implements Ending {}

  /** The pace was not kept. */
  record TimedOut() implements Ending {}

  /** The client is gone; the message never ended. */
  record End() implements Ending {}

  /** Read to its end, but we could not keep it: our trouble, not the client's. */
  record SinkFailed(IOException cause) implements Ending {}
}
