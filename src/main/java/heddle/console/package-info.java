/**
 * The commands a person types, one small class each.
 *
 * <p>May import: all rooms below.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * @Command(name = "list", description = "…")
 * }
 */
@NullMarked
package heddle.console;

import org.jspecify.annotations.NullMarked;
