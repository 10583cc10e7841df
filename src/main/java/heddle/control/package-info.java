/**
 * What one may ask a running server: JSON lines over a UNIX socket, and figures over HTTP; the
 * doctor's checks, and the alarm that tells of them by ways on which no mail goes.
 *
 * <p>May import: floors 0 and 1, and event.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * answers.put("user.list", …)
 * }
 */
@NullMarked
package heddle.control;

import org.jspecify.annotations.NullMarked;
