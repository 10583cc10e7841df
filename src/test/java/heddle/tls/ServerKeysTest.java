package heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerKeysTest {
  @TempDir Path folder;
  private final Tools.Ear ear = new Tools.Ear();

  @BeforeAll
  static void install() {
    TlsProperties.install();
  }

  private ServerKeys open(ServerKeys.Pair standard) throws Exception {
    return ServerKeys.open(Tools.settings(folder, Optional.of(standard), Map.of()), ear);
  }

  private TlsRefused refused(ServerKeys.Pair standard) {
    TlsRefused refused = assertThrows(TlsRefused.class, () -> open(standard));
    for (String part : List.of(refused.what(), refused.why(), refused.remedy())) {
      assertFalse(part.contains("Exception") || part.contains("java."), part);
    }
    return refused;
  }

  @ParameterizedTest
  @CsvSource({
    "ec -pkeyopt ec_paramgen_curve:P-256, ec",
    "ec -pkeyopt ec_paramgen_curve:P-384, ec",
    "rsa:2048, rsa -traditional",
    "ed25519, pkey"
  })
  void every_usual_form_of_a_key_is_read(String kind, String legacy) throws Exception {
    var pair = Tools.pair(folder, "a", "a.test", kind);
    String fingerprint = open(pair).serving().getFirst().fingerprint();
    var printed = Tools.openssl(folder, "x509 -in a.crt -noout -fingerprint -sha256").text();
    assertTrue(printed.contains(fingerprint), printed);
    // The same key as SEC1 or PKCS#1, with everything in one file.
    Tools.openssl(folder, legacy + " -in a.key -out old.key");
    Path one = folder.resolve("one.pem");
    Files.writeString(one, Files.readString(folder.resolve("old.key")));
    Files.writeString(
        one, Files.readString(pair.certificate()), java.nio.file.StandardOpenOption.APPEND);
    assertEquals(
        fingerprint, open(new ServerKeys.Pair(one, one)).serving().getFirst().fingerprint());
  }

  @Test
  void an_ec_key_with_its_parameters_before_it_is_read() throws Exception {
    Tools.openssl(folder, "ecparam -name prime256v1 -genkey -out p.key");
    assertTrue(Files.readString(folder.resolve("p.key")).contains("BEGIN EC PARAMETERS"));
    Tools.openssl(folder, "req -x509 -new -key p.key -subj /CN=p.test -out p.crt -days 3");
    open(new ServerKeys.Pair(folder.resolve("p.crt"), folder.resolve("p.key")));
    assertEquals(List.of("mail.example.org"), ear.loaded());
  }

  @Test
  void what_cannot_be_served_is_refused_in_three_sentences() throws Exception {
    var a = Tools.pair(folder, "a", "a.test", Tools.EC);
    var b = Tools.pair(folder, "b", "b.test", Tools.EC);
    assertTrue(
        refused(new ServerKeys.Pair(a.certificate(), b.key())).what().contains("does not belong"));
    assertTrue(
        refused(new ServerKeys.Pair(a.certificate(), folder.resolve("none.key")))
            .why()
            .contains("does not exist"));
    assertTrue(
        refused(new ServerKeys.Pair(a.key(), a.key())).what().contains("holds no certificate"));
    assertTrue(
        refused(new ServerKeys.Pair(a.certificate(), a.certificate()))
            .what()
            .contains("holds no private key"));
    Tools.openssl(folder, "ec -in a.key -aes128 -passout pass:secret -out locked.key");
    assertTrue(
        refused(new ServerKeys.Pair(a.certificate(), folder.resolve("locked.key")))
            .what()
            .contains("is encrypted"));
    Tools.openssl(folder, "pkcs8 -topk8 -in a.key -passout pass:secret -out locked8.key");
    assertTrue(
        refused(new ServerKeys.Pair(a.certificate(), folder.resolve("locked8.key")))
            .what()
            .contains("is encrypted"));
    var curve = Tools.pair(folder, "c", "c.test", "ec -pkeyopt ec_paramgen_curve:P-521");
    assertTrue(refused(curve).what().contains("curve"));
    assertTrue(refused(Tools.pair(folder, "d", "d.test", "rsa:1024")).what().contains("short"));
    // The chain in the wrong order.
    Path wrong = folder.resolve("wrong.crt");
    Files.writeString(wrong, Files.readString(b.certificate()) + Files.readString(a.certificate()));
    assertTrue(refused(new ServerKeys.Pair(wrong, a.key())).what().contains("wrong order"));
  }

  @Test
  void a_key_file_cut_short_anywhere_is_refused_and_never_quoted() throws Exception {
    var a = Tools.pair(folder, "a", "a.test", Tools.EC);
    String whole = Files.readString(a.key());
    Path cut = folder.resolve("cut.key");
    for (int length = 0; length < whole.length() - 2; length += 7) {
      Files.writeString(cut, whole.substring(0, length));
      TlsRefused refused = refused(new ServerKeys.Pair(a.certificate(), cut));
      assertFalse(refused.getMessage().contains(whole.lines().toList().get(1).substring(0, 12)));
    }
    Files.writeString(cut, whole);
    open(new ServerKeys.Pair(a.certificate(), cut));
  }

  @Test
  void a_key_that_others_may_read_is_complained_of() throws Exception {
    var a = Tools.pair(folder, "a", "a.test", Tools.EC);
    Files.setPosixFilePermissions(a.key(), PosixFilePermissions.fromString("rw-r-----"));
    open(a);
    assertEquals(List.of(), ear.warnings());
    Files.setPosixFilePermissions(a.key(), PosixFilePermissions.fromString("rw-r--r--"));
    open(a);
    assertTrue(ear.warnings().getFirst().remedy().contains("chmod o-rwx"), ear.heard.toString());
  }

  @Test
  void an_expired_certificate_is_served_and_complained_of() throws Exception {
    var a = Tools.pair(folder, "a", "a.test", Tools.EC);
    var later = InstantSource.fixed(Instant.now().plus(Duration.ofDays(31)));
    ServerKeys.open(Tools.settings(folder, Optional.of(a), Map.of()), ear, later);
    assertTrue(ear.warnings().getFirst().what().contains("has expired"));
  }

  @Test
  void without_a_certificate_one_is_made_kept_and_renewed_in_time() throws Exception {
    var now = new AtomicReference<>(Instant.now());
    var settings = Tools.settings(folder, Optional.empty(), Map.of());
    ServerKeys keys = ServerKeys.open(settings, ear, now::get);
    var first = keys.serving().getFirst();
    assertTrue(first.selfSigned());
    Path file = folder.resolve("var/self-signed.pem");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
    String text = Tools.openssl(folder, "x509 -noout -text -in var/self-signed.pem").text();
    for (String wanted :
        List.of(
            "CN = mail.example.org",
            "DNS:mail.example.org, DNS:localhost, IP Address:127.0.0.1,"
                + " IP Address:0:0:0:0:0:0:0:1",
            "prime256v1",
            "TLS Web Server Authentication")) {
      assertTrue(text.contains(wanted), wanted + " not in " + text);
    }
    assertEquals(
        first.fingerprint(),
        ServerKeys.open(settings, ear, now::get).serving().getFirst().fingerprint());

    now.set(first.expires().minus(Duration.ofDays(31)));
    assertFalse(keys.reloadIfChanged());
    now.set(first.expires().minus(Duration.ofDays(29)));
    assertTrue(keys.reloadIfChanged());
    assertNotEquals(first.fingerprint(), keys.serving().getFirst().fingerprint());
    assertFalse(keys.reloadIfChanged());
    assertEquals(List.of(), ear.warnings());
  }

  @Test
  void another_host_name_or_a_damaged_file_makes_another_self_signed_certificate()
      throws Exception {
    var settings = Tools.settings(folder, Optional.empty(), Map.of());
    String first = ServerKeys.open(settings, ear).serving().getFirst().fingerprint();
    var moved =
        new ServerKeys.Settings(
            "new.example.org", folder.resolve("var"), Optional.empty(), Map.of());
    String second = ServerKeys.open(moved, ear).serving().getFirst().fingerprint();
    assertNotEquals(first, second);
    Files.writeString(folder.resolve("var/self-signed.pem"), "-----BEGIN PRIVATE KEY-----\nMIG");
    assertNotEquals(second, ServerKeys.open(moved, ear).serving().getFirst().fingerprint());
  }

  @Test
  void a_broken_reload_keeps_the_old_pair_and_says_so_once() throws Exception {
    var a = Tools.pair(folder, "a", "a.test", Tools.EC);
    var b = Tools.pair(folder, "b", "b.test", Tools.EC);
    ServerKeys keys = open(a);
    String first = keys.serving().getFirst().fingerprint();
    assertFalse(keys.reloadIfChanged());

    Files.copy(b.certificate(), a.certificate(), StandardCopyOption.REPLACE_EXISTING);
    assertFalse(keys.reloadIfChanged());
    assertFalse(keys.reloadIfChanged());
    assertEquals(1, ear.warnings().size());
    assertTrue(ear.warnings().getFirst().why().contains("stays in force"));
    Files.delete(a.key());
    assertFalse(keys.reloadIfChanged());
    assertFalse(keys.reloadIfChanged());
    assertEquals(2, ear.warnings().size());
    assertEquals(first, keys.serving().getFirst().fingerprint());

    Files.copy(b.key(), a.key());
    assertTrue(keys.reloadIfChanged());
    assertNotEquals(first, keys.serving().getFirst().fingerprint());
    assertEquals(2, ear.loaded().size());
    assertEquals(2, ear.warnings().size());
  }

  @Test
  void after_a_reload_no_session_of_the_old_certificate_is_resumed() throws Exception {
    var a = Tools.pair(folder, "a", "a.test", Tools.EC);
    var b = Tools.pair(folder, "b", "b.test", Tools.EC);
    ServerKeys keys = open(a);
    try (var bench = new Bench(handshake(keys))) {
      for (String version : List.of("-tls1_3", "-tls1_2")) {
        bench.sClient(folder, version + " -sess_out " + version + ".pem");
        assertEquals("", bench.next().failure());
      }
      Files.copy(b.certificate(), a.certificate(), StandardCopyOption.REPLACE_EXISTING);
      Files.copy(b.key(), a.key(), StandardCopyOption.REPLACE_EXISTING);
      assertTrue(keys.reloadIfChanged());
      for (String version : List.of("-tls1_3", "-tls1_2")) {
        var seen = bench.sClient(folder, version + " -sess_in " + version + ".pem");
        assertTrue(seen.text().contains("New, TLS"), seen.text());
        assertTrue(seen.text().contains("CN = b.test"), seen.text());
      }
    }
  }

  private static Handshake handshake(ServerKeys keys) {
    return new Handshake(keys, TlsVersion.TLS_1_2, ClientCertificate.REQUEST);
  }

  @Test
  void reloading_under_running_handshakes_fails_none() throws Exception {
    var a = Tools.pair(folder, "a", "a.test", Tools.EC);
    var b = Tools.pair(folder, "b", "b.test", Tools.EC);
    var live = new ServerKeys.Pair(folder.resolve("live.pem"), folder.resolve("live.pem"));
    List<String> both =
        List.of(
            Files.readString(a.certificate()) + Files.readString(a.key()),
            Files.readString(b.certificate()) + Files.readString(b.key()));
    Files.writeString(live.key(), both.get(0));
    ServerKeys keys = open(live);
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, new TrustManager[] {new RecordingTrustManager()}, null);
    var served = new AtomicInteger();
    var reloads = new AtomicInteger();
    try (var bench = new Bench(handshake(keys))) {
      Thread[] clients = new Thread[4];
      for (int i = 0; i < clients.length; i++) {
        clients[i] = Thread.ofVirtual().start(() -> talk(trusting, bench.port(), served));
      }
      for (int i = 1; i <= 20; i++) {
        Files.writeString(folder.resolve("next.pem"), both.get(i % 2));
        Files.move(folder.resolve("next.pem"), live.key(), StandardCopyOption.ATOMIC_MOVE);
        if (keys.reloadIfChanged()) {
          reloads.incrementAndGet();
        }
        Thread.sleep(20);
      }
      for (Thread client : clients) {
        client.join();
      }
      assertEquals(20, reloads.get());
      assertEquals(4 * 40, served.get());
      assertTrue(bench.ended.stream().allMatch(e -> e.failure().isEmpty()), bench.ended.toString());
    }
    assertEquals(21, ear.loaded().size());
  }

  private static void talk(SSLContext context, int port, AtomicInteger served) {
    for (int i = 0; i < 40; i++) {
      try (var plain = new Socket(InetAddress.getLoopbackAddress(), port);
          var tls =
              (SSLSocket) context.getSocketFactory().createSocket(plain, "a.test", port, true)) {
        plain.setSoTimeout(10_000);
        tls.getOutputStream().write("hello\r\n".getBytes());
        if (new String(tls.getInputStream().readAllBytes()).endsWith("221 hello\r\n")) {
          served.incrementAndGet();
        }
      } catch (Exception counted) {
        // a failure is one fewer served
      }
    }
  }
}
