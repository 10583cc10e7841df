package heddle.tls;

/** The least that a client must speak. */
public enum TlsVersion {
  TLS_1_2,
  TLS_1_3
}
