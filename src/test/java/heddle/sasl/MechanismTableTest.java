package heddle.sasl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.peer.ChannelBinding;
import heddle.peer.PeerCertificate;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import heddle.peer.UnixPeer;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each mechanism is called, claims and needs; and the limits of what it takes. */
class MechanismTableTest {
  private static final RemoteAddress HERE =
      new RemoteAddress(InetAddress.ofLiteral("127.0.0.1"), 1);
  private final Mechanisms all = new Mechanisms("mail.example.org", new SecureRandom());
  private static final ChannelBinding EXPORTER =
      new ChannelBinding() {
        @Override
        public Set<String> types() {
          return Set.of("tls-exporter");
        }

        @Override
        public List<Octets> values(String type) {
          return List.of(Octets.ofUtf8("x"));
        }
      };

  private final List<Claim> claims = new ArrayList<>();
  private final List<String> passwords = new ArrayList<>();
  private final Verifier directory =
      new Verifier() {
        @Override
        public Set<Class<? extends Claim>> proves() {
          return Set.of();
        }

        @Override
        public Salt salt(String authn, ScramHash hash) {
          return new Salt(Octets.ofUtf8("salt"), 4096);
        }

        @Override
        public Decision check(Claim claim, Attempt attempt) {
          claims.add(claim);
          if (claim instanceof Claim.Password password) {
            passwords.add(password.password().use(octets -> new String(octets)));
          }
          return new Decision.Reject(Refusals.WRONG);
        }
      };

  private static TlsInfo tls(ChannelBinding binding, Optional<PeerCertificate> peer) {
    return new TlsInfo("TLSv1.3", "X", Optional.empty(), false, false, peer, binding);
  }

  /** Any will do: one of the authorities that the JDK brings. */
  private static PeerCertificate someCertificate() throws Exception {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((java.security.KeyStore) null);
    X509Certificate any =
        ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()[0];
    return new PeerCertificate(List.of(any), List.of());
  }

  private static Attempt attempt(Presence presence) {
    var id = new Id("000000000000");
    return new Attempt(
        id, id, "x", HERE, HERE, Optional.empty(), presence, Set.of(), "X", 0, Optional.empty());
  }

  @Test
  void these_are_built_in() {
    assertEquals(
        Set.of(
            "PLAIN",
            "LOGIN",
            "CRAM-MD5",
            "SCRAM-SHA-1",
            "SCRAM-SHA-1-PLUS",
            "SCRAM-SHA-256",
            "SCRAM-SHA-256-PLUS",
            "SCRAM-SHA-512",
            "SCRAM-SHA-512-PLUS",
            "EXTERNAL",
            "OAUTHBEARER",
            "XOAUTH2"),
        all.names());
    assertEquals(Optional.empty(), all.named("ANONYMOUS"));
    assertEquals(Optional.empty(), all.named("DIGEST-MD5"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // name, claim, needs TLS; suits: in clear, under TLS, TLS that can be bound, a UNIX socket
    "PLAIN, Password, true, true, true, true, true",
    "LOGIN, Password, true, true, true, true, true",
    "CRAM-MD5, CramMd5, true, true, true, true, true",
    "SCRAM-SHA-1, Scram, true, true, true, true, true",
    "SCRAM-SHA-256, Scram, true, true, true, true, true",
    "SCRAM-SHA-512, Scram, true, true, true, true, true",
    "SCRAM-SHA-1-PLUS, Scram, true, false, false, true, false",
    "SCRAM-SHA-256-PLUS, Scram, true, false, false, true, false",
    "SCRAM-SHA-512-PLUS, Scram, true, false, false, true, false",
    "EXTERNAL, Present, false, false, false, false, true",
    "OAUTHBEARER, Token, true, true, true, true, true",
    "XOAUTH2, Token, true, true, true, true, true"
  })
  void the_table(
      String name,
      String claim,
      boolean needsTls,
      boolean inClear,
      boolean underTls,
      boolean bound,
      boolean unix) {
    Mechanism mechanism = all.named(name).orElseThrow();
    assertEquals(name, mechanism.name());
    assertEquals(claim, mechanism.claim().getSimpleName());
    assertEquals(needsTls, mechanism.needsTls());
    assertEquals(inClear, mechanism.suits(Presence.NONE));
    Optional<UnixPeer> peer = Optional.of(new UnixPeer("a", "a", OptionalLong.empty()));
    Optional<TlsInfo> plain = Optional.of(tls(ChannelBinding.NONE, Optional.empty()));
    Optional<TlsInfo> exporter = Optional.of(tls(EXPORTER, Optional.empty()));
    assertEquals(underTls, mechanism.suits(new Presence(plain, Optional.empty())));
    assertEquals(bound, mechanism.suits(new Presence(exporter, Optional.empty())));
    assertEquals(unix, mechanism.suits(new Presence(Optional.empty(), peer)));
  }

  private Decision begin(String mechanism, String initial, Presence presence) throws Exception {
    return all.named(mechanism)
        .orElseThrow()
        .with(directory)
        .decide(attempt(presence).saying(Octets.ofUtf8(initial)));
  }

  private Decision begin(String mechanism, String initial) throws Exception {
    return begin(mechanism, initial, Presence.NONE);
  }

  private static int code(Decision decision) {
    return assertInstanceOf(Decision.Reject.class, decision).words().reply().code();
  }

  // ---- PLAIN and LOGIN

  /** RFC 4616 §2: 255 octets of a name are to be taken. */
  @Test
  @Tag("A11")
  void a_name_has_255_octets_and_a_password_1024() throws Exception {
    String name = "n".repeat(253) + "é";
    assertEquals(535, code(begin("PLAIN", "\0" + name + "\0" + "p".repeat(1024))));
    assertEquals(535, code(begin("PLAIN", name + "\0" + name + "\0p")));
    assertEquals(2, claims.size());
    assertEquals(501, code(begin("PLAIN", "\0n" + name + "\0p")));
    assertEquals(501, code(begin("PLAIN", "n" + name + "\0n\0p")));
    assertEquals(501, code(begin("PLAIN", "\0n\0" + "p".repeat(1025))));
    assertEquals(2, claims.size());
  }

  @Test
  void names_and_passwords_are_utf8() throws Exception {
    for (String hex : List.of("ff006100 70", "00ff0070", "006100ff", "61006100ff", "c3006100 70")) {
      byte[] octets = HexFormat.of().parseHex(hex.replace(" ", ""));
      Decision decision =
          all.named("PLAIN")
              .orElseThrow()
              .with(directory)
              .decide(attempt(Presence.NONE).saying(Octets.of(octets)));
      assertEquals(501, code(decision), hex);
    }
    assertEquals(535, code(begin("PLAIN", "\0änna\0pässword")));
    assertEquals(List.of("pässword"), passwords.stream().map(String::new).toList());
    assertEquals(1, claims.size());
  }

  @Test
  void what_plain_says_is_taken_apart_at_its_two_nuls() throws Exception {
    assertEquals(535, code(begin("PLAIN", "boss\0anna\0pw")));
    assertEquals(535, code(begin("PLAIN", "\0anna\0pw")));
    var first = (Claim.Password) claims.get(0);
    var second = (Claim.Password) claims.get(1);
    assertEquals(List.of("boss", "anna"), List.of(first.authz(), first.authn()));
    assertEquals(List.of("anna", "anna"), List.of(second.authz(), second.authn()));
    assertEquals(List.of("pw", "pw"), passwords);
  }

  /** What was handed on is wiped when the answer is known. */
  @Test
  @Tag("A12")
  void a_password_does_not_outlive_its_check() throws Exception {
    begin("PLAIN", "\0anna\0pw");
    Secret secret = ((Claim.Password) claims.getFirst()).password();
    assertFalse(secret.matches("pw"));
  }

  // ---- CRAM-MD5

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a 0123456789abcdef0123456789abcdef|535",
        "two words 0123456789abcdef0123456789abcdef|535",
        " 0123456789abcdef0123456789abcdef|501",
        "a 0123456789abcdef0123456789abcde|501",
        "a 0123456789abcdef0123456789abcdef0|501",
        "a 0123456789ABCDEF0123456789ABCDEF|501",
        "a0123456789abcdef0123456789abcdef|501"
      })
  void a_digest_of_cram_md5_is_32_digits_behind_the_last_space(String answer, int code)
      throws Exception {
    Mechanism cram = all.named("CRAM-MD5").orElseThrow();
    var asked =
        assertInstanceOf(Decision.Reply.class, cram.with(directory).decide(attempt(Presence.NONE)));
    Attempt answered = attempt(Presence.NONE).answered(Octets.ofUtf8(answer));
    assertEquals(1, answered.state());
    assertEquals(code, code(asked.then().decide(answered)));
    if (code == 535) {
      var claim = (Claim.CramMd5) claims.getFirst();
      assertEquals(answer.substring(0, answer.lastIndexOf(' ')), claim.authn());
      assertEquals(asked.prompt(), claim.challenge());
      assertArrayEquals(
          HexFormat.of().parseHex("0123456789abcdef0123456789abcdef"), claim.digest().toArray());
    }
  }

  @Test
  void no_two_challenges_are_the_same() throws Exception {
    for (String name : List.of("CRAM-MD5", "SCRAM-SHA-256")) {
      Mechanism mechanism = all.named(name).orElseThrow();
      Attempt attempt = attempt(Presence.NONE);
      Attempt first =
          name.startsWith("SCRAM") ? attempt.saying(Octets.ofUtf8("n,,n=a,r=b")) : attempt;
      var one = (Decision.Reply) mechanism.with(directory).decide(first);
      var two = (Decision.Reply) mechanism.with(directory).decide(first);
      assertNotEquals(one.prompt(), two.prompt(), name);
    }
  }

  // ---- SCRAM's grammar at its edges

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"!|true", "~|true", "512|true", "513|false", "DEL|false", "SPACE|false"})
  void a_nonce_is_printable_and_has_512_characters(String what, boolean good) throws Exception {
    String nonce =
        switch (what) {
          case "512", "513" -> "x".repeat(Integer.parseInt(what));
          case "DEL" -> "a\u007fb";
          case "SPACE" -> "a b";
          default -> what;
        };
    Decision decision =
        all.named("SCRAM-SHA-256")
            .orElseThrow()
            .with(directory)
            .decide(attempt(Presence.NONE).saying(Octets.ofUtf8("n,,n=ann,r=" + nonce)));
    assertEquals(good, decision instanceof Decision.Reply, what);
  }

  @Test
  void a_claim_of_plus_names_what_it_is_bound_to() throws Exception {
    var bound = new Presence(Optional.of(tls(EXPORTER, Optional.empty())), Optional.empty());
    Attempt attempt = attempt(bound).saying(Octets.ofUtf8("p=tls-exporter,,n=ann,r=b"));
    var first =
        (Decision.Reply)
            all.named("SCRAM-SHA-256-PLUS").orElseThrow().with(directory).decide(attempt);
    String said = first.prompt().utf8().orElseThrow();
    String nonce = said.substring(0, said.indexOf(','));
    String end =
        "c="
            + Octets.ofUtf8("p=tls-exporter,,x").base64()
            + ","
            + nonce
            + ",p="
            + Octets.of(new byte[32]).base64();
    assertEquals(535, code(first.then().decide(attempt.answered(Octets.ofUtf8(end)))));
    assertEquals(Optional.of("tls-exporter"), ((Claim.Scram) claims.getFirst()).binding());
  }

  // ---- EXTERNAL and tokens

  @Test
  void external_goes_by_the_certificate_before_the_user_of_the_socket() throws Exception {
    PeerCertificate certificate = someCertificate();
    Optional<UnixPeer> unix = Optional.of(new UnixPeer("a", "a", OptionalLong.of(7)));
    var both = new Presence(Optional.of(tls(ChannelBinding.NONE, Optional.of(certificate))), unix);
    assertTrue(all.named("EXTERNAL").orElseThrow().suits(both));
    assertEquals(both.tls(), attempt(both).tls());
    assertEquals(535, code(begin("EXTERNAL", "boss", both)));
    assertEquals(535, code(begin("EXTERNAL", "", new Presence(Optional.empty(), unix))));
    assertEquals(535, code(begin("EXTERNAL", "x", Presence.NONE)));
    assertEquals(501, code(begin("EXTERNAL", "a\0b", both)));
    assertEquals(
        List.of(
            new Claim.Certificate(Optional.of("boss"), certificate),
            new Claim.UnixUser(Optional.empty(), unix.get())),
        claims);
  }

  @ParameterizedTest
  @ValueSource(strings = {"OAUTHBEARER", "XOAUTH2"})
  void a_message_that_begins_with_its_separator_is_none(String mechanism) throws Exception {
    assertEquals(501, code(begin(mechanism, "\u0001auth=Bearer abc\u0001\u0001")));
    assertEquals(List.of(), claims);
  }

  @Test
  void nothing_is_offered_by_what_the_line_tells_unless_somebody_could_know_it() {
    assertFalse(directory.mayKnow(Presence.NONE));
  }

  @Test
  void a_scene_of_which_nothing_is_known_is_empty() {
    Scene bare = attempt(Presence.NONE).scene();
    assertTrue(bare.extended());
    assertEquals(Optional.empty(), bare.pointer().get());
    assertEquals(0, bare.attributes().size());
  }
}
