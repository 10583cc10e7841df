/**
 * Where a message goes next: routes, attempts, retries, and what its sender is told of it.
 *
 * <p>May import: floors 0 and 1, spool.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * maildir.deliver(entry, recipient)
 * }
 */
@NullMarked
package heddle.delivery;

import org.jspecify.annotations.NullMarked;
