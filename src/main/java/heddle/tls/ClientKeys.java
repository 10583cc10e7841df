package heddle.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** What we bring to another server: our certificate, and the authorities that we trust there. */
public final class ClientKeys {
  private ClientKeys() {}

  /** Our certificate and key, shown to whoever asks for one. */
  public static X509ExtendedKeyManager read(Path certificate, Path key) throws TlsRefused {
    byte[] chain = contents(certificate);
    return new One(
        PemPair.read(
            certificate.toString(), certificate.toString(), chain, key.toString(), contents(key)));
  }

  /** The certificates in a PEM file: one at least. */
  public static List<X509Certificate> authorities(Path file) throws TlsRefused {
    return PemPair.chain(file.toString(), contents(file));
  }

  private static byte[] contents(Path file) throws TlsRefused {
    try {
      return Files.readAllBytes(file);
    } catch (IOException trouble) {
      throw new TlsRefused(
          "The file " + file + " cannot be read.",
          "It does not exist, or the server's user may not read it.",
          "Correct the path or the rights.");
    }
  }

  /** One key, whatever is asked for. Safe to share. */
  private static final class One extends X509ExtendedKeyManager {
    private static final String ALIAS = "client";
    private final CertifiedKey key;

    One(CertifiedKey key) {
      this.key = key;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
      return List.of(keyTypes).contains(key.key().getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return key.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key.key();
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String keyType, Principal @Nullable [] issuers, Socket socket) {
      return null;
    }
  }
}
