package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import heddle.peer.ChannelBinding;
import heddle.peer.Digest;
import heddle.peer.PeerCertificate;
import heddle.peer.Presence;
import heddle.peer.TlsInfo;
import heddle.peer.UnixPeer;
import heddle.peer.VerifyCode;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.store.Credential;
import heddle.store.Material;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** EXTERNAL: what of a certificate, or of a UNIX socket, is a way in, and whose. */
class KeysTest {
  private static final String ANNA = "anna@example.org";
  @TempDir static Path folder;
  private static X509Certificate x509;

  @TempDir Path home;
  private House house;

  @BeforeAll
  static void certify() throws Exception {
    Path file = folder.resolve("anna.crt");
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/O=Example/CN=anna",
                "-addext",
                "subjectAltName=email:Anna@example.org",
                "-keyout",
                folder.resolve("anna.key").toString(),
                "-out",
                file.toString())
            .redirectErrorStream(true)
            .start();
    openssl.getInputStream().readAllBytes();
    assertEquals(0, openssl.waitFor());
    try (var in = Files.newInputStream(file)) {
      x509 = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  @BeforeEach
  void open() throws Exception {
    house = new House(home, "example.org");
    house.add(ANNA, "pencil");
    house.add("bob@example.org", "pencil");
    house.now = x509.getNotBefore().toInstant().plus(Duration.ofDays(1));
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static PeerCertificate shown(VerifyCode... errors) {
    return new PeerCertificate(List.of(x509), List.of(errors));
  }

  private void key(String account, String proof) throws Exception {
    house.accounts.addCredential(
        account,
        house.accounts.snapshot().find(account).orElseThrow().id(),
        new Credential(
            Id.draw(House.RANDOM),
            Credential.Kind.KEY,
            "laptop",
            1,
            Material.NOTHING,
            house.now,
            house.now,
            Optional.empty(),
            Optional.of(proof),
            heddle.sasl.Terms.NONE));
  }

  private String verdict(PeerCertificate certificate, String... authz) throws Exception {
    Optional<String> name = authz.length == 0 ? Optional.empty() : Optional.of(authz[0]);
    return House.verdict(
        house.directory.check(
            new Claim.Certificate(name, certificate), House.attempt("198.51.100.7")));
  }

  private boolean mayKnow(PeerCertificate certificate) {
    var tls =
        new TlsInfo(
            "TLSv1.3",
            "X",
            Optional.empty(),
            false,
            false,
            Optional.of(certificate),
            ChannelBinding.NONE);
    return house.directory.mayKnow(new Presence(Optional.of(tls), Optional.empty()));
  }

  /** Whoever vouches for it, or nobody: the pin is enough. */
  @ParameterizedTest
  @ValueSource(strings = {"sha256", "sha512", "spki-sha256", "spki-sha512"})
  void a_pin_of_the_certificate_or_of_its_key_grants_by_itself(String kind) throws Exception {
    PeerCertificate nobodys = shown(VerifyCode.SELF_SIGNED);
    assertFalse(mayKnow(nobodys));
    assertEquals("reject baduser", verdict(nobodys));
    Digest digest = Digest.named(kind.replace("spki-", "")).orElseThrow();
    boolean spki = kind.startsWith("spki-");
    String hex = (spki ? nobodys.spkiFingerprint(digest) : nobodys.fingerprint(digest)).hex();
    key(ANNA, kind + ":" + hex);
    assertTrue(mayKnow(nobodys));
    assertEquals("accept", verdict(nobodys));
    assertEquals("accept", verdict(nobodys, "ANNA@example.org"));
    assertEquals("reject notallowed", verdict(nobodys, "bob@example.org"));
    var accept =
        (Decision.Accept)
            house.directory.check(
                new Claim.Certificate(Optional.empty(), nobodys), House.attempt("198.51.100.7"));
    assertEquals(ANNA, accept.who().authz());
    assertEquals("key:laptop", accept.who().credential());
  }

  @ParameterizedTest
  @ValueSource(strings = {"md5", "sha1", "spki-md5", "spki-sha1"})
  void what_can_be_forged_is_no_pin_even_where_it_got_in(String kind) throws Exception {
    PeerCertificate shown = shown();
    Digest digest = Digest.named(kind.replace("spki-", "")).orElseThrow();
    boolean spki = kind.startsWith("spki-");
    key(
        ANNA,
        kind + ":" + (spki ? shown.spkiFingerprint(digest) : shown.fingerprint(digest)).hex());
    assertFalse(mayKnow(shown));
    assertEquals("reject baduser", verdict(shown));
  }

  @Test
  void the_dates_of_a_pinned_certificate_are_judged_all_the_same() throws Exception {
    key(ANNA, "sha256:" + shown().fingerprint(Digest.SHA256).hex());
    house.now = x509.getNotBefore().toInstant().minusSeconds(1);
    assertEquals("reject badcertificate", verdict(shown(VerifyCode.SELF_SIGNED)));
    house.now = x509.getNotAfter().toInstant();
    assertEquals("accept", verdict(shown(VerifyCode.SELF_SIGNED)));
    house.now = x509.getNotAfter().toInstant().plusSeconds(1);
    assertEquals("reject badcertificate", verdict(shown(VerifyCode.SELF_SIGNED)));
  }

  /** A name in a certificate is as good as who vouches for it. */
  @ParameterizedTest
  @ValueSource(strings = {"email:anna@example.org", "subject:CN=anna,O=Example"})
  void a_name_grants_with_verify_code_0_only(String proof) throws Exception {
    key(ANNA, proof);
    assertTrue(mayKnow(shown()));
    assertEquals("accept", verdict(shown()));
    for (VerifyCode code : VerifyCode.values()) {
      if (code != VerifyCode.OK) {
        assertFalse(mayKnow(shown(code)), code.toString());
        assertEquals("reject baduser", verdict(shown(code)), code.toString());
      }
    }
  }

  @Test
  void whose_account_is_disabled_does_not_come_in_by_a_key_either() throws Exception {
    key(ANNA, "sha256:" + shown().fingerprint(Digest.SHA256).hex());
    house.accounts.disable(ANNA, "left");
    assertEquals("reject disabled", verdict(shown()));
  }

  @Test
  void of_a_unix_socket_only_a_user_named_by_a_key_comes_in() throws Exception {
    var peer = new UnixPeer("printer", "lp", OptionalLong.of(7));
    var presence = new Presence(Optional.empty(), Optional.of(peer));
    var claim = new Claim.UnixUser(Optional.empty(), peer);
    assertFalse(house.directory.mayKnow(presence));
    assertEquals(
        "reject baduser", House.verdict(house.directory.check(claim, House.attempt("127.0.0.1"))));
    key(ANNA, "unix:printer");
    assertTrue(house.directory.mayKnow(presence));
    assertEquals("accept", House.verdict(house.directory.check(claim, House.attempt("127.0.0.1"))));
  }
}
