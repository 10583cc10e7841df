/**
 * What happened, once: one sealed Event, one bus, many readers.
 *
 * <p>May import: floors 0 and 1.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * events.tell(new Event.Accepted(…));
 * }
 */
@NullMarked
package heddle.event;

import org.jspecify.annotations.NullMarked;
