/**
 * Our keys and the handshake: certificates, SNI, reload, the self-signed one. With directory and
 * submission the only importer of Bouncy Castle.
 *
 * <p>May import: mail, peer, wire, event.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * TlsLine line = handshake.accept(socket, startTls, deadline);
 * }
 */
@NullMarked
package heddle.tls;

import org.jspecify.annotations.NullMarked;
