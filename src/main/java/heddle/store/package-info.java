/**
 * SQL state behind small interfaces: accounts and credentials. The only importer of JDBC.
 *
 * <p>May import: floors 0 and 1.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * accounts.snapshot().find(name)
 * }
 */
@NullMarked
package heddle.store;

import org.jspecify.annotations.NullMarked;
