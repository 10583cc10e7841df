package heddle.store;

import java.time.Instant;

/**
 * A credential's last success.
 *
 * @param ip the client's address in digits
 * @param mechanism upper case
 * @param client what the client called itself
 */
public record Use(Instant at, String ip, String mechanism, String client) {}
