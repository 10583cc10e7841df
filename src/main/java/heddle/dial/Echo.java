package heddle.dial;

import heddle.mail.Reply;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Some servers quote the line that they do not like. Where that line was our login, what they say
 * must not be kept: it goes into the log, the queue and reports. Safe to share; holds no state.
 */
public final class Echo {
  private static final int WINDOW = 8;
  private static final int LEAST = 4;

  private Echo() {}

  /** The reply, without its words where they hold a piece of the secret. */
  static Reply left(Reply reply, byte[] secret) {
    if (reply.code() < 400) {
      return reply; // a challenge of SCRAM quotes our nonce, as it must
    }
    boolean quoted =
        reply.lines().stream()
            .anyMatch(line -> quotes(line.getBytes(StandardCharsets.UTF_8), secret));
    return quoted ? reply.saying("(words left out: they quote our login)") : reply;
  }

  /**
   * Whether what was said holds eight octets of the secret in a row, or all of a shorter one. Fewer
   * than four are in any text.
   */
  public static boolean quotes(byte[] said, byte[] secret) {
    int window = Math.min(WINDOW, secret.length);
    if (window < LEAST) {
      return false;
    }
    Set<Long> pieces = new HashSet<>();
    for (int i = 0; i + window <= secret.length; i++) {
      pieces.add(piece(secret, i, window));
    }
    for (int i = 0; i + window <= said.length; i++) {
      if (pieces.contains(piece(said, i, window))) {
        return true;
      }
    }
    return false;
  }

  private static long piece(byte[] octets, int from, int length) {
    long piece = 0;
    for (int i = 0; i < length; i++) {
      piece = piece << 8 | octets[from + i] & 0xff;
    }
    return piece;
  }
}
