package heddle.sasl;

import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.peer.PeerCertificate;
import heddle.peer.UnixPeer;
import java.util.Optional;

/** What a mechanism heard and a directory can prove. */
public sealed interface Claim {
  /**
   * A name and a password, of PLAIN or LOGIN.
   *
   * @param authz the identity to act as; equal to {@code authn} where the client named none
   * @param authn the login name as given
   */
  record Password(String authz, String authn, Secret password) implements Claim {}

  /**
   * A proof of SCRAM (RFC 5802 §3). Whoever accepts it gives the server's signature as last words.
   *
   * @param binding what it is bound to, of a -PLUS form: {@code tls-exporter}
   * @param message the AuthMessage, over which proof and signature are made
   * @param proof as long as the hash's output
   */
  record Scram(
      String authz,
      String authn,
      Optional<String> binding,
      ScramHash hash,
      Octets message,
      Octets proof)
      implements Claim {}

  /**
   * A digest of CRAM-MD5 (RFC 2195).
   *
   * @param challenge which was ours, and is used once
   * @param digest sixteen octets
   */
  record CramMd5(String authn, Octets challenge, Octets digest) implements Claim {}

  /** What the line itself tells (EXTERNAL). */
  sealed interface Present extends Claim {
    /** In whose name, where the client said. */
    Optional<String> authz();
  }

  /** The certificate that the client has shown, and with it the judgement of it. */
  record Certificate(Optional<String> authz, PeerCertificate certificate) implements Present {}

  /** A user of this machine, at the other end of a UNIX socket. */
  record UnixUser(Optional<String> authz, UnixPeer peer) implements Present {}

  /**
   * A bearer token (RFC 6750), of OAUTHBEARER or XOAUTH2.
   *
   * @param authz in whose name, where the client said; it must be whom the token is about
   */
  record Token(Optional<String> authz, Secret token) implements Claim {}
}
