package heddle.remote;

import heddle.mail.Id;
import heddle.peer.RemoteAddress;
import java.util.Optional;

/**
 * Who wants to log in, for servers that want to know.
 *
 * @param connection our name for the connection
 * @param listener at which the client called
 * @param client its address
 * @param server ours, as the client called it
 * @param secured whether nobody could listen in between it and us
 * @param hello what the client called itself
 * @param mechanism by which it logs in, upper case
 */
public record Caller(
    Id connection,
    String listener,
    RemoteAddress client,
    RemoteAddress server,
    boolean secured,
    Optional<String> hello,
    String mechanism) {}
