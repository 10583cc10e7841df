package heddle.smtp;

import java.util.List;
import java.util.Optional;

/**
 * What this session may use, as EHLO tells it.
 *
 * @param maxSize of a message, in octets
 * @param startTls whether TLS can still begin
 * @param mechanisms upper case, in order of preference; empty where AUTH is not to be had here
 * @param maxRecipients of one message
 * @param xclient whether this client may tell of others
 * @param mark by which we know ourselves; empty where nothing is sent on from here
 */
public record Offer(
    long maxSize,
    boolean startTls,
    List<String> mechanisms,
    int maxRecipients,
    boolean xclient,
    Optional<String> mark) {
  public Offer {
    mechanisms = List.copyOf(mechanisms);
  }
}
