package heddle.mail;

import java.util.Optional;
import java.util.Set;

/**
 * One recipient of an envelope.
 *
 * @param notifyOn empty where the sender did not say (RFC 3461 §4.1)
 * @param orcpt the original recipient as given, {@code type;xtext}, still encoded
 */
public record Recipient(Mailbox mailbox, Set<Notify> notifyOn, Optional<String> orcpt) {
  public Recipient {
    notifyOn = Set.copyOf(notifyOn);
  }

  public static Recipient of(Mailbox mailbox) {
    return new Recipient(mailbox, Set.of(), Optional.empty());
  }
}
