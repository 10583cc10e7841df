/**
 * What RFC 6409 lets us mend and demand: who may send as whom, header fields.
 *
 * <p>May import: floors 0 and 1.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * if (!authority.mayUse(identity, sender)) …
 * }
 */
@NullMarked
package heddle.submission;

import org.jspecify.annotations.NullMarked;
