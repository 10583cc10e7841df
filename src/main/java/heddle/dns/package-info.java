/**
 * Names, always with a deadline. The only importer of dnsjava.
 *
 * <p>May import: mail, peer, wire.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * names.addresses("mail.example.org", deadline)
 * }
 */
@NullMarked
package heddle.dns;

import org.jspecify.annotations.NullMarked;
