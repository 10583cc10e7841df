package heddle.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses our certificate by the name a client asks for (SNI): the exact name, else the wildcard
 * above it, else the standard one. Never changes: a reload makes another. Safe to share.
 */
final class KeyChoice extends X509ExtendedKeyManager {
  private static final String STANDARD = "";
  private final CertifiedKey standard;
  private final Map<String, CertifiedKey> names;

  /**
   * @param names by lower-case A-label name, or {@code *.} and a domain
   */
  KeyChoice(CertifiedKey standard, Map<String, CertifiedKey> names) {
    this.standard = standard;
    this.names = Map.copyOf(names);
  }

  /** The alias for the name asked for. */
  private String aliasFor(String name) {
    if (names.containsKey(name)) {
      return name;
    }
    int dot = name.indexOf('.');
    // RFC 9525 §6.3: a wildcard stands for exactly one label.
    String wildcard = dot < 0 ? STANDARD : "*" + name.substring(dot);
    return names.containsKey(wildcard) ? wildcard : STANDARD;
  }

  CertifiedKey under(String alias) {
    return names.getOrDefault(alias, standard);
  }

  private @Nullable String choose(String keyType, @Nullable SSLSession session) {
    String alias = sni(session).map(this::aliasFor).orElse(STANDARD);
    // Null: not with this kind of signature; the JDK asks again for the next kind.
    return under(alias).key().getAlgorithm().equals(keyType) ? alias : null;
  }

  /** The name asked for, lower case. */
  static Optional<String> sni(@Nullable SSLSession session) {
    if (session instanceof ExtendedSSLSession extended) {
      for (SNIServerName name : extended.getRequestedServerNames()) {
        if (name instanceof SNIHostName host) {
          return Optional.of(host.getAsciiName().toLowerCase(Locale.ROOT));
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return choose(keyType, socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return choose(keyType, engine.getHandshakeSession());
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return under(alias).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return under(alias).key();
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
