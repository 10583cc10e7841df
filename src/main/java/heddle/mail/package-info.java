/**
 * The nouns of mail: addresses, envelopes, replies, octets, secrets. Values only.
 *
 * <p>May import: nothing of the house.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * record Recipient(Mailbox mailbox, Set<Notify> notifyOn, Optional<String> orcpt) {}
 * }
 */
@NullMarked
package heddle.mail;

import org.jspecify.annotations.NullMarked;
