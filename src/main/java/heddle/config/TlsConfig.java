package heddle.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Our keys, and what is asked of a client's certificate. */
public record TlsConfig(
    @Doc(
            value =
                "The certificate and its chain, PEM; a relative path begins at the folder of this"
                    + " file. Default: a self-signed one, made at the first start.",
            example = "\"tls/fullchain.pem\"")
        Optional<String> certificate,
    @Doc(value = "The certificate's private key, PEM.", example = "\"tls/key.pem\"")
        Optional<String> key,
    @Doc(value = "The oldest version of TLS that is spoken.", byDefault = "\"TLSv1.2\"")
        Version minimum,
    @Doc(
            value =
                "Whether clients are asked for a certificate. Under \"request\" no certificate ever"
                    + " ends a handshake.",
            byDefault = "\"request\"")
        ClientCertificate clientCertificate,
    @Doc(
            value =
                "Files of anchors (PEM) for judging client certificates: root certificates, and"
                    + " those between that clients do not send.",
            byDefault = "[]",
            example = "[\"tls/clients-ca.pem\"]")
        List<String> clientCa,
    @Doc(
            value =
                "Files of revocation lists (PEM). With one, every certificate of a client's chain"
                    + " needs a list of the authority that issued it, and a valid one.",
            byDefault = "[]",
            example = "[\"tls/clients-crl.pem\"]")
        List<String> clientCrl,
    @Doc("A certificate for clients that ask for this name (SNI).") Map<String, Named> name) {
  /** The certificate of one name. */
  public record Named(
      @Doc(value = "As in [tls].", example = "\"tls/other.pem\"", required = true)
          Optional<String> certificate,
      @Doc(value = "As in [tls].", example = "\"tls/other-key.pem\"", required = true)
          Optional<String> key) {}

  /** A version of TLS. */
  public enum Version implements Worded {
    TLS_1_2("TLSv1.2"),
    TLS_1_3("TLSv1.3");

    private final String word;

    Version(String word) {
      this.word = word;
    }

    @Override
    public String word() {
      return word;
    }
  }

  /** Whether a client shows a certificate. */
  public enum ClientCertificate implements Worded {
    NEVER,
    REQUEST,
    REQUIRE
  }
}
