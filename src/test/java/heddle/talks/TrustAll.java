package heddle.talks;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** Any certificate will do: the server of a test makes its own. */
public final class TrustAll implements X509TrustManager {
  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {}

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
