package heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
  @TempDir static Path folder;
  private static ServerKeys keys;
  private static Bench bench;
  private static Bench rsa;

  @BeforeAll
  static void open() throws Exception {
    TlsProperties.install();
    var ec = Tools.pair(folder, "ec", "default.test", Tools.EC);
    var other = Tools.pair(folder, "other", "mail.other.org", Tools.EC);
    var wild = Tools.pair(folder, "wild", "wild.example.net", Tools.EC);
    var rsaPair = Tools.pair(folder, "rsa", "rsa.test", "rsa:2048");
    Tools.pair(folder, "client", "somebody", Tools.EC);
    keys =
        ServerKeys.open(
            Tools.settings(
                folder, Optional.of(ec), Map.of("mail.other.org", other, "*.Example.net", wild)),
            new Tools.Ear());
    bench = new Bench(new Handshake(keys, TlsVersion.TLS_1_2, ClientCertificate.REQUEST));
    var rsaKeys =
        ServerKeys.open(Tools.settings(folder, Optional.of(rsaPair), Map.of()), new Tools.Ear());
    rsa = new Bench(new Handshake(rsaKeys, TlsVersion.TLS_1_2, ClientCertificate.NEVER));
  }

  @AfterAll
  static void close() throws Exception {
    bench.close();
    rsa.close();
  }

  @BeforeEach
  void forgetOthers() {
    bench.ended.clear();
    rsa.ended.clear();
  }

  @ParameterizedTest
  @CsvSource({
    "-tls1_3, TLSv1.3, TLS_AES_128_GCM_SHA256",
    "-tls1_2, TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "-tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305, TLSv1.2,"
        + " TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384, TLSv1.3, TLS_AES_256_GCM_SHA384"
  })
  @Tag("A22")
  @Tag("A25")
  @Tag("A26")
  @Tag("A27")
  @Tag("C9")
  void openssl_and_we_agree(String arguments, String protocol, String suite) throws Exception {
    var seen = bench.sClient(folder, arguments + " -noservername");
    assertTrue(seen.text().contains("221 hello"), seen.text());
    var info = bench.next().info();
    assertEquals(protocol, info.protocol());
    assertEquals(suite, info.cipher());
    assertTrue(seen.text().contains("Cipher is " + info.opensslCipher() + "\n"), seen.text());
    assertEquals(suite.contains("AES_128") ? 128 : 256, info.keySize());
    assertEquals(Optional.empty(), info.sni());
    assertFalse(info.resumed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void an_rsa_certificate_is_served_too(String version) throws Exception {
    assertTrue(rsa.sClient(folder, version).text().contains("221 hello"));
    assertEquals("", rsa.next().failure());
  }

  @ParameterizedTest
  @ValueSource(strings = {"X25519", "P-256", "P-384"})
  void a_client_with_one_group_only_is_served(String group) throws Exception {
    var seen = bench.sClient(folder, "-groups " + group);
    assertTrue(seen.text().contains("221 hello"), seen.text());
    assertEquals("", bench.next().failure());
  }

  @ParameterizedTest
  @CsvSource({
    "default.test, ''",
    "mail.other.org, mail.other.org",
    "mail.other.org, MAIL.Other.ORG",
    "wild.example.net, smtp.example.net",
    "default.test, a.b.example.net",
    "default.test, example.net",
    "default.test, unknown.test"
  })
  @Tag("C10")
  void the_certificate_is_chosen_by_the_name_asked_for(String subject, String name)
      throws Exception {
    for (String version : new String[] {"-tls1_3", "-tls1_2"}) {
      String sni = name.isEmpty() ? "-noservername" : "-servername " + name;
      var seen = bench.sClient(folder, version + " " + sni);
      assertTrue(seen.text().contains("subject=CN = " + subject), seen.text());
      Optional<String> noted = name.isEmpty() ? Optional.empty() : Optional.of(name);
      assertEquals(noted.map(n -> n.toLowerCase(java.util.Locale.ROOT)), bench.next().info().sni());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-tls1_3",
        "-tls1_2",
        "-tls1_2 -no_ticket",
        "-tls1_3 -servername mail.other.org",
        "-tls1_2 -servername smtp.example.net"
      })
  void a_session_is_resumed(String version) throws Exception {
    var first = bench.sClient(folder, version + " -sess_out session.pem");
    assertTrue(first.text().contains("New, TLS"), first.text());
    assertFalse(bench.next().info().resumed());
    var second = bench.sClient(folder, version + " -sess_in session.pem");
    assertTrue(second.text().contains("Reused, TLS"), second.text());
    assertTrue(bench.next().info().resumed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void the_clients_certificate_outlives_a_resumption(String version) throws Exception {
    String certificate = " -cert client.crt -key client.key";
    bench.sClient(folder, version + certificate + " -sess_out with.pem");
    assertEquals(1, bench.next().peerCertificates());
    var again = bench.sClient(folder, version + certificate + " -sess_in with.pem");
    assertTrue(again.text().contains("Reused, TLS"), again.text());
    assertEquals(1, bench.next().peerCertificates());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void a_client_with_a_certificate_nobody_knows_is_not_sent_away(String version) throws Exception {
    var seen = bench.sClient(folder, version + " -cert client.crt -key client.key");
    assertTrue(seen.text().contains("221 hello"), seen.text());
    assertEquals(1, bench.next().peerCertificates());
  }

  @Test
  void under_require_a_client_without_a_certificate_is_sent_away_and_any_certificate_will_do()
      throws Exception {
    var demanding = new Handshake(keys, TlsVersion.TLS_1_2, ClientCertificate.REQUIRE);
    try (var strict = new Bench(demanding)) {
      for (String version : new String[] {"-tls1_3", "-tls1_2"}) {
        strict.sClient(folder, version);
        assertEquals("client sent no certificate", strict.next().failure());
        strict.sClient(folder, version + " -cert client.crt -key client.key");
        assertEquals(1, strict.next().peerCertificates());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-tls1_1 -cipher DEFAULT@SECLEVEL=0, no shared protocol version",
    "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256, no shared cipher",
    "-tls1_2 -cipher AES128-GCM-SHA256, no shared cipher",
    "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256, no shared cipher",
    "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA, no shared cipher"
  })
  void weak_offers_are_refused(String arguments, String why) throws Exception {
    for (Bench each : new Bench[] {bench, rsa}) {
      var seen = each.sClient(folder, arguments);
      assertFalse(seen.text().contains("221 hello"), seen.text());
      assertEquals(why, each.next().failure());
    }
  }

  @Test
  void a_minimum_of_1_3_refuses_1_2() throws Exception {
    var modern = new Handshake(keys, TlsVersion.TLS_1_3, ClientCertificate.REQUEST);
    try (var strict = new Bench(modern)) {
      strict.sClient(folder, "-tls1_2");
      assertEquals("no shared protocol version", strict.next().failure());
      strict.sClient(folder, "-tls1_3");
      assertEquals("TLSv1.3", strict.next().info().protocol());
    }
  }

  @Test
  void a_client_that_offers_smtp_among_protocols_gets_it() throws Exception {
    for (String version : new String[] {"-tls1_3", "-tls1_2"}) {
      var seen = bench.sClient(folder, version + " -alpn imap,smtp");
      assertTrue(seen.text().contains("ALPN protocol: smtp"), seen.text());
      assertEquals("", bench.next().failure());
    }
  }

  @Test
  void a_client_that_offers_only_other_protocols_is_refused() throws Exception {
    for (String version : new String[] {"-tls1_3", "-tls1_2"}) {
      var seen = bench.sClient(folder, version + " -alpn h2,http/1.1");
      assertTrue(seen.text().contains("no application protocol"), seen.text());
      assertEquals("no shared application protocol", bench.next().failure());
    }
  }

  @Test
  void the_jdks_own_client_is_served_and_resumes() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new RecordingTrustManager()}, null);
    for (boolean resumed : new boolean[] {false, true}) {
      try (var plain = new Socket(InetAddress.getLoopbackAddress(), bench.port());
          var tls =
              (SSLSocket)
                  context.getSocketFactory().createSocket(plain, "mail.other.org", 1, true)) {
        plain.setSoTimeout(10_000);
        tls.getOutputStream().write("hello\r\n".getBytes(StandardCharsets.US_ASCII));
        String text = new String(tls.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertEquals("220 ready\r\n221 hello\r\n", text);
      }
      assertEquals(resumed, bench.next().info().resumed());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EHLO client.example\r\n", "GET / HTTP/1.1\r\n\r\n", "\r\n"})
  void plain_text_ends_quickly_and_is_called_so(String text) throws Exception {
    try (var plain = new Socket(InetAddress.getLoopbackAddress(), bench.port())) {
      // Less than a record's head would make anyone wait for the rest.
      plain.getOutputStream().write((text + "more\r\n").getBytes(StandardCharsets.US_ASCII));
      var ended = bench.next();
      assertEquals("client spoke plain text", ended.failure());
      assertTrue(ended.took().toMillis() < 3_000, ended.toString());
    }
  }

  @Test
  void other_noise_is_called_by_its_names_too() throws Exception {
    try (var plain = new Socket(InetAddress.getLoopbackAddress(), bench.port())) {
      plain.getOutputStream().write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
      assertEquals("client did not speak TLS", bench.next().failure());
    }
    try (var plain = new Socket(InetAddress.getLoopbackAddress(), bench.port())) {
      plain.getOutputStream().write(new byte[] {22, 3, 1, 0, 4, 9, 9, 9, 9, 9});
      assertEquals("client broke the TLS protocol", bench.next().failure());
    }
    try (var plain = new Socket(InetAddress.getLoopbackAddress(), bench.port())) {
      plain.shutdownOutput();
      assertEquals("client hung up", bench.next().failure());
    }
    try (var plain = new Socket(InetAddress.getLoopbackAddress(), bench.port())) {
      plain.getOutputStream().write(new byte[] {22, 3, 1, 0, 4, 1});
      plain.shutdownOutput();
      assertEquals("client hung up", bench.next().failure());
    }
  }

  @Test
  void a_client_that_does_not_trust_us_is_called_by_its_alert() throws Exception {
    bench.sClient(folder, "-tls1_2 -verify_return_error -CAfile client.crt");
    String why = bench.next().failure();
    assertTrue(why.startsWith("client ended it: "), why);
  }

  @Test
  void neither_a_silent_nor_a_dripping_client_holds_the_handshake_longer() throws Exception {
    var patience = Duration.ofMillis(800);
    var handshake = new Handshake(keys, TlsVersion.TLS_1_2, ClientCertificate.REQUEST);
    try (var short_ = new Bench(handshake, patience)) {
      try (var silent = new Socket(InetAddress.getLoopbackAddress(), short_.port())) {
        var ended = short_.next();
        assertEquals("client said nothing in time", ended.failure());
        assertTrue(ended.took().toMillis() >= 750, ended.toString());
        assertTrue(ended.took().toMillis() < 5_000, ended.toString());
      }
      try (var dripping = new Socket(InetAddress.getLoopbackAddress(), short_.port())) {
        Thread drips = Thread.ofVirtual().start(() -> drip(dripping));
        var ended = short_.next();
        assertEquals("client took too long", ended.failure());
        assertTrue(ended.took().toMillis() < 5_000, ended.toString());
        drips.interrupt();
      }
    }
  }

  /** A record that announces 16 000 octets and lets one come every 100 ms. */
  private static void drip(Socket socket) {
    try {
      socket.getOutputStream().write(new byte[] {22, 3, 1, 0x3e, (byte) 0x80, 1, 0, 0x3e, 0x7c});
      for (int i = 0; i < 200; i++) {
        Thread.sleep(100);
        socket.getOutputStream().write(3);
      }
    } catch (Exception closed) {
      // what we wait for
    }
  }

  @Test
  void we_shake_hands_with_ourselves() {
    var handshake = new Handshake(keys, TlsVersion.TLS_1_2, ClientCertificate.REQUEST);
    assertEquals(5, handshake.selfHandshake(5));
    assertEquals(
        2, new Handshake(keys, TlsVersion.TLS_1_3, ClientCertificate.NEVER).selfHandshake(2));
  }
}
