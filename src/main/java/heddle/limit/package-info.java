/**
 * Patience: failures counted, delays, rates.
 *
 * <p>May import: floors 0 and 1, store.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * patience.failed()
 * }
 */
@NullMarked
package heddle.limit;

import org.jspecify.annotations.NullMarked;
