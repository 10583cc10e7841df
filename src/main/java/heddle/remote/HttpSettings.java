package heddle.remote;

import heddle.dial.Trust;
import java.net.URI;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A web service that knows who may log in.
 *
 * @param url where each question is sent; https, or http where a password may go in clear
 * @param ourKey our own certificate, for a server that asks for one
 * @param bearer the token that tells it who asks
 * @param allowPlaintext whether passwords may go to another machine without TLS
 */
public record HttpSettings(
    URI url,
    Trust trust,
    Optional<X509ExtendedKeyManager> ourKey,
    Optional<SecretSource> bearer,
    boolean allowPlaintext) {}
