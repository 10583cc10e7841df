/**
 * The composition root: sees everything, wires everything, owns nothing.
 *
 * <p>May import: everything.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * new Heddle(home, config).serve();
 * }
 */
@NullMarked
package heddle.app;

import org.jspecify.annotations.NullMarked;
