package heddle.remote;

import heddle.dial.Papers;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A server's TLS that takes any certificate of a client and notes whose it was. */
final class TrustingContext {
  private TrustingContext() {}

  static X509ExtendedKeyManager key(Papers papers) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    X509Certificate[] chain = {papers.server(), papers.authority()};
    store.setKeyEntry("own", papers.key().getPrivate(), new char[0], chain);
    var keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    return (X509ExtendedKeyManager) keys.getKeyManagers()[0];
  }

  static SSLContext of(Papers server, List<String> shown) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    var trust =
        new X509ExtendedTrustManager() {
          private void note(X509Certificate[] chain) {
            shown.add(chain[0].getSubjectX500Principal().getName());
          }

          @Override
          public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {
            note(chain);
          }

          @Override
          public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
            note(chain);
          }

          @Override
          public void checkClientTrusted(X509Certificate[] chain, String kind) {
            note(chain);
          }

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String kind) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    context.init(new X509ExtendedKeyManager[] {key(server)}, new TrustManager[] {trust}, null);
    return context;
  }
}
