package heddle.wire;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What DATA and BDAT have in common: octets are judged, counted and handed on until there is a
 * reason to refuse; the first reason stays. Used by one message only.
 */
final class Intake {
  private static final long MIN_CAP = 1 << 20;
  final Scanner scanner;
  private final long maxOctets;
  private final long cap;
  private long octets;
  private @Nullable Ending refusal;

  Intake(long maxOctets, int maxLine) {
    this.maxOctets = maxOctets;
    this.cap = Math.max(MIN_CAP, maxOctets > Long.MAX_VALUE / 4 ? Long.MAX_VALUE : 4 * maxOctets);
    this.scanner = new Scanner(maxLine);
  }

  /** How many octets of the wire may be read for this message, its dots included. */
  long cap() {
    return cap;
  }

  /** Walks on over part of a line; a flaw refuses the message behind the octets before it. */
  int walk(Sink sink, byte[] block, int start, int from, int to) {
    int stop = scanner.walk(block, from, to);
    if (refusal == null && scanner.flaw() != null) {
      take(sink, block, start, stop);
      refuseFlaw();
    }
    return stop;
  }

  /** Hands octets on that were walked over. */
  void take(Sink sink, byte[] block, int from, int to) {
    if (refusal != null || from >= to) {
      return;
    }
    octets += to - from;
    if (octets > maxOctets) {
      refusal = new Ending.TooLarge();
      return;
    }
    try {
      sink.write(block, from, to - from);
    } catch (IOException trouble) {
      refusal = new Ending.SinkFailed(trouble);
    }
  }

  void refuseFlaw() {
    Flaw flaw = scanner.flaw();
    if (refusal == null && flaw != null) {
      refusal = new Ending.Flawed(flaw);
    }
  }

  Ending ending() {
    return refusal != null
        ? refusal
        : new Ending.Complete(octets, scanner.eightBit(), scanner.longestLine());
  }
}
