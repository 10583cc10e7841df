/**
 * Asking another server whether a login is right: one question, one verdict, one deadline.
 *
 * <p>May import: floors 0 and 1.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * Verdict verdict = asker.ask(question, deadline);
 * }
 */
@NullMarked
package heddle.remote;

import org.jspecify.annotations.NullMarked;
