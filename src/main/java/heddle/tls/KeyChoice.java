package heddle.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
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

  private @Nullable String choose(String keyType, Optional<String> asked) {
    String alias = asked.map(this::aliasFor).orElse(STANDARD);
    // Null: not with this kind of signature; the JDK asks again for the next kind.
    return under(alias).key().getAlgorithm().equals(keyType) ? alias : null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return choose(keyType, socket instanceof SSLSocket tls ? AskedName.on(tls) : Optional.empty());
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
