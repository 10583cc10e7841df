package heddle.tls;

import java.security.Security;
import java.util.List;

/**
 * What TLS may be spoken here: 1.2 and 1.3, only with forward secrecy and authenticated encryption.
 * The JDK reads these lists once, when its first TLS class loads.
 */
public final class TlsProperties {
  /** In the server's order of preference; AES-128 first, for it costs least and is enough. */
  static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /** secp256r1 as a key share costs the JDK more than twice X25519: never first. */
  static final List<String> GROUPS = List.of("x25519", "secp256r1", "secp384r1");

  private TlsProperties() {}

  /**
   * Sets the lists and puts our X25519 first among the providers, and before the JDK's reader of
   * certificates one that can read more. Call it first thing in {@code main}; later the lists still
   * hold for each connection, at a small cost for each. May be called again.
   */
  public static void install() {
    System.setProperty("jdk.tls.server.cipherSuites", String.join(",", SUITES));
    System.setProperty("jdk.tls.server.protocols", String.join(",", PROTOCOLS));
    System.setProperty("jdk.tls.namedGroups", String.join(",", GROUPS));
    System.setProperty("jdk.tls.server.enableSessionTicketExtension", "true");
    // A client that sends more certificates than the JDK would like (8) is judged, not cut off; the
    // size of the message bounds them.
    System.setProperty("jdk.tls.server.maxInboundCertificateChainLength", "100");
    // TLS 1.2 lets a client ask for one handshake after another on one connection; ours may not.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    if (Security.getProvider(OddCertificates.NAME) == null) {
      Security.insertProviderAt(new OddCertificates(), 1);
    }
    if (Security.getProvider(X25519Provider.NAME) == null) {
      Security.insertProviderAt(new X25519Provider(), 1);
    }
  }
}
