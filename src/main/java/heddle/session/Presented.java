package heddle.session;

import heddle.mail.Id;
import heddle.peer.RemoteAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * A conversation as others may see it.
 *
 * @param helo what the client calls itself; not to be trusted
 * @param tls the version
 * @param phase {@code arrived}, {@code greeted}, {@code ready}, {@code writing} or {@code data}
 * @param messages that were taken so far
 */
public record Presented(
    Id id,
    Instant since,
    String listener,
    RemoteAddress client,
    Optional<String> user,
    Optional<String> credential,
    Optional<String> helo,
    Optional<String> tls,
    String phase,
    int messages) {}
