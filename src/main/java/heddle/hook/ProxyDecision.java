package heddle.hook;

import heddle.mail.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A {@link ProxyHook}'s answer; made by {@link Decisions}. */
public sealed interface ProxyDecision {
  /** RFC 4954 §4: the longest line there is, without its CRLF. */
  int LONGEST_COMMAND = 12_288;

  /** Whether the next raw line goes to the hook first, whatever it is. */
  boolean wantsNext();

  /**
   * The server goes on with the line.
   *
   * @param line what to go on with; empty: as it was
   */
  record Pass(Optional<Octets> line, boolean wantsNext) implements ProxyDecision {
    /**
     * Another line in its place.
     *
     * @throws IllegalArgumentException where it holds a CR, LF or NUL, or is too long to be one
     */
    public Pass command(String text) {
      byte[] octets = text.getBytes(StandardCharsets.UTF_8);
      if (octets.length > LONGEST_COMMAND) {
        throw new IllegalArgumentException("the command has " + octets.length + " octets");
      }
      for (byte octet : octets) {
        if (octet == '\r' || octet == '\n' || octet == 0) {
          throw new IllegalArgumentException("the command holds a CR, LF or NUL");
        }
      }
      return new Pass(Optional.of(Octets.of(octets)), wantsNext);
    }

    /** The next line comes to the hook, even if it is one of an AUTH exchange. */
    public Pass next() {
      return new Pass(line, true);
    }
  }

  /** The client hears this, and the server never hears of the line. 250 unless codes say else. */
  record Answer(heddle.mail.Reply reply, boolean closes, boolean wantsNext)
      implements ProxyDecision {
    public Answer {
      int code = reply.code();
      if (code / 100 == 3 && code != 334 && code != 354) {
        throw new IllegalArgumentException("of the codes 3xx only 334 and 354 are known here");
      }
      closes = closes || Words.closes(reply);
    }

    /**
     * @param enhanced such as {@code "2.0.0"}
     * @throws IllegalArgumentException where they do not agree
     */
    public Answer codes(int code, String enhanced) {
      return new Answer(Words.coded(reply, code, Optional.of(enhanced)), closes, wantsNext);
    }

    /** Without an enhanced status. 334 and 354 are legal only together with {@link #next}. */
    public Answer codes(int code) {
      return new Answer(Words.coded(reply, code, Optional.empty()), closes, wantsNext);
    }

    /** The connection ends behind the reply; behind 421 and 221 it ends anyhow. */
    public Answer disconnect() {
      return new Answer(reply, true, wantsNext);
    }

    /** The next line comes to the hook, even if it is one of an AUTH exchange. */
    public Answer next() {
      return new Answer(reply, closes, true);
    }

    /** A client that was told to go on, and nobody who listens, would be out of step for good. */
    public boolean inStep() {
      return reply.code() / 100 != 3 || wantsNext;
    }
  }
}
