package heddle.tls;

/** Whether a client is asked for a certificate. */
public enum ClientCertificate {
  NEVER,
  /** Asked for; none, or any at all, lets the handshake finish: it is judged afterwards. */
  REQUEST,
  /** Asked for; a client without one gets no handshake. Any at all lets it finish. */
  REQUIRE
}
