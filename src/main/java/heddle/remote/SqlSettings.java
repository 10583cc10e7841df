package heddle.remote;

import heddle.dial.Target;
import java.time.Duration;

/**
 * A database that keeps passwords.
 *
 * @param target under STARTTLS the server may refuse TLS only where a password may go in clear;
 *     IMPLICIT is known from PostgreSQL 17 on
 * @param allowPlaintext whether passwords may go to another machine without TLS
 * @param service as whom we log in there
 * @param query gives the stored password, and perhaps groups, of {@code {user}}, {@code
 *     {local-part}} and {@code {domain}}
 * @param timeout after which the server itself ends a query
 * @param kept so many connections at most are kept for the next question
 */
public record SqlSettings(
    Target target,
    boolean allowPlaintext,
    String database,
    ServiceLogin service,
    String query,
    Duration timeout,
    int kept) {}
