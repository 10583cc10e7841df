package heddle.dial;

import heddle.peer.TlsInfo;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** The client's side of a TLS handshake. Used for one. */
final class ClientHandshake {
  private final Target target;
  private final Judge judge;

  ClientHandshake(Target target) throws Broken {
    this.target = target;
    this.judge = Judge.of(target.trust());
  }

  /** Does it; the caller watches the clock and closes the socket where it fails. */
  SSLSocket on(Socket plain, Deadline deadline) throws Broken {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] ours = target.ourKey().map(k -> new KeyManager[] {k}).orElse(new KeyManager[0]);
      context.init(ours, new TrustManager[] {judge}, null);
      // The name is only told and compared; nothing looks it up, for the socket is connected.
      SSLSocket tls =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, target.host(), target.port(), true);
      prepare(tls);
      tls.startHandshake();
      return tls;
    } catch (GeneralSecurityException | IOException | RuntimeException trouble) {
      throw new Broken(told(trouble, deadline));
    }
  }

  private void prepare(SSLSocket tls) {
    SSLParameters parameters = tls.getSSLParameters();
    // RFC 8997 §3: "TLS 1.1 and TLS 1.0 MUST NOT be used".
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    if (judge.namesTheHost()) {
      // RFC 6125 as the JDK knows it; the trust manager compares the names.
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    tls.setSSLParameters(parameters);
  }

  private Trouble told(Exception trouble, Deadline deadline) {
    Optional<String> refused = judge.refused();
    if (refused.isPresent()) {
      return new Trouble.CertificateRefused(refused.get());
    }
    if (deadline.over()) {
      return new Trouble.Silent(Phase.TLS);
    }
    String said = String.valueOf(trouble.getMessage());
    int alert = said.indexOf("Received fatal alert: ");
    if (alert >= 0) {
      // The alert is a word of the RFC: letters and underscores only.
      String word = said.substring(alert + 22).toLowerCase(Locale.ROOT).replaceAll("[^a-z_]", "");
      return new Trouble.TlsFailed("the other side ended it: " + word);
    }
    if (said.contains("plaintext connection")
        || said.contains("record header")
        || said.contains("unrecognized SSL message")) {
      return new Trouble.TlsFailed("the other side does not speak TLS there");
    }
    return new Trouble.TlsFailed(
        said.contains("terminated the handshake") || trouble instanceof java.net.SocketException
            ? "the other side hung up"
            : "no agreement on protocol and cipher");
  }

  static TlsInfo info(SSLSocket tls, Target target) {
    SSLSession session = tls.getSession();
    return new TlsInfo(
        session.getProtocol(),
        session.getCipherSuite(),
        Optional.of(target.host().toLowerCase(Locale.ROOT)),
        false,
        target.security() == Security.STARTTLS);
  }
}
