/**
 * What we promised to deliver: durable before the 250.
 *
 * <p>May import: floors 0 and 1.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * draft.commit(ticket);   // returns when the record is on disk
 * }
 */
@NullMarked
package heddle.spool;

import org.jspecify.annotations.NullMarked;
