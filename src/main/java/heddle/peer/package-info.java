/**
 * Who is on the line: addresses, networks, what TLS told us. Values on JDK types.
 *
 * <p>May import: mail.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * if (network.contains(client.address())) …
 * }
 */
@NullMarked
package heddle.peer;

import org.jspecify.annotations.NullMarked;
