/**
 * The listening ear: permits, accept, drain.
 *
 * <p>May import: floors 0 to 2, session.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * permits.take(address)
 * }
 */
@NullMarked
package heddle.listener;

import org.jspecify.annotations.NullMarked;
