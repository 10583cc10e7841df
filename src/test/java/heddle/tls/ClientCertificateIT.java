package heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.Event;
import heddle.event.Facts;
import heddle.peer.Digest;
import heddle.peer.PeerCertificate;
import heddle.peer.TlsInfo;
import heddle.peer.VerifyCode;
import heddle.talks.TestServer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients with certificates of every kind at a whole server, and what it knows of them. */
@Tag("A28")
@Tag("A29")
class ClientCertificateIT {
  private static final List<String> VERSIONS = List.of("-tls1_3", "-tls1_2");
  private static final String KEPT_BACK = "signed with MD5";
  @TempDir static Path folder;
  private static TestServer server;
  private static ServerKeys keys;

  @BeforeAll
  static void open() throws Exception {
    TlsProperties.install();
    var anchors = new ArrayList<Object>();
    CertificateMatrix.all().stream()
        .filter(c -> c.lists().isEmpty())
        .forEach(c -> anchors.addAll(c.anchors()));
    Path file = Paper.write(folder.resolve("anchors.pem"), anchors);
    server = TestServer.start("[tls]\nclient-ca = [\"" + file + "\"]\n");
    keys =
        ServerKeys.open(
            Tools.settings(
                folder,
                Optional.of(Tools.pair(folder, "server", "server.test", Tools.EC)),
                Map.of()),
            new Tools.Ear());
  }

  @AfterAll
  static void close() {
    server.close();
  }

  /** The client's own certificate and key, and the others it shows, as options of s_client. */
  private static List<String> options(CertificateMatrix.Case one) throws Exception {
    Path own = Files.createTempFile(folder, "own", ".pem");
    Paper.write(own, List.of(one.chain().getFirst(), one.sent().getFirst().keys().getPrivate()));
    var options = new ArrayList<>(List.of("-cipher", "DEFAULT@SECLEVEL=0"));
    options.addAll(List.of("-cert", own.toString(), "-key", own.toString()));
    if (one.chain().size() > 1) {
      Path rest = Files.createTempFile(folder, "rest", ".pem");
      Paper.write(rest, one.chain().subList(1, one.chain().size()));
      options.addAll(List.of("-cert_chain", rest.toString()));
    }
    return options;
  }

  private static Event.TlsStarted connect(String listener, List<String> options) throws Exception {
    long before = handshakes().size();
    var command = new ArrayList<>(List.of("/usr/bin/openssl", "s_client", "-ign_eof", "-crlf"));
    command.addAll(List.of("-connect", "127.0.0.1:" + server.port(listener)));
    command.addAll(options);
    if (listener.equals("submission")) {
      command.addAll(List.of("-starttls", "smtp"));
    }
    var seen = Tools.run(folder, "QUIT\n", command.toArray(String[]::new));
    assertTrue(seen.text().contains("221 2.0.0"), seen.text());
    for (int i = 0; i < 500 && handshakes().size() == before; i++) {
      Thread.sleep(10);
    }
    return handshakes().getLast();
  }

  private static List<Event.TlsStarted> handshakes() {
    return server.events().stream()
        .filter(Event.TlsStarted.class::isInstance)
        .map(Event.TlsStarted.class::cast)
        .toList();
  }

  private static List<Integer> numbers(TlsInfo info) {
    return info.peer().orElseThrow().verifyErrors().stream().map(VerifyCode::number).toList();
  }

  private static List<String> with(List<String> options, String... more) {
    var all = new ArrayList<>(options);
    all.addAll(Arrays.asList(more));
    return all;
  }

  @TestFactory
  @Tag("A22")
  @Tag("A24")
  Stream<DynamicTest> A29_no_certificate_ends_a_handshake_on_465_or_by_starttls() {
    return CertificateMatrix.all().stream()
        .filter(c -> c.lists().isEmpty())
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> everywhere(c)));
  }

  private static void everywhere(CertificateMatrix.Case one) throws Exception {
    List<String> options = options(one);
    for (String version : VERSIONS) {
      for (String listener : List.of("submissions", "submission")) {
        TlsInfo info = connect(listener, with(options, version)).tls();
        if (!one.name().equals(KEPT_BACK)) {
          assertEquals(one.errors(), numbers(info), version + " " + listener);
          assertEquals(one.chain(), info.peer().orElseThrow().chain());
        }
        assertEquals(listener.equals("submission"), info.startTls());
      }
    }
  }

  /** Lists are of one case each: two of one authority would disturb each other. */
  @TestFactory
  Stream<DynamicTest> A29_nor_where_revocation_lists_are_asked() {
    return CertificateMatrix.all().stream()
        .filter(c -> c.lists().isPresent() && !c.lists().get().isEmpty())
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> withLists(c)));
  }

  private static void withLists(CertificateMatrix.Case one) throws Exception {
    Path anchors = Paper.write(Files.createTempFile(folder, "ca", ".pem"), one.anchors());
    Path lists = Paper.write(Files.createTempFile(folder, "crl", ".pem"), one.lists().get());
    var authorities =
        ClientAuthorities.open(
            new ClientAuthorities.Settings(List.of(anchors), List.of(lists)), new Tools.Ear());
    var handshake = new Handshake(keys, TlsVersion.TLS_1_2, ClientCertificate.REQUEST, authorities);
    String options = String.join(" ", options(one));
    try (var bench = new Bench(handshake)) {
      for (String version : VERSIONS) {
        var seen = bench.sClient(folder, options + " " + version);
        assertTrue(seen.text().contains("221 hello"), seen.text());
        assertEquals(one.errors(), numbers(bench.next().info()));
      }
    }
  }

  /** OpenSSL's client keeps back what we do not ask for; another may show it all the same. */
  @Test
  void A29_signed_with_MD5_and_shown_all_the_same() throws Exception {
    var one = CertificateMatrix.named(KEPT_BACK);
    Path own = Paper.write(folder.resolve("md5.pem"), one.chain());
    Path key =
        Paper.write(folder.resolve("md5.key"), List.of(one.sent().getFirst().keys().getPrivate()));
    var context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {ClientKeys.read(own, key)},
        new TrustManager[] {new RecordingTrustManager()},
        null);
    Path anchors = Paper.write(folder.resolve("md5-ca.pem"), one.anchors());
    var authorities =
        ClientAuthorities.open(
            new ClientAuthorities.Settings(List.of(anchors), List.of()), new Tools.Ear());
    var handshake = new Handshake(keys, TlsVersion.TLS_1_2, ClientCertificate.REQUEST, authorities);
    try (var bench = new Bench(handshake)) {
      for (String version : List.of("TLSv1.3", "TLSv1.2")) {
        try (var plain = new Socket(InetAddress.getLoopbackAddress(), bench.port());
            var tls = (SSLSocket) context.getSocketFactory().createSocket(plain, "x", 1, true)) {
          tls.setEnabledProtocols(new String[] {version});
          tls.getOutputStream().write("hello\r\n".getBytes(StandardCharsets.US_ASCII));
          String text = new String(tls.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
          assertEquals("220 ready\r\n221 hello\r\n", text);
        }
        assertEquals(List.of(68), numbers(bench.next().info()), version);
      }
    }
  }

  @Test
  void A29_no_certificate_is_no_peer_and_not_code_0() throws Exception {
    for (String version : VERSIONS) {
      for (String listener : List.of("submissions", "submission")) {
        Event.TlsStarted started = connect(listener, List.of(version));
        assertEquals(Optional.empty(), started.tls().peer());
        var fields = Facts.of(started).fields();
        assertTrue(!fields.containsKey("verify") && !fields.containsKey("certificate"));
      }
    }
  }

  @Test
  void A28_the_log_names_the_certificate_and_the_code() throws Exception {
    var one = CertificateMatrix.named("leaf only");
    Event.TlsStarted started = connect("submissions", options(one));
    PeerCertificate peer = started.tls().peer().orElseThrow();
    var fields = Facts.of(started).fields();
    assertEquals("21", fields.get("verify"));
    assertEquals("sha256:" + peer.fingerprint(Digest.SHA256).hex(), fields.get("certificate"));
    assertEquals("client", List.copyOf(fields.keySet()).getLast());
  }

  /** What the JDK would end a handshake for: empty names, curves, damaged extensions. */
  @ParameterizedTest
  @CsvSource({
    "-newkey ec -pkeyopt ec_paramgen_curve:secp521r1 -subj /CN=x, 18",
    "-newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1 -subj /CN=x, 18",
    "-newkey ec -pkeyopt ec_paramgen_curve:brainpoolP384r1 -subj /CN=x, 18",
    "-newkey ec -pkeyopt ec_paramgen_curve:secp256k1 -subj /CN=x, 18",
    "-newkey ec -pkeyopt ec_paramgen_curve:secp224r1 -subj /CN=x, 18",
    "-newkey ec -pkeyopt ec_paramgen_curve:prime192v1 -subj /CN=x, 66",
    "-newkey ed448 -subj /CN=x, 18",
    "-newkey rsa:4096 -subj /CN=x, 18",
    "-newkey rsa-pss -pkeyopt rsa_keygen_bits:2048 -subj /CN=x, 18",
    "-newkey rsa:2048 -subj /, 18",
    "-newkey rsa:2048 -subj /CN=x -set_serial -5, 18",
    "-newkey rsa:2048 -subj /CN=x -addext subjectAltName=DER:0102, 1",
    "'-newkey rsa:2048 -subj /CN=x -addext subjectAltName=critical,DER:0102', 1",
    "'-newkey rsa:2048 -subj /CN=x -addext subjectAltName=critical,DER:3000', 18",
  })
  void A29_odd_keys_and_damaged_certificates_end_no_handshake(String arguments, int code)
      throws Exception {
    Tools.openssl(folder, "req -x509 -nodes -days 9 -keyout odd.key -out odd.crt " + arguments);
    for (String version : VERSIONS) {
      List<String> options =
          List.of("-cert", "odd.crt", "-key", "odd.key", version, "-cipher", "DEFAULT@SECLEVEL=0");
      TlsInfo info = connect("submissions", options).tls();
      // TLS 1.3 has no signature on the other curves: a client keeps such a certificate back.
      if (info.peer().isPresent() || version.equals("-tls1_2")) {
        assertEquals(code, info.peer().orElseThrow().verifyCode(), version);
      }
    }
  }
}
