/**
 * Who may log in: directories, the chain of them, the work an unknown user costs.
 *
 * <p>May import: floors 0 and 1, store, scripting.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * return new Decision.Reject(Refusals.WRONG);
 * }
 */
@NullMarked
package heddle.directory;

import org.jspecify.annotations.NullMarked;
