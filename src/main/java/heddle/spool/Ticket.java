package heddle.spool;

import heddle.mail.Envelope;
import heddle.mail.Id;
import java.time.Instant;
import java.util.Optional;

/**
 * What was known of a message when it was accepted. It never changes.
 *
 * @param id the transaction's id, and the queue's
 * @param submitter empty for a guest
 * @param listener the listener's name
 * @param connection the connection's id
 * @param client the client's address in digits, where it is to be remembered
 * @param accepted when
 * @param size octets of the text; {@link Draft#commit} sets it
 */
public record Ticket(
    Id id,
    Envelope envelope,
    Optional<Submitter> submitter,
    String listener,
    Id connection,
    Optional<String> client,
    Instant accepted,
    long size) {
  /**
   * Who logged in.
   *
   * @param authn whose credential was shown
   * @param authz in whose name
   * @param mechanism upper case
   * @param credential its label: {@code "password"}, {@code "app:iphone"}
   */
  public record Submitter(String authn, String authz, String mechanism, String credential) {}

  Ticket sized(long octets) {
    return new Ticket(id, envelope, submitter, listener, connection, client, accepted, octets);
  }
}
