package heddle.tls;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;

/** Says in a few words why a handshake failed, instead of what the JDK calls it. */
final class Failure {
  private static final int TLS_HANDSHAKE = 22; // RFC 8446 §5.1, the first octet of a ClientHello

  /** A piece of the JDK's message, and our words for it. */
  private record Saying(String piece, String ours) {}

  private static final List<Saying> SAYINGS =
      List.of(
          new Saying("no cipher suites in common", "no shared cipher"),
          new Saying("not accepted by server preferences", "no shared protocol version"),
          new Saying("not enabled or supported in server context", "no shared protocol version"),
          new Saying("No matching application layer protocol", "no shared application protocol"),
          new Saying("No available application protocol", "no shared application protocol"),
          new Saying("No common named group", "no shared key exchange group"),
          new Saying("No available authentication scheme", "no shared signature scheme"),
          new Saying("No available signature_algorithms", "no shared signature scheme"),
          new Saying("Empty client certificate chain", "client sent no certificate"),
          new Saying("terminated the handshake", "client hung up"));

  private Failure() {}

  /**
   * @param first the first octet that came, or -1
   */
  static String words(Exception trouble, boolean late, int first) {
    if (first < 0) {
      return late || trouble instanceof SocketTimeoutException
          ? "client said nothing in time"
          : "client hung up";
    }
    if (first != TLS_HANDSHAKE) {
      boolean text = first >= ' ' && first < 0x7f || first == '\r' || first == '\n';
      return text ? "client spoke plain text" : "client did not speak TLS";
    }
    String said = String.valueOf(trouble.getMessage());
    int alert = said.indexOf("Received fatal alert: ");
    if (alert >= 0) {
      return "client ended it: " + plain(said.substring(alert + 22));
    }
    for (Saying saying : SAYINGS) {
      if (said.contains(saying.piece())) {
        return saying.ours();
      }
    }
    if (late || trouble instanceof SocketTimeoutException) {
      return "client took too long";
    }
    boolean gone = trouble instanceof SocketException || trouble instanceof EOFException;
    return gone || trouble.getCause() instanceof SocketException
        ? "client hung up"
        : trouble instanceof IOException ? "client broke the TLS protocol" : "handshake failed";
  }

  /** {@code unknown_ca} is a word of the RFC: letters and underscores only. */
  private static String plain(String alert) {
    return alert.toLowerCase(Locale.ROOT).replaceAll("[^a-z_]", "");
  }
}
