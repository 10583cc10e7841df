package heddle.peer;

import java.util.Optional;

/**
 * What the handshake settled.
 *
 * @param protocol {@code "TLSv1.3"} or {@code "TLSv1.2"}
 * @param cipher the IANA name of the suite
 * @param sni the name asked for, lower case
 * @param resumed whether an earlier session went on
 * @param startTls whether STARTTLS brought it about, and not the listener
 */
public record TlsInfo(
    String protocol,
    String cipher,
    Optional<String> sni,
    boolean resumed,
    boolean startTls,
    Optional<PeerCertificate> peer,
    ChannelBinding binding) {
  public TlsInfo(
      String protocol, String cipher, Optional<String> sni, boolean resumed, boolean startTls) {
    this(protocol, cipher, sni, resumed, startTls, Optional.empty(), ChannelBinding.NONE);
  }
}
