package heddle.tls;

import heddle.mail.Octets;
import heddle.peer.ChannelBinding;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The channel binding of one connection, worked out when somebody asks. Safe to share. */
final class TlsBinding implements ChannelBinding {
  static final String EXPORTER = "tls-exporter";
  static final String END_POINT = "tls-server-end-point";
  private static final String LABEL = "EXPORTER-Channel-Binding"; // RFC 9266 §2
  private static final int LENGTH = 32;

  private final SSLSession session;
  private @Nullable Map<String, List<Octets>> found;

  TlsBinding(SSLSession session) {
    this.session = session;
  }

  @Override
  public Set<String> types() {
    return found().keySet();
  }

  @Override
  public List<Octets> values(String type) {
    return found().getOrDefault(type, List.of());
  }

  private synchronized Map<String, List<Octets>> found() {
    Map<String, List<Octets>> known = found;
    if (known == null) {
      known = new LinkedHashMap<>();
      List<Octets> exported = exported();
      if (!exported.isEmpty()) {
        known.put(EXPORTER, exported);
      }
      Optional<Octets> endPoint = endPoint();
      if (endPoint.isPresent()) {
        known.put(END_POINT, List.of(endPoint.get()));
      }
      found = known;
    }
    return known;
  }

  private List<Octets> exported() {
    if (!(session instanceof ExtendedSSLSession extended)) {
      return List.of();
    }
    try {
      Octets empty = Octets.of(extended.exportKeyingMaterialData(LABEL, new byte[0], LENGTH));
      if (!session.getProtocol().equals("TLSv1.2")) {
        return List.of(empty); // RFC 8446 §7.5: no context and an empty one are the same
      }
      // RFC 5705 §4 tells them apart on TLS 1.2. RFC 9266 §2 wants the empty one; many clients
      // leave it out. Neither can be had without this connection's master secret.
      Octets absent = Octets.of(extended.exportKeyingMaterialData(LABEL, null, LENGTH));
      return List.of(empty, absent);
    } catch (SSLException | RuntimeException noExtendedMasterSecret) {
      // RFC 9266 §3: without it two connections may be made to share their values.
      return List.of();
    }
  }

  /** RFC 5929 §4.1. */
  private Optional<Octets> endPoint() {
    Certificate[] ours = session.getLocalCertificates();
    if (ours == null || ours.length == 0 || !(ours[0] instanceof X509Certificate served)) {
      return Optional.empty();
    }
    // "if the certificate's signatureAlgorithm uses no hash functions or uses multiple hash
    // functions, then this channel binding type's channel bindings are undefined at this time".
    return Strength.hash(served)
        .map(hash -> hash.equals("MD5") || hash.equals("SHA-1") ? "SHA-256" : hash)
        .flatMap(hash -> digest(hash, served));
  }

  private static Optional<Octets> digest(String hash, X509Certificate served) {
    try {
      return Optional.of(Octets.of(MessageDigest.getInstance(hash).digest(served.getEncoded())));
    } catch (GeneralSecurityException unknownHash) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "TlsBinding";
  }
}
