package heddle.real;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;

/** An issuer of bearer tokens that publishes its keys over HTTPS. */
final class TokenIssuer implements AutoCloseable {
  private static final String PASSPHRASE = "x12345";
  private final PublicJsonWebKey key;
  private final HttpsServer server;
  private final Path trust;

  private TokenIssuer(PublicJsonWebKey key, HttpsServer server, Path trust) {
    this.key = key;
    this.server = server;
    this.trust = trust;
  }

  /**
   * @param authority who has certified {@code localhost}
   */
  static TokenIssuer open(Path folder, Authority authority) throws Exception {
    PublicJsonWebKey key = newKey();
    return new TokenIssuer(key, server(key, folder, authority), trustStore(folder, authority));
  }

  private static PublicJsonWebKey newKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var pair = generator.generateKeyPair();
    PublicJsonWebKey key = PublicJsonWebKey.Factory.newPublicJwk(pair.getPublic());
    key.setPrivateKey(pair.getPrivate());
    key.setKeyId("one");
    return key;
  }

  private static HttpsServer server(PublicJsonWebKey key, Path folder, Authority authority)
      throws Exception {
    Path store = folder.resolve("issuer.p12");
    Tools.run(
        "openssl",
        "pkcs12",
        "-export",
        "-inkey",
        authority.file("localhost", "key").toString(),
        "-in",
        authority.file("localhost", "crt").toString(),
        "-name",
        "k",
        "-passout",
        "pass:" + PASSPHRASE,
        "-out",
        store.toString());
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSPHRASE.toCharArray());
    var manager = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    manager.init(keys, PASSPHRASE.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(manager.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    String set = new JsonWebKeySet(List.of(key)).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    server.createContext(
        "/jwks",
        exchange -> {
          byte[] body = set.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Path trustStore(Path folder, Authority authority) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var in = Files.newInputStream(authority.certificate())) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    Path file = folder.resolve("trust.p12");
    try (var out = Files.newOutputStream(file)) {
      store.store(out, PASSPHRASE.toCharArray());
    }
    return file;
  }

  private String url() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  /** The tables by which a server believes it. */
  String config() {
    return """
        [token.provider]
        issuer = "%s"
        audience = "heddle"
        jwks = "%s/jwks"
        """
        .formatted(url(), url());
  }

  /** By which a server's JVM trusts its certificate. */
  Map<String, String> environment() {
    return Map.of(
        "HEDDLE_JAVA_OPTS",
        "-Djavax.net.ssl.trustStore="
            + trust
            + " -Djavax.net.ssl.trustStorePassword="
            + PASSPHRASE);
  }

  String token(int seconds) throws Exception {
    var claims = new JwtClaims();
    claims.setIssuer(url());
    claims.setAudience("heddle");
    claims.setClaim("email", ServerProcess.USER);
    claims.setExpirationTimeMinutesInTheFuture(seconds / 60.0f);
    var signature = new JsonWebSignature();
    signature.setPayload(claims.toJson());
    signature.setKey(key.getPrivateKey());
    signature.setKeyIdHeaderValue("one");
    signature.setAlgorithmHeaderValue("RS256");
    return signature.getCompactSerialization();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
