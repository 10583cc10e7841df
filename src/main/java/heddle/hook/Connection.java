package heddle.hook;

import heddle.mail.Id;
import heddle.peer.PeerCertificate;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import heddle.peer.UnixPeer;
import heddle.sasl.Attempt;
import heddle.sasl.Identity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * One connection, as it stands at the moment of the call.
 *
 * @param id the same in every line of the log
 * @param serverId the listener's name in the configuration
 * @param remote the client's end
 * @param local our end: the address and port that the client connected to
 * @param helo empty before EHLO or HELO, and again behind STARTTLS
 * @param presence TLS, and the user behind a UNIX socket
 * @param auth who has logged in
 * @param pointer asks the name servers; see {@link #remotePtr}
 * @param attributes what hooks keep about this connection: the same map for all of them, from its
 *     beginning to its end. It survives STARTTLS, so that what was learned in clear is still there
 *     under TLS: do not trust it then. No null, neither as key nor as value
 */
public record Connection(
    Id id,
    String serverId,
    RemoteAddress remote,
    RemoteAddress local,
    Optional<Helo> helo,
    Presence presence,
    Optional<Identity> auth,
    Supplier<Optional<String>> pointer,
    ConcurrentMap<String, Object> attributes) {

  /** As an AUTH command sees it. */
  public static Connection of(Attempt attempt) {
    return new Connection(
        attempt.connection(),
        attempt.listener(),
        attempt.client(),
        attempt.server(),
        attempt.hello().map(name -> new Helo(attempt.scene().extended() ? "EHLO" : "HELO", name)),
        attempt.presence(),
        Optional.empty(),
        attempt.scene().pointer(),
        attempt.scene().attributes());
  }

  /** The client's name by the name servers, forward-confirmed; asked now, which may take time. */
  public Optional<String> remotePtr() {
    return pointer.get();
  }

  /** Empty in clear. */
  public Optional<TlsInfo> tls() {
    return presence.tls();
  }

  /** Who is behind a UNIX socket. */
  public Optional<UnixPeer> unixPeer() {
    return presence.unix();
  }

  /** The client's certificate, if it has shown one: {@code peer().get().fingerprint(SHA256)}. */
  public Optional<PeerCertificate> peer() {
    return tls().flatMap(TlsInfo::peer);
  }

  /**
   * The same under the names of Halon's {@code $connection}: numbers, texts and maps; of the
   * certificate {@code x509} is an X509Certificate. What is not available is not in it.
   */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", id.value());
    map.put("remoteip", remote.ip());
    map.put("remoteport", (long) remote.port());
    remotePtr().ifPresent(name -> map.put("remoteptr", name));
    unixPeer()
        .filter(unix -> unix.uid().isPresent())
        .ifPresent(unix -> map.put("remoteuid", unix.uid().getAsLong()));
    map.put("localip", local.ip());
    map.put("localport", (long) local.port());
    map.put("serverid", serverId);
    helo.ifPresent(h -> map.put("helo", Map.of("verb", h.verb(), "host", h.host())));
    tls().ifPresent(t -> map.put("tls", tls(t)));
    auth.ifPresent(
        who -> map.put("auth", Map.of("mechanism", who.mechanism(), "username", who.authn())));
    return Collections.unmodifiableMap(map);
  }

  private static Map<String, Object> tls(TlsInfo tls) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("protocol", tls.protocol());
    map.put("cipher", tls.opensslCipher());
    map.put("keysize", (long) tls.keySize());
    tls.sni().ifPresent(name -> map.put("sni", name));
    tls.peer()
        .ifPresent(
            p -> map.put("peercert", Map.of("x509", p.x509(), "error", (long) p.verifyCode())));
    return Collections.unmodifiableMap(map);
  }
}
