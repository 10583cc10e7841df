package heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Octets;
import heddle.peer.ChannelBinding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values that a client has for the same connection, by the word of {@code s_client}. */
class TlsBindingTest {
  private static final Pattern EXPORTED = Pattern.compile("Keying material: ([0-9A-F]+)");
  private static final String EXPORT =
      " -keymatexport EXPORTER-Channel-Binding -keymatexportlen 32 ";
  @TempDir static Path folder;

  @BeforeAll
  static void install() {
    TlsProperties.install();
  }

  private static ServerKeys.Pair pair(String name, Paper paper) throws Exception {
    Path certificate = Paper.write(folder.resolve(name + ".crt"), List.of(paper.certificate()));
    Path key = Paper.write(folder.resolve(name + ".key"), List.of(paper.keys().getPrivate()));
    return new ServerKeys.Pair(certificate, key);
  }

  private static Bench bench(ServerKeys.Pair standard, Map<String, ServerKeys.Pair> names)
      throws Exception {
    var keys =
        ServerKeys.open(Tools.settings(folder, Optional.of(standard), names), new Tools.Ear());
    return new Bench(new Handshake(keys, TlsVersion.TLS_1_2, ClientCertificate.REQUEST));
  }

  private static Octets exported(String text) {
    Matcher found = EXPORTED.matcher(text);
    assertTrue(found.find(), text);
    return Octets.of(HexFormat.of().parseHex(found.group(1).toLowerCase(Locale.ROOT)));
  }

  @Test
  void tls_exporter_is_what_the_client_has_for_this_connection() throws Exception {
    var standard = pair("plain", Paper.of("CN=server.test").selfSigned());
    try (var bench = bench(standard, Map.of())) {
      for (String version : List.of("-tls1_3", "-tls1_2")) {
        Octets before = Octets.EMPTY;
        for (String session : List.of("-sess_out bound.sess", "-sess_in bound.sess")) {
          var seen = bench.sClient(folder, version + EXPORT + session);
          Octets theirs = exported(seen.text());
          var info = bench.next().info();
          assertEquals(session.startsWith("-sess_in"), info.resumed());
          List<Octets> ours = info.binding().values("tls-exporter");
          assertTrue(ours.contains(theirs), version + " " + session);
          // OpenSSL's tool leaves the context out; on TLS 1.2 that is another value.
          assertEquals(version.equals("-tls1_3") ? 0 : 1, ours.indexOf(theirs));
          assertEquals(version.equals("-tls1_3") ? 1 : 2, ours.size());
          assertFalse(ours.contains(before), "the value of another connection");
          before = theirs;
          assertEquals(32, theirs.size());
        }
      }
    }
  }

  @Test
  void without_extended_master_secret_there_is_no_tls_exporter() throws Exception {
    var standard = pair("old", Paper.of("CN=server.test").selfSigned());
    try (var bench = bench(standard, Map.of())) {
      Path configuration =
          Files.writeString(
              folder.resolve("older.cnf"),
              """
              openssl_conf = all
              [all]
              ssl_conf = tls
              [tls]
              system_default = older
              [older]
              Options = -ExtendedMasterSecret
              """);
      var seen =
          Tools.run(
              folder,
              "hello\n",
              "/usr/bin/env",
              "OPENSSL_CONF=" + configuration,
              "/usr/bin/openssl",
              "s_client",
              "-ign_eof",
              "-tls1_2",
              "-connect",
              "127.0.0.1:" + bench.port());
      assertTrue(seen.text().contains("Extended master secret: no"), seen.text());
      ChannelBinding binding = bench.next().info().binding();
      assertEquals(Set.of("tls-server-end-point"), binding.types());
      assertEquals(List.of(), binding.values("tls-exporter"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EC, SHA256withECDSA, sha256",
    "EC, SHA384withECDSA, sha384",
    "EC, SHA512withECDSA, sha512",
    "EC, SHA224withECDSA, sha224",
    "EC, SHA1withECDSA, sha256",
    "RSA2048, SHA256withRSA, sha256",
    "RSA2048, MD5withRSA, sha256",
    "RSA2048, SHA1withRSA, sha256",
    "RSA2048, SHA512withRSA, sha512",
    "RSA2048, SHA384withRSAandMGF1, sha384",
  })
  void tls_server_end_point_is_the_hash_of_the_certificate_served(
      String kind, String signature, String hash) throws Exception {
    var paper = Paper.of("CN=server.test").key(kind).signature(signature).selfSigned();
    var standard = pair("served", paper);
    Tools.openssl(folder, "x509 -in served.crt -outform DER -out served.der");
    String digest = Tools.openssl(folder, "dgst -r -" + hash + " served.der").text();
    Octets expected = Octets.of(HexFormat.of().parseHex(digest.substring(0, digest.indexOf(' '))));
    try (var bench = bench(standard, Map.of())) {
      for (String version : List.of("-tls1_3", "-tls1_2")) {
        var seen = bench.sClient(folder, version + " -cipher DEFAULT@SECLEVEL=0");
        assertTrue(seen.text().contains("221 hello"), seen.text());
        assertEquals(
            List.of(expected), bench.next().info().binding().values("tls-server-end-point"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void each_name_has_the_end_point_of_its_own_certificate(String version) throws Exception {
    var one = Paper.of("CN=one.test").selfSigned();
    var two = Paper.of("CN=two.test").selfSigned();
    try (var bench = bench(pair("one", one), Map.of("two.test", pair("two", two)))) {
      bench.sClient(folder, version + " -servername two.test -sess_out two.sess");
      var second = bench.next().info().binding();
      bench.sClient(folder, version + " -servername one.test");
      var first = bench.next().info().binding();
      bench.sClient(folder, version + " -servername two.test -sess_in two.sess");
      var again = bench.next().info();
      assertTrue(again.resumed());
      assertEquals(endPoint(two), second.values("tls-server-end-point"));
      assertEquals(endPoint(one), first.values("tls-server-end-point"));
      assertEquals(endPoint(two), again.binding().values("tls-server-end-point"));
    }
  }

  private static List<Octets> endPoint(Paper paper) throws Exception {
    return List.of(
        heddle.peer.Fingerprint.of(heddle.peer.Digest.SHA256, paper.certificate().getEncoded())
            .octets());
  }

  @Test
  void a_certificate_without_a_hash_has_no_end_point() throws Exception {
    var paper = Paper.of("CN=ed.test").key("Ed25519").selfSigned();
    try (var bench = bench(pair("ed", paper), Map.of())) {
      var seen = bench.sClient(folder, "-tls1_3");
      assertTrue(seen.text().contains("221 hello"), seen.text());
      assertEquals(Set.of("tls-exporter"), bench.next().info().binding().types());
    }
  }
}
