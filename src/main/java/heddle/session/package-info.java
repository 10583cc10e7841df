/**
 * One conversation, whole.
 *
 * <p>May import: floors 0 to 2.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * Reply reply = etiquette.refusal(command, phase).orElseGet(() -> act(command));
 * }
 */
@NullMarked
package heddle.session;

import org.jspecify.annotations.NullMarked;
