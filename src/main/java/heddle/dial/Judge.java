package heddle.dial;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Judges a server's certificate and keeps the reason where it is refused: of the last one, where it
 * serves several handshakes.
 */
final class Judge extends X509ExtendedTrustManager {
  private final Trust trust;
  private final @Nullable X509ExtendedTrustManager authorities;
  private volatile @Nullable String refused;

  /** The JDK's own authorities, read from the disk once. */
  private static final class JdkStore {
    static final X509ExtendedTrustManager MANAGER = make();

    private static X509ExtendedTrustManager make() {
      try {
        return manager(null);
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException("the JDK's trust store cannot be used", impossible);
      }
    }
  }

  private Judge(Trust trust, @Nullable X509ExtendedTrustManager authorities) {
    this.trust = trust;
    this.authorities = authorities;
  }

  static Judge of(Trust trust) throws Broken {
    try {
      return switch (trust) {
        case Trust.Public p -> new Judge(p, JdkStore.MANAGER);
        case Trust.Site site -> new Judge(site, manager(store(site.anchors())));
        case Trust.Pinned pinned -> new Judge(pinned, null);
        case Trust.AllowInvalid any -> new Judge(any, null);
      };
    } catch (GeneralSecurityException | IOException unusable) {
      throw new Broken(new Trouble.OurSide("the site's authorities cannot be used"));
    }
  }

  private static KeyStore store(List<X509Certificate> anchors)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < anchors.size(); i++) {
      store.setCertificateEntry("anchor-" + i, anchors.get(i));
    }
    return store;
  }

  private static X509ExtendedTrustManager manager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509ExtendedTrustManager manager) {
        return manager;
      }
    }
    throw new GeneralSecurityException("no trust manager for X.509");
  }

  /** Whether the certificate must name the host. */
  boolean namesTheHost() {
    return authorities != null;
  }

  /** Why the certificate was refused; empty where it was not, or was never seen. */
  Optional<String> refused() {
    return Optional.ofNullable(refused);
  }

  /** What the authorities have to say, by the socket or the engine of the handshake. */
  @FunctionalInterface
  private interface Asked {
    void of(X509ExtendedTrustManager authorities) throws CertificateException;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    check(chain, a -> a.checkServerTrusted(chain, kind, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    check(chain, a -> a.checkServerTrusted(chain, kind, engine));
  }

  private void check(X509Certificate[] chain, Asked asked) throws CertificateException {
    try {
      switch (trust) {
        case Trust.Public p -> byAuthorities(asked);
        case Trust.Site s -> byAuthorities(asked);
        case Trust.Pinned(var pins) -> {
          String print = fingerprint(chain[0]);
          if (pins.stream().noneMatch(pin -> plain(pin).equals(print))) {
            throw new CertificateException("its SHA-256 " + print + " is not the pinned one");
          }
        }
        case Trust.AllowInvalid any -> {}
      }
    } catch (CertificateException no) {
      refused = authorities == null ? String.valueOf(no.getMessage()) : why(no);
      throw no;
    }
  }

  private void byAuthorities(Asked asked) throws CertificateException {
    if (authorities == null) {
      throw new CertificateException("no authorities");
    }
    asked.of(authorities);
  }

  private static String why(CertificateException no) {
    for (Throwable t = no; t != null; t = t.getCause()) {
      if (t instanceof CertificateExpiredException || has(t, BasicReason.EXPIRED)) {
        return "it has expired";
      }
      if (t instanceof CertificateNotYetValidException || has(t, BasicReason.NOT_YET_VALID)) {
        return "it is not valid yet";
      }
      if (has(t, BasicReason.REVOKED)) {
        return "it is revoked";
      }
    }
    String said = String.valueOf(no.getMessage());
    if (said.startsWith("No ") && said.contains("name") || said.contains("hostname")) {
      return "it is for another host";
    }
    return said.contains("unable to find valid certification path")
            || said.contains("trustAnchors parameter must be non-empty")
        ? "its issuer is not trusted"
        : "its chain does not hold";
  }

  private static boolean has(Throwable trouble, BasicReason reason) {
    return trouble instanceof CertPathValidatorException path && path.getReason() == reason;
  }

  static String fingerprint(X509Certificate certificate) throws CertificateException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String plain(String pin) {
    return pin.replace(":", "").replace(" ", "").toLowerCase(Locale.ROOT);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    throw new CertificateException("judged by its connection only");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    throw new CertificateException("judges servers only");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("judges servers only");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    throw new CertificateException("judges servers only");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
