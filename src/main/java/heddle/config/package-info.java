/**
 * The settings: records that carry their own manual, and the one Condition behind rules.
 *
 * <p>May import: mail, peer, wire. Opens no file: the text is handed in.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * @Doc("Failed logins before the connection ends.") int total
 * }
 */
@NullMarked
package heddle.config;

import org.jspecify.annotations.NullMarked;
