/**
 * The one question, "who is this?", its answers, and the mechanisms as pure values.
 *
 * <p>May import: mail, peer, wire.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * return new Decision.Reply(prompt, this::password);
 * }
 */
@NullMarked
package heddle.sasl;

import org.jspecify.annotations.NullMarked;
