/**
 * Runs the site's say: compiles, loads and reloads hooks, gives each call its time, and goes on
 * without those that are broken.
 *
 * <p>May import: floors 0 and 1.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * return generation.auth("CramMd5", attempt);
 * }
 */
@NullMarked
package heddle.scripting;

import org.jspecify.annotations.NullMarked;
