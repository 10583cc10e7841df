/**
 * Bytes to lines and back: line ends, length limits, dot-stuffing, chunks, one deadline.
 *
 * <p>May import: mail.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * switch (lines.hear(limit, deadline)) { case Heard.Line line -> … }
 * }
 */
@NullMarked
package heddle.wire;

import org.jspecify.annotations.NullMarked;
