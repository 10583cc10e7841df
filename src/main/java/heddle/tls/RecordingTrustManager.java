package heddle.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets every certificate pass, so that an unknown, expired or odd one never ends a handshake; the
 * chain stays in the TLS session ({@link TlsLine#peerChain()}) for whoever judges it. Of no use
 * where passing means trust. Safe to share.
 */
final class RecordingTrustManager extends X509ExtendedTrustManager {
  // Not one of these may throw. An *extended* manager also keeps the JDK from adding its own
  // checks.
  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {}

  /** None: a client then offers whatever certificate it has. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
