package heddle.session;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import heddle.app.TestHome;
import heddle.event.Event;
import heddle.session.Exchange.Shown;
import heddle.talks.TestServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A server with every mechanism, a hook, an issuer of tokens and the houses of {@link Exchange}.
 */
final class Site implements AutoCloseable {
  private static final String HOOK =
      """
      import static heddle.hook.Decisions.*;

      import heddle.hook.*;

      public class Site implements AuthHook {
        public Decision auth(AuthAttempt attempt) {
          if (attempt.connection().helo().get().host().startsWith("hook-broken")) {
            throw new IllegalStateException("broken");
          }
          if (!attempt.mechanism().equals("X-SITE")) {
            return verify();
          }
          Object calls = attempt.attributes().merge("calls", 1, (a, b) -> (int) a + (int) b);
          return switch (attempt.text()) {
            case "accept" -> accept("anna@example.org");
            case "accept bob" -> accept("bob@example.org");
            case "accept nobody" -> accept();
            case "last" -> accept("anna@example.org").last(heddle.mail.Octets.ofUtf8("v=x"));
            case "reject" -> reject();
            case "null" -> null;
            case "reject 534" -> reject("No", "never").codes(534, "5.7.9");
            case "reject bye" -> reject().disconnect();
            case "defer" -> defer();
            case "defer 432" -> defer("Later").codes(432, "4.7.12");
            case "defer bye" -> defer().disconnect();
            case "throw" -> throw new IllegalStateException("thrown");
            case "overflow" -> throw new StackOverflowError();
            case "verify" -> verify();
            case "hang up" -> reply("so long").disconnect();
            default ->
                reply(
                    attempt.state()
                        + " "
                        + attempt.response().map(r -> "" + r.size()).orElse("none")
                        + " "
                        + calls);
          };
        }
      }
      """;

  private static final String CONFIG =
      """
      [session]
      idle-timeout = [ { if = "helo", ends-with = "hasty", then = "400ms" }, { else = "5m" } ]
      max-errors = [ { if = "helo", ends-with = "strict", then = 20 }, { else = 100000 } ]
      [session.auth]
      mechanisms = [
        { if = "helo", eq = "only-login", then = ["LOGIN"] },
        { if = "helo", eq = "only-plain", then = ["PLAIN"] },
        { if = "helo", starts-with = "hook-", then = [%s, "X-SITE"] },
        { else = [%s] } ]
      hook = [ { if = "helo", starts-with = "hook-", then = "Site" }, { else = false } ]
      require = [ { if = "helo", ends-with = "guest", then = false }, { else = true } ]
      [session.auth.errors]
      total = [ { if = "helo", ends-with = "strict", then = 3 }, { else = 100000 } ]
      wait = "1ms"
      [tls]
      client-certificate = "request"
      [token.provider]
      issuer = "%s"
      audience = "heddle"
      jwks = "https://localhost:%d/jwks"
      """;

  private final HttpsServer issuer;
  private final TestServer server;
  private final Map<Shown, SSLContext> clients = new EnumMap<>(Shown.class);

  private Site(HttpsServer issuer, TestServer server) {
    this.issuer = issuer;
    this.server = server;
  }

  static Site open() throws Exception {
    HttpsServer issuer = issuer();
    String mechanisms =
        Way.builtIn().stream().map(w -> '"' + w + '"').collect(Collectors.joining(", "));
    String config =
        CONFIG.formatted(mechanisms, mechanisms, Tokens.ISSUER, issuer.getAddress().getPort());
    SSLContext before = SSLContext.getDefault();
    Site site;
    try {
      // The server asks the issuer for its keys as the machine trusts.
      SSLContext.setDefault(context(new KeyManager[0]));
      site = new Site(issuer, TestServer.start(config, Map.of("etc/hooks/Site.java", HOOK)));
    } finally {
      SSLContext.setDefault(before);
    }
    var annas = Paper.of("anna");
    TestHome.ask(
        site.server.heddle(), "key.add", Map.of("address", Words.ANNA, "proof", annas.proof()));
    site.clients.put(Shown.NONE, context(new KeyManager[0]));
    site.clients.put(Shown.ANNAS, context(annas.managers()));
    site.clients.put(Shown.STRANGERS, context(Paper.of("stranger").managers()));
    return site;
  }

  private static HttpsServer issuer() throws Exception {
    SSLContext context = context(Paper.of("localhost").managers());
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/jwks",
        exchange -> {
          byte[] body = Tokens.keySet().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  /** Conversations that ended by a mistake of the server's own. */
  long mistakes() {
    return server.events().stream()
        .filter(e -> e instanceof Event.Disconnected gone && gone.why().equals("our-mistake"))
        .count();
  }

  /** The server's own door. */
  Conversation.Door door() {
    return shown -> new Wire(clients.get(shown), server.port("submissions"));
  }

  /** A door of the same house behind which AUTH is another. */
  SideDoor door(Logins logins) throws IOException {
    return new SideDoor(this, logins);
  }

  /** Conversations of the same server, with another AUTH. */
  static final class SideDoor implements Conversation.Door, AutoCloseable {
    private final Site site;
    private final ServerSocket ear = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    private final Set<Session> present = ConcurrentHashMap.newKeySet();

    SideDoor(Site site, Logins logins) throws IOException {
      this.site = site;
      Surroundings around = TestHome.surroundings(site.server.heddle());
      Thread.ofVirtual().start(() -> accept(around, logins));
      Thread.ofPlatform().daemon().start(this::watch);
    }

    private void accept(Surroundings around, Logins logins) {
      while (!ear.isClosed()) {
        try {
          Socket socket = ear.accept();
          Thread.ofVirtual().start(() -> converse(socket, around, logins));
        } catch (IOException closed) {
          return;
        }
      }
    }

    private void converse(Socket socket, Surroundings around, Logins logins) {
      try (socket;
          var transport = new Transport(socket, Ends.of(socket))) {
        var session = new Session(transport, around, "submissions", Beginning.TLS, logins);
        present.add(session);
        session.run();
        present.remove(session);
      } catch (IOException gone) {
        // Then it is over.
      }
    }

    private void watch() {
      while (!ear.isClosed()) {
        present.forEach(Session::keepTime);
        try {
          Thread.sleep(100);
        } catch (InterruptedException over) {
          return;
        }
      }
    }

    @Override
    public Wire enter(Shown shown) throws IOException {
      return new Wire(site.clients.get(shown), ear.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      ear.close();
      present.forEach(Session::cut);
    }
  }

  @Override
  public void close() {
    server.close();
    issuer.stop(0);
  }

  private static SSLContext context(KeyManager[] keys) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new TrustAll()}, new SecureRandom());
    return context;
  }

  /** A certificate that nobody has signed but its own key. */
  private record Paper(X509Certificate certificate, KeyPair keys) {
    static Paper of(String name) throws Exception {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      var subject = new X500Name("CN=" + name);
      Instant now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              subject,
              BigInteger.ONE,
              Date.from(now.minus(Duration.ofDays(1))),
              Date.from(now.plus(Duration.ofDays(10))),
              subject,
              keys.getPublic());
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
      return new Paper(
          new JcaX509CertificateConverter().getCertificate(builder.build(signer)), keys);
    }

    String proof() throws Exception {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return "sha256:" + HexFormat.of().formatHex(digest);
    }

    KeyManager[] managers() throws Exception {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "k", keys.getPrivate(), "x".toCharArray(), new X509Certificate[] {certificate});
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, "x".toCharArray());
      return factory.getKeyManagers();
    }
  }

  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
