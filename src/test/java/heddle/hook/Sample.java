package heddle.hook;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.peer.ChannelBinding;
import heddle.peer.PeerCertificate;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import heddle.peer.UnixPeer;
import heddle.peer.VerifyCode;
import heddle.sasl.Identity;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A connection of the seeds' own values. */
final class Sample {
  static final Id ID = new Id("18C190A393F0");
  static final Id NEXT = new Id("47D7BD000000");

  /** Self-signed, CN=anna, O=Example. */
  static final String PEM =
      """
      -----BEGIN CERTIFICATE-----
      MIIBmDCCAT+gAwIBAgIUDLrRKINLb5xEcw8QSStvA1mPT+QwCgYIKoZIzj0EAwIw
      ITEQMA4GA1UECgwHRXhhbXBsZTENMAsGA1UEAwwEYW5uYTAgFw0yNjExMjUxNDQ4
      MzFaGA8yMTI2MTEwMTE0NDgzMVowITEQMA4GA1UECgwHRXhhbXBsZTENMAsGA1UE
      AwwEYW5uYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOo6/vX4esECTjK3aQmz
      mTtyVwNN2v25JowPKl9bFRDZ5V8egIq7MingXx41pUlUUwoIjcWZI5CvulGL2qVQ
      S/WjUzBRMB0GA1UdDgQWBBTR1imCnle9wsvbSOpeG77vETmq4zAfBgNVHSMEGDAW
      gBTR1imCnle9wsvbSOpeG77vETmq4zAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49
      BAMCA0cAMEQCIHsnqKq4iNrBVqa+5oZkg6g8gQ3fThxPX5VmzjYTPeL2AiAqoxqu
      FbiEDto1ErJPYNU4xEej5/3dpC4zSe0tmS/nZg==
      -----END CERTIFICATE-----
      """;

  private Sample() {}

  static PeerCertificate certificate() {
    try {
      var x509 =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(PEM.getBytes(StandardCharsets.US_ASCII)));
      return new PeerCertificate(List.of(x509), List.of(VerifyCode.SELF_SIGNED));
    } catch (java.security.cert.CertificateException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static TlsInfo tls(Optional<PeerCertificate> peer) {
    return new TlsInfo(
        "TLSv1.2",
        "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
        Optional.of("example.com"),
        false,
        true,
        peer,
        ChannelBinding.NONE);
  }

  static Connection connection(Optional<TlsInfo> tls, Optional<Identity> who) {
    return new Connection(
        ID,
        "inbound",
        new RemoteAddress(InetAddress.ofLiteral("192.168.1.11"), 41666),
        new RemoteAddress(InetAddress.ofLiteral("10.0.0.1"), 25),
        Optional.of(new Helo("EHLO", "mail.example.com")),
        new Presence(tls, Optional.of(new UnixPeer("list", "list", OptionalLong.of(106)))),
        who,
        () -> Optional.of("mail.example.org"),
        new ConcurrentHashMap<>());
  }

  static Connection secured() {
    return connection(Optional.of(tls(Optional.of(certificate()))), Optional.empty());
  }

  static Identity who() {
    return new Identity(
        "mailuser", "mailuser", "mailuser", Optional.empty(), "password", "PLAIN", Set.of());
  }

  static AuthAttempt plain() {
    var credentials = new AuthAttempt.Credentials("mailuser", "mailuser", Secret.ofUtf8("secret"));
    return new AuthAttempt(secured(), NEXT, "PLAIN", 0, Optional.empty(), Optional.of(credentials));
  }

  static AuthAttempt custom(int state, Optional<Octets> response) {
    return new AuthAttempt(secured(), NEXT, "X-SITE", state, response, Optional.empty());
  }
}
