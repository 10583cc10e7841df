package heddle.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.peer.PeerCertificate;
import heddle.peer.VerifyCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The judgement of a client's chain; what OpenSSL says of the same is in ChainVerifierIT. */
@Tag("A29")
@Tag("C12")
class ChainVerifierTest {
  @TempDir static Path folder;

  @TestFactory
  Stream<DynamicTest> A29_each_case_has_the_errors_of_the_table() {
    return CertificateMatrix.all().stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> assertEquals(c.errors(), ours(c))));
  }

  private static List<Integer> ours(CertificateMatrix.Case one) {
    var peer =
        new PeerCertificate(
            one.chain(),
            new ChainVerifier(one.anchors(), one.lists()).judge(one.chain(), Instant.now()));
    // The last one is the number, as with OpenSSL; none is 0.
    assertEquals(one.errors().isEmpty() ? 0 : one.errors().getLast(), peer.verifyCode());
    assertEquals(one.errors().isEmpty(), peer.trusted());
    return peer.verifyErrors().stream().map(VerifyCode::number).toList();
  }

  @Test
  void A29_it_is_judged_by_the_time_given() throws Exception {
    Paper root = Paper.authority("CN=root").to(Duration.ofDays(1000)).selfSigned();
    Paper own = Paper.of("CN=anna").by(root);
    var verifier = new ChainVerifier(List.of(root.certificate()), Optional.empty());
    var chain = List.of(own.certificate());
    Instant begins = own.certificate().getNotBefore().toInstant();
    Instant ends = own.certificate().getNotAfter().toInstant();
    assertEquals(List.of(), verifier.judge(chain, begins));
    assertEquals(List.of(), verifier.judge(chain, ends.minusMillis(1)));
    assertEquals(List.of(VerifyCode.EXPIRED), verifier.judge(chain, ends));
    // The root begins in the same second as the client's.
    assertTrue(verifier.judge(chain, begins.minusMillis(1)).contains(VerifyCode.NOT_YET_VALID));
  }

  /** No TLS of today lets a client show one. */
  @Test
  void a_signature_of_112_bits_just_suffices() throws Exception {
    Paper root = Paper.authority("CN=root").key("RSA2048").selfSigned();
    Paper own = Paper.of("CN=anna").signature("SHA224withRSA").by(root);
    var verifier = new ChainVerifier(List.of(root.certificate()), Optional.empty());
    assertEquals(List.of(), verifier.judge(List.of(own.certificate()), Instant.now()));
  }

  @Test
  void a_strangers_own_rules_about_names_keep_us_busy_for_a_short_time_only() throws Exception {
    var hosts = new GeneralName[1500];
    var rules = new GeneralName[1500];
    for (int i = 0; i < hosts.length; i++) {
      hosts[i] = new GeneralName(GeneralName.dNSName, "h" + i);
      rules[i] = new GeneralName(GeneralName.dNSName, "r" + i);
    }
    Paper root = Paper.authority("CN=rules").excluded(rules).selfSigned();
    Paper own = Paper.of("CN=hosts").alternatives(hosts).by(root);
    var nobody = new ChainVerifier(List.of(), Optional.empty());
    long began = System.nanoTime();
    var errors = nobody.judge(List.of(own.certificate(), root.certificate()), Instant.now());
    assertEquals(List.of(VerifyCode.SELF_SIGNED_IN_CHAIN, VerifyCode.UNSPECIFIED), errors);
    assertTrue(System.nanoTime() - began < 2_000_000_000L);
  }

  private ClientAuthorities open(Path anchors, List<Path> lists, Tools.Ear ear) throws Exception {
    return ClientAuthorities.open(
        new ClientAuthorities.Settings(List.of(anchors), lists), ear, InstantSource.system());
  }

  @Test
  void authorities_are_read_again_when_their_files_change() throws Exception {
    Paper root = Paper.authority("CN=root").selfSigned();
    Paper own = Paper.of("CN=anna").by(root);
    var chain = List.of(own.certificate());
    Path anchors = Paper.write(folder.resolve("again.pem"), List.of(root.certificate()));
    var day = Duration.ofDays(1);
    Path lists = Paper.write(folder.resolve("again.crl"), List.of(root.takesBack(day, day)));
    var ear = new Tools.Ear();
    ClientAuthorities authorities = open(anchors, List.of(lists), ear);
    assertEquals(0, authorities.judge(chain).verifyCode());
    assertFalse(authorities.reloadIfChanged());

    Paper.write(lists, List.of(root.takesBack(day, day, own.certificate())));
    assertTrue(authorities.reloadIfChanged());
    assertEquals(23, authorities.judge(chain).verifyCode());

    Files.writeString(lists, "-----BEGIN X509 CRL-----\nhalf");
    assertFalse(authorities.reloadIfChanged());
    assertFalse(authorities.reloadIfChanged());
    assertEquals(1, ear.warnings().size(), ear.heard.toString());
    assertTrue(ear.warnings().getFirst().why().endsWith("stays in force."));
    assertEquals(23, authorities.judge(chain).verifyCode());

    Files.delete(lists);
    assertFalse(authorities.reloadIfChanged());
    assertEquals(2, ear.warnings().size(), ear.heard.toString());
    Paper.write(lists, List.of(root.takesBack(day, day)));
    Paper other = Paper.authority("CN=other").selfSigned();
    Paper.write(anchors, List.of(other.certificate()));
    assertTrue(authorities.reloadIfChanged());
    assertEquals(21, authorities.judge(chain).verifyCode());
  }

  @Test
  void files_that_cannot_be_used_are_refused_in_words() throws Exception {
    Path nothing = folder.resolve("nothing.pem");
    Path text = Files.writeString(folder.resolve("text.pem"), "no certificate");
    Paper root = Paper.authority("CN=root").selfSigned();
    Path good = Paper.write(folder.resolve("good.pem"), List.of(root.certificate()));
    Path key = Paper.write(folder.resolve("key.pem"), List.of(root.keys().getPrivate()));
    var refused = new ArrayList<String>();
    for (Path anchors : List.of(nothing, text, key, folder)) {
      refused.add(refused(anchors, List.of()));
    }
    for (Path lists : List.of(nothing, text, good)) {
      refused.add(refused(good, List.of(lists)));
    }
    assertEquals("The file " + nothing + " cannot be read. It does not exist.", refused.get(0));
    assertTrue(refused.get(1).contains("holds no certificate"), refused.toString());
    assertTrue(refused.get(2).contains("holds no certificate"), refused.toString());
    assertTrue(refused.get(3).contains("cannot be read"), refused.toString());
    assertEquals(refused.get(0), refused.get(4));
    assertTrue(refused.get(5).contains("holds no revocation list"), refused.toString());
    assertTrue(refused.get(6).contains("holds no revocation list"), refused.toString());
  }

  private String refused(Path anchors, List<Path> lists) throws Exception {
    try {
      open(anchors, lists, new Tools.Ear());
      return "";
    } catch (TlsRefused refused) {
      return refused.what() + " " + refused.why();
    }
  }

  @Test
  void what_is_odd_about_them_is_told() throws Exception {
    var day = Duration.ofDays(1);
    Paper root = Paper.authority("CN=root").selfSigned();
    Paper middle = Paper.authority("CN=middle").by(root);
    Paper old = Paper.authority("CN=old").from(day.multipliedBy(9)).to(day.negated()).selfSigned();
    Path anchors =
        Paper.write(folder.resolve("odd.pem"), List.of(middle.certificate(), old.certificate()));
    Path lists =
        Paper.write(
            folder.resolve("odd.crl"), List.of(root.takesBack(day.multipliedBy(9), day.negated())));
    var ear = new Tools.Ear();
    open(anchors, List.of(lists), ear);
    var told = ear.warnings().stream().map(w -> w.what()).toList();
    assertEquals(
        List.of(
            "The authority CN=middle in client-ca vouches for nobody.",
            "The authority CN=old in client-ca has expired.",
            "The revocation list of CN=root is too old."),
        told);
    Paper.write(anchors, List.of(middle.certificate(), root.certificate()));
    ear = new Tools.Ear();
    open(anchors, List.of(), ear);
    assertEquals(List.of(), ear.warnings());
  }

  @Test
  void A29_time_that_passes_counts_for_a_session_that_goes_on() throws Exception {
    TlsProperties.install();
    Paper root = Paper.authority("CN=root").selfSigned();
    Paper own = Paper.of("CN=anna").by(root);
    Path anchors = Paper.write(folder.resolve("time.pem"), List.of(root.certificate()));
    Path file =
        Paper.write(
            folder.resolve("anna.pem"), List.of(own.certificate(), own.keys().getPrivate()));
    var pair = Tools.pair(folder, "server", "server.test", Tools.EC);
    var keys =
        ServerKeys.open(
            Tools.settings(folder, Optional.of(pair), java.util.Map.of()), new Tools.Ear());
    var now = new AtomicReference<>(Instant.now());
    var settings = new ClientAuthorities.Settings(List.of(anchors), List.of());
    var authorities = ClientAuthorities.open(settings, new Tools.Ear(), now::get);
    var handshake = new Handshake(keys, TlsVersion.TLS_1_2, ClientCertificate.REQUEST, authorities);
    String options = " -cert " + file + " -key " + file;
    try (var bench = new Bench(handshake)) {
      for (String version : List.of("-tls1_3", "-tls1_2")) {
        now.set(Instant.now());
        Paper.write(anchors, List.of(root.certificate()));
        authorities.reloadIfChanged();
        bench.sClient(folder, version + options + " -sess_out time.sess");
        assertEquals(0, bench.next().info().peer().orElseThrow().verifyCode());

        now.set(Instant.now().plus(Duration.ofDays(365)));
        resumed(bench, version + options, 10);
        now.set(Instant.now());
        resumed(bench, version + options, 0);

        // An authority taken out between two connections.
        Paper other = Paper.authority("CN=other").selfSigned();
        Paper.write(anchors, List.of(other.certificate()));
        assertTrue(authorities.reloadIfChanged());
        resumed(bench, version + options, 21);
      }
    }
  }

  private static void resumed(Bench bench, String options, int code) throws Exception {
    // Read again each time: a ticket of TLS 1.3 may be used once more, the server keeps no count.
    var seen = bench.sClient(folder, options + " -sess_in time.sess");
    assertTrue(seen.text().contains("Reused, TLS"), seen.text());
    var info = bench.next().info();
    assertTrue(info.resumed());
    assertEquals(code, info.peer().orElseThrow().verifyCode());
    assertEquals(1, info.peer().orElseThrow().chain().size());
  }

  @Test
  void A29_garbage_in_place_of_an_extension_is_not_trusted() throws Exception {
    byte[] noSequence = "no sequence".getBytes(StandardCharsets.US_ASCII);
    Paper root = Paper.authority("CN=root").selfSigned();
    Paper own =
        Paper.of("CN=anna")
            .extension(
                org.bouncycastle.asn1.x509.Extension.authorityInfoAccess,
                false,
                new org.bouncycastle.asn1.DEROctetString(noSequence))
            .by(root);
    var verifier = new ChainVerifier(List.of(root.certificate()), Optional.empty());
    // One that matters to nobody here is passed over.
    assertEquals(List.of(), verifier.judge(List.of(own.certificate()), Instant.now()));
    own =
        Paper.of("CN=anna")
            .extension(
                org.bouncycastle.asn1.misc.MiscObjectIdentifiers.netscapeCertType,
                false,
                new org.bouncycastle.asn1.DEROctetString(noSequence))
            .by(root);
    assertEquals(
        List.of(VerifyCode.UNSPECIFIED), verifier.judge(List.of(own.certificate()), Instant.now()));
  }
}
