package heddle.dial;

import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * TLS for libraries that open their own connections: the same judgement of certificates as on our
 * own lines. Safe to share.
 */
public final class ClientTls {
  private final SSLContext context;
  private final Judge judge;

  private ClientTls(SSLContext context, Judge judge) {
    this.context = context;
    this.judge = judge;
  }

  /**
   * @param ourKey our own certificate, for a server that asks for one
   * @throws IllegalArgumentException if the site's authorities cannot be used
   */
  public static ClientTls of(Trust trust, Optional<X509ExtendedKeyManager> ourKey) {
    try {
      Judge judge = Judge.of(trust);
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] ours = ourKey.map(k -> new KeyManager[] {k}).orElse(new KeyManager[0]);
      context.init(ours, new TrustManager[] {judge}, null);
      return new ClientTls(context, judge);
    } catch (Broken | GeneralSecurityException unusable) {
      throw new IllegalArgumentException("the site's authorities cannot be used", unusable);
    }
  }

  public SSLContext context() {
    return context;
  }

  /**
   * What each connection is to have: versions, and a certificate that names the host if need be.
   */
  public SSLParameters parameters() {
    var parameters = new SSLParameters();
    // RFC 8997 §3: "TLS 1.1 and TLS 1.0 MUST NOT be used".
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    if (judge.namesTheHost()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    return parameters;
  }

  /**
   * For connections that are there already: what it layers has these {@link #parameters}, and the
   * certificate must name this host, whatever the library calls it.
   */
  public SSLSocketFactory layering(String host) {
    return new Layering(this, host);
  }

  /** Why the last certificate was refused; empty where none was. */
  public Optional<String> refused() {
    return judge.refused();
  }
}
