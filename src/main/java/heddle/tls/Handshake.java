package heddle.tls;

import heddle.peer.PeerCertificate;
import heddle.peer.TlsInfo;
import heddle.wire.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The server's side of a TLS handshake. Safe to share. */
public final class Handshake {
  private static final String SMTP = "smtp";
  private final ServerKeys keys;
  private final TlsVersion minimum;
  private final ClientCertificate client;
  private final ClientAuthorities authorities;

  /** Whether the JDK's own lists are ours already; else each socket is told. */
  private final boolean narrow;

  /** Nobody vouches for clients. */
  Handshake(ServerKeys keys, TlsVersion minimum, ClientCertificate client) {
    this(keys, minimum, client, ClientAuthorities.none());
  }

  /**
   * @param authorities by whom a client's certificate is judged; their judgement ends no handshake
   */
  public Handshake(
      ServerKeys keys,
      TlsVersion minimum,
      ClientCertificate client,
      ClientAuthorities authorities) {
    this.keys = keys;
    this.minimum = minimum;
    this.client = client;
    this.authorities = authorities;
    this.narrow = minimum == TlsVersion.TLS_1_2 && isNarrow(keys.context());
  }

  /**
   * Does the handshake on a connected socket, which is ours from then on: where it fails, it is
   * closed. Octets read from the socket before are the caller's concern.
   *
   * @param plain what {@link java.net.ServerSocket#accept} gave
   * @param startTls only noted in the result
   * @param deadline for all of it, however slowly the client drips
   * @throws HandshakeFailed with words for the log
   */
  public TlsLine accept(Socket plain, boolean startTls, Deadline deadline) throws IOException {
    Future<?> curfew = Curfew.arm(plain, deadline.left().plus(Duration.ofMillis(250)));
    int first = -1;
    @Nullable GatheringSocket wire = null;
    try {
      plain.setTcpNoDelay(true);
      wire = new GatheringSocket(plain);
      wire.readBy(deadline);
      SSLContext context = keys.context();
      SSLSocket tls =
          (SSLSocket) context.getSocketFactory().createSocket(wire, (InputStream) null, true);
      var asked = new AskedName(wire);
      prepare(tls, asked);
      long began = System.currentTimeMillis();
      tls.startHandshake();
      wire.send();
      wire.readBy(null);
      TlsInfo info = info(tls.getSession(), asked, began, startTls);
      wire.forgetHello();
      return new TlsLine(plain, wire, tls, info);
    } catch (IOException | RuntimeException trouble) {
      if (wire != null) {
        first = wire.firstOctet();
        close(wire); // sends the alert
      }
      close(plain);
      throw new HandshakeFailed(Failure.words(trouble, deadline.over(), first));
    } finally {
      curfew.cancel(false);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException closedAllTheSame) {
      // The trouble before this one is the one to tell.
    }
  }

  private void prepare(SSLSocket tls, AskedName asked) {
    tls.setUseClientMode(false);
    var parameters = new SSLParameters(); // what is not named here stays as it is
    parameters.setUseCipherSuitesOrder(true);
    asked.listenOn(parameters);
    if (!narrow) {
      parameters.setCipherSuites(TlsProperties.SUITES.toArray(String[]::new));
      parameters.setProtocols(protocols());
      parameters.setNamedGroups(TlsProperties.GROUPS.toArray(String[]::new));
    }
    tls.setSSLParameters(parameters); // before the client's certificate: it resets that
    switch (client) {
      case NEVER -> tls.setWantClientAuth(false);
      case REQUEST -> tls.setWantClientAuth(true);
      case REQUIRE -> tls.setNeedClientAuth(true);
    }
    tls.setHandshakeApplicationProtocolSelector((socket, offered) -> protocol(offered));
  }

  private String[] protocols() {
    return switch (minimum) {
      case TLS_1_2 -> TlsProperties.PROTOCOLS.toArray(String[]::new);
      case TLS_1_3 -> new String[] {"TLSv1.3"};
    };
  }

  /** Whether {@link TlsProperties#install} came in time. */
  private static boolean isNarrow(SSLContext context) {
    String[] suites = context.getServerSocketFactory().getDefaultCipherSuites();
    return TlsProperties.SUITES.equals(Arrays.asList(suites));
  }

  /**
   * Asked only where the client offers protocols. A browser led here by a hostile page offers HTTP:
   * it must not get a line on which its request looks like mail (ALPACA).
   */
  private static @Nullable String protocol(List<String> offered) {
    // RFC 7301 §3.2: "In the event that the server supports no protocols that the client
    // advertises, then the server SHALL respond with a fatal "no_application_protocol" alert."
    return offered.contains(SMTP) ? SMTP : null;
  }

  private TlsInfo info(SSLSession session, AskedName asked, long began, boolean startTls) {
    // A resumed session carries the birthday of the first one.
    boolean resumed = session.getCreationTime() < began;
    return new TlsInfo(
        session.getProtocol(),
        session.getCipherSuite(),
        asked.name(),
        resumed,
        startTls,
        peer(session),
        new TlsBinding(session));
  }

  /**
   * The client's certificate, judged now: the trust manager is not called for a session that goes
   * on, and who was trusted then may have expired or been revoked since.
   */
  private Optional<PeerCertificate> peer(SSLSession session) {
    if (client == ClientCertificate.NEVER) {
      return Optional.empty();
    }
    List<X509Certificate> chain = TlsLine.peerChain(session);
    return chain.isEmpty() ? Optional.empty() : Optional.of(authorities.judge(chain));
  }

  /**
   * Shakes hands with itself over loopback, full and resumed, so that the first client does not pay
   * for loading and compiling. Call it before listening.
   *
   * @return how many went well of those asked for
   */
  public int selfHandshake(int times) {
    return new SelfHandshake(this).run(times);
  }
}
