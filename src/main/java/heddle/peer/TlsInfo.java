package heddle.peer;

import java.util.Optional;

/**
 * What the handshake settled. That there is one says that TLS is spoken.
 *
 * @param protocol {@code "TLSv1.3"} or {@code "TLSv1.2"}
 * @param cipher the IANA name of the suite
 * @param sni the name asked for, lower case
 * @param resumed whether an earlier session went on
 * @param startTls whether STARTTLS brought it about, and not the listener
 * @param peer the other side's certificate, judged in this very handshake; empty where none was
 *     shown
 */
public record TlsInfo(
    String protocol,
    String cipher,
    Optional<String> sni,
    boolean resumed,
    boolean startTls,
    Optional<PeerCertificate> peer,
    ChannelBinding binding) {
  /** Without a certificate and without channel binding. */
  public TlsInfo(
      String protocol, String cipher, Optional<String> sni, boolean resumed, boolean startTls) {
    this(protocol, cipher, sni, resumed, startTls, Optional.empty(), ChannelBinding.NONE);
  }

  /** The same, with nothing in it that tells who is at the other end. */
  public TlsInfo withoutPeer() {
    return new TlsInfo(protocol, cipher, sni, resumed, startTls);
  }

  /** OpenSSL's name of the suite: {@code ECDHE-ECDSA-AES128-GCM-SHA256}. */
  public String opensslCipher() {
    return CipherNames.openssl(cipher);
  }

  /** Of the suite's cipher, in bits. */
  public int keySize() {
    return CipherNames.keySize(cipher);
  }
}
