package heddle.hook;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.peer.ChannelBinding;
import heddle.peer.Digest;
import heddle.peer.TlsInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;

/**
 * One step of a login.
 *
 * @param transactionId of the message that comes next
 * @param mechanism upper case
 * @param state 0 at first, one more for each reply that was answered
 * @param response what the client said, decoded. At state 0 it is the initial response: absent,
 *     empty (the client said {@code =}) and data are three things. Never of PLAIN and LOGIN at
 *     state 0
 * @param credentials of PLAIN and LOGIN only
 */
public record AuthAttempt(
    Connection connection,
    Id transactionId,
    String mechanism,
    int state,
    Optional<Octets> response,
    Optional<Credentials> credentials) {
  /**
   * What PLAIN and LOGIN say.
   *
   * @param username as the client wrote it, never empty
   * @param authzid in whose name it wants to act; the user name where it named nobody
   * @param password never empty; wiped when the exchange is over
   */
  public record Credentials(String username, String authzid, Secret password) {}

  /** Of PLAIN and LOGIN. */
  public Optional<String> username() {
    return credentials.map(Credentials::username);
  }

  /** Of PLAIN and LOGIN: in whose name the client wants to act. */
  public Optional<String> authzid() {
    return credentials.map(Credentials::authzid);
  }

  /** Of PLAIN and LOGIN; {@link Secret#matches} compares it with a text. */
  public Optional<Secret> password() {
    return credentials.map(Credentials::password);
  }

  /** The response as text; empty where there is none. Each octet one character if not UTF-8. */
  public String text() {
    return response.map(ProxyCommand::text).orElse("");
  }

  /** Empty in clear. */
  public Optional<TlsInfo> tls() {
    return connection.tls();
  }

  /** What ties the login to this TLS connection; has no types in clear. */
  public ChannelBinding channelBinding() {
    return tls().map(TlsInfo::binding).orElse(ChannelBinding.NONE);
  }

  /** What hooks keep about this connection, the same for all of them. */
  public ConcurrentMap<String, Object> attributes() {
    return connection.attributes();
  }

  /**
   * What Halon's {@code GetTLS()} returns. {@code started} says that TLS is on, however it began;
   * {@code tls().get().startTls()} says whether the STARTTLS command brought it about.
   *
   * @param fingerprint of the certificate, under {@code peer_cert}; empty: none
   */
  public Map<String, Object> getTls(Optional<Digest> fingerprint) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("started", tls().isPresent());
    tls()
        .ifPresent(
            tls -> {
              map.put("protocol", tls.protocol());
              map.put("ciphers", tls.opensslCipher());
              map.put("keysize", (long) tls.keySize());
              tls.peer().ifPresent(peer -> map.put("peer_cert", peer.halonMap(fingerprint)));
              // SSL_get_verify_result(3): 0 where no certificate was shown, too.
              map.put("peer_cert_error", (long) tls.peer().map(p -> p.verifyCode()).orElse(0));
            });
    return Collections.unmodifiableMap(map);
  }

  /**
   * The same under Halon's names: {@code senderip}, {@code saslmechanism}, and under {@code tls}
   * what GetTLS() returns, {@code peer_cert_error} among it. What is {@code none} is not in it;
   * {@code saslpassword} is a {@link Secret}, so that printing the map tells nobody.
   */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("senderip", connection.remote().ip());
    map.put("senderport", (long) connection.remote().port());
    map.put("serverip", connection.local().ip());
    map.put("serverport", (long) connection.local().port());
    map.put("serverid", connection.serverId());
    connection.helo().ifPresent(helo -> map.put("senderhelo", helo.host()));
    map.put("tlsstarted", tls().isPresent());
    map.put("context", attributes());
    map.put("messageid", transactionId.value());
    username().ifPresent(name -> map.put("saslusername", name));
    password().ifPresent(secret -> map.put("saslpassword", secret));
    map.put("saslmechanism", mechanism);
    map.put("saslstate", (long) state);
    response.ifPresent(_ -> map.put("saslresponse", text()));
    map.put("tls", getTls(Optional.empty()));
    return Collections.unmodifiableMap(map);
  }

  /** Holds nothing that the client said. */
  @Override
  public String toString() {
    return "AuthAttempt[" + connection.id() + ", " + mechanism + ", state " + state + "]";
  }
}
