package heddle.dial;

import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Whom to call, and how.
 *
 * @param host a name, or an address in digits
 * @param ourKey our own certificate, for a server that asks for one
 */
public record Target(
    String host,
    int port,
    Security security,
    Trust trust,
    Optional<X509ExtendedKeyManager> ourKey) {
  /** A target to which we show no certificate. */
  public static Target of(String host, int port, Security security, Trust trust) {
    return new Target(host, port, security, trust, Optional.empty());
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
