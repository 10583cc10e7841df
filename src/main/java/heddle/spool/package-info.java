/**
 * What we promised to deliver: durable before the 250. A journal for the quick, files for the
 * stuck; the disk is asked only through {@code Disk}, and each force() has its name in {@code
 * Force}.
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
