/**
 * An outgoing line: name, connect, TLS, one deadline, and the SMTP client on it; connections and
 * TLS for libraries that speak for themselves. What goes wrong on the way is data: {@link
 * heddle.dial.Trouble}.
 *
 * <p>May import: mail, peer, wire, tls, dns, smtp.
 *
 * <p>A line that belongs here:
 *
 * {@snippet :
 * switch (SmtpClient.open(dialer, target, manner)) { case Opened.Ready(var client) -> … }
 * }
 */
@NullMarked
package heddle.dial;

import org.jspecify.annotations.NullMarked;
