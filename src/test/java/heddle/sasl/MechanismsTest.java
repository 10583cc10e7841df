package heddle.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.peer.ChannelBinding;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import heddle.peer.UnixPeer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Grammar and order of the mechanisms, against a directory that remembers what it was asked. */
class MechanismsTest {
  private static final RemoteAddress HERE =
      new RemoteAddress(InetAddress.ofLiteral("127.0.0.1"), 1);
  private static final Identity ANN =
      new Identity("ann", "ann", "ann", Optional.of("ann"), "password", "X", Set.of());
  private static final ChannelBinding BINDING =
      new ChannelBinding() {
        @Override
        public Set<String> types() {
          return Set.of("tls-exporter");
        }

        @Override
        public List<Octets> values(String type) {
          return List.of(Octets.ofUtf8("other"), Octets.ofUtf8("this connection"));
        }
      };

  private final List<Claim> claims = new ArrayList<>();
  private Decision verdict = new Decision.Accept(ANN);

  private final Verifier directory =
      new Verifier() {
        @Override
        public Set<Class<? extends Claim>> proves() {
          return Set.of();
        }

        @Override
        public Salt salt(String authn, ScramHash hash) {
          return new Salt(Octets.ofUtf8("sixteen octets!!"), 4096);
        }

        @Override
        public Decision check(Claim claim, Attempt attempt) {
          claims.add(claim);
          return verdict;
        }
      };

  private static Presence bound() {
    return new Presence(
        Optional.of(
            new TlsInfo("TLSv1.3", "X", Optional.empty(), false, false, Optional.empty(), BINDING)),
        Optional.empty());
  }

  private static Attempt attempt(Presence presence, String... offered) {
    var id = new Id("000000000000");
    return new Attempt(
        id,
        id,
        "x",
        HERE,
        HERE,
        Optional.empty(),
        presence,
        Set.of(offered),
        "X",
        0,
        Optional.empty());
  }

  private Decision begin(Mechanism mechanism, Attempt attempt, String initial) throws Exception {
    return mechanism.with(directory).decide(attempt.saying(Octets.ofUtf8(initial)));
  }

  private static Decision answer(Decision decision, Attempt attempt, String words)
      throws Exception {
    var reply = assertInstanceOf(Decision.Reply.class, decision);
    return reply.then().decide(attempt.answered(Octets.ofUtf8(words)));
  }

  private static String prompt(Decision decision) {
    return assertInstanceOf(Decision.Reply.class, decision).prompt().utf8().orElseThrow();
  }

  private static Refusal no(Decision decision) {
    return assertInstanceOf(Decision.Reject.class, decision).words();
  }

  private static Mechanism scram(boolean plus) {
    return new Scram(ScramHash.SHA_256, plus, new Random(1));
  }

  private static String proof() {
    return Octets.of(new byte[32]).base64();
  }

  // ---- SCRAM

  @Test
  void scram_takes_two_messages_and_asks_with_what_both_have_said() throws Exception {
    Attempt attempt = attempt(Presence.NONE);
    Decision first = begin(scram(false), attempt, "n,a=boss,n=a=2Cb=3Dc,r=abc");
    String said = prompt(first);
    assertTrue(said.matches("r=abc[A-Za-z0-9+/]{24},s=c2l4dGVlbiBvY3RldHMhIQ==,i=4096"), said);
    String nonce = said.substring(2, said.indexOf(','));
    String end = "c=" + Octets.ofUtf8("n,a=boss,").base64() + ",r=" + nonce;
    assertInstanceOf(Decision.Accept.class, answer(first, attempt, end + ",p=" + proof()));
    var claim = assertInstanceOf(Claim.Scram.class, claims.getFirst());
    assertEquals("boss", claim.authz());
    assertEquals("a,b=c", claim.authn());
    assertEquals("n=a=2Cb=3Dc,r=abc," + said + "," + end, claim.message().utf8().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "n",
        "n,",
        "n,,",
        "n,,n=ann",
        "n,,n=ann,",
        "n,,n=,r=abc",
        "n,,n=a=b,r=abc",
        "n,,n=a=2c,r=abc",
        "x,,n=ann,r=abc",
        "p=tls-exporter,,n=ann,r=abc",
        "n,b=x,n=ann,r=abc",
        "n,a=,n=ann,r=abc",
        "n,,m=ext,n=ann,r=abc",
        "n,,n=ann,r=",
        "n,,n=ann,r=a\u00e4",
        "n,,r=abc,n=ann",
        "n,,n=ann,r=abc,1=x",
        "n,,n=an\u0001n,r=abc",
        "n,,n=ann,r=abc,x"
      })
  void what_is_no_first_message_of_scram_is_501(String message) throws Exception {
    Refusal no = no(begin(scram(false), attempt(Presence.NONE), message));
    assertEquals(501, no.reply().code());
    assertEquals(List.of(), claims);
  }

  @Test
  void extensions_that_need_not_be_known_are_passed_over() throws Exception {
    prompt(begin(scram(false), attempt(Presence.NONE), "n,,n=ann,r=abc,x=y,z=1"));
  }

  @Test
  void what_is_no_last_message_of_scram_never_reaches_the_directory() throws Exception {
    for (String bad :
        List.of(
            "",
            "c=biws",
            "c=biws,r=NONCE",
            "c=biws,r=NONCE,p=",
            "c=biws,r=NONCE,p=abc",
            "c=biws,r=NONCE,p=YWJj",
            "c=biws,r=NONCEx,p=PROOF",
            "c=biws,r=abc,p=PROOF",
            "c=eSws,r=NONCE,p=PROOF",
            "r=NONCE,c=biws,p=PROOF",
            "c=biws,r=NONCE,p=PROOF,x=y")) {
      Attempt attempt = attempt(Presence.NONE);
      Decision first = begin(scram(false), attempt, "n,,n=ann,r=abc");
      String nonce = prompt(first).substring(2, prompt(first).indexOf(','));
      String words = bad.replace("NONCE", nonce).replace("PROOF", proof());
      no(answer(first, attempt, words));
      assertEquals(List.of(), claims, words);
    }
  }

  @Test
  void plus_binds_the_login_to_this_connection_and_to_no_other() throws Exception {
    for (String data : List.of("this connection", "other", "a third", "")) {
      claims.clear();
      Attempt attempt = attempt(bound(), "SCRAM-SHA-256-PLUS");
      Decision first = begin(scram(true), attempt, "p=tls-exporter,,n=ann,r=abc");
      String nonce = prompt(first).substring(2, prompt(first).indexOf(','));
      String binding = Octets.ofUtf8("p=tls-exporter,," + data).base64();
      Decision last = answer(first, attempt, "c=" + binding + ",r=" + nonce + ",p=" + proof());
      boolean ours = data.equals("this connection") || data.equals("other");
      assertEquals(ours ? 1 : 0, claims.size(), data);
      if (!ours) {
        assertEquals(Refusal.Reason.NOT_BOUND, no(last).reason());
      }
    }
  }

  @Test
  void a_binding_is_not_to_be_had_where_it_is_not_known_nor_left_out_where_it_is()
      throws Exception {
    Attempt attempt = attempt(bound(), "SCRAM-SHA-256-PLUS");
    assertEquals(501, no(begin(scram(true), attempt, "n,,n=ann,r=abc")).reply().code());
    assertEquals(501, no(begin(scram(true), attempt, "p=tls-unique,,n=ann,r=abc")).reply().code());
    assertTrue(scram(true).suits(bound()));
    assertFalse(scram(true).suits(Presence.NONE));
    assertTrue(scram(false).suits(Presence.NONE));
  }

  @Test
  void a_client_that_was_kept_from_seeing_plus_is_told_no() throws Exception {
    Refusal no = no(begin(scram(false), attempt(bound(), "SCRAM-SHA-256-PLUS"), "y,,n=ann,r=abc"));
    assertEquals(Refusal.Reason.DOWNGRADED, no.reason());
    prompt(begin(scram(false), attempt(bound(), "SCRAM-SHA-256"), "y,,n=ann,r=abc"));
    prompt(begin(scram(false), attempt(bound(), "SCRAM-SHA-256-PLUS"), "n,,n=ann,r=abc"));
  }

  // ---- CRAM-MD5

  @Test
  void cram_md5_speaks_first_and_once() throws Exception {
    Mechanism cram = new CramMd5("mail.example.org", new Random(1));
    assertEquals(501, no(begin(cram, attempt(Presence.NONE), "ann x")).reply().code());
    assertEquals(501, no(begin(cram, attempt(Presence.NONE), "")).reply().code());
    Attempt attempt = attempt(Presence.NONE);
    Decision first = cram.with(directory).decide(attempt);
    assertTrue(prompt(first).matches("<[0-9a-f]{32}@mail\\.example\\.org>"), prompt(first));
    assertFalse(prompt(first).equals(prompt(cram.with(directory).decide(attempt))));
    String digest = "b913a602c7eda7a495b4e6e7334d3890";
    answer(first, attempt, "ann of example " + digest);
    var claim = assertInstanceOf(Claim.CramMd5.class, claims.getFirst());
    assertEquals("ann of example", claim.authn());
    assertEquals(prompt(first), claim.challenge().utf8().orElseThrow());
    for (String bad :
        List.of("", digest, " " + digest, "ann " + digest.toUpperCase(), "ann " + digest + "0")) {
      assertEquals(501, no(answer(first, attempt, bad)).reply().code(), bad);
    }
    assertEquals(1, claims.size());
  }

  // ---- tokens

  @Test
  void oauthbearer_reads_the_example_of_rfc_7628() throws Exception {
    String message =
        "n,a=user@example.com,\u0001host=server.example.com\u0001port=143\u0001"
            + "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u0001\u0001";
    assertInstanceOf(
        Decision.Accept.class, begin(new OAuthBearer(), attempt(Presence.NONE), message));
    var claim = assertInstanceOf(Claim.Token.class, claims.getFirst());
    assertEquals(Optional.of("user@example.com"), claim.authz());
  }

  @Test
  void a_refused_token_is_told_as_json_and_whatever_is_answered_then_is_a_no() throws Exception {
    verdict = new Decision.Reject(Refusals.BAD_TOKEN);
    String bearer = "n,,\u0001auth=Bearer abc\u0001\u0001";
    for (String last : List.of("\u0001", "", "anything")) {
      Attempt attempt = attempt(Presence.NONE);
      Decision told = begin(new OAuthBearer(), attempt, bearer);
      assertEquals("{\"status\":\"invalid_token\"}", prompt(told));
      assertEquals(535, no(answer(told, attempt, last)).reply().code());
      Decision old = begin(new XOAuth2(), attempt, "user=ann\u0001auth=Bearer abc\u0001\u0001");
      assertTrue(prompt(old).contains("\"401\""));
      assertEquals(535, no(answer(old, attempt, last)).reply().code());
    }
    verdict = new Decision.Defer(Refusals.UNAVAILABLE);
    assertInstanceOf(
        Decision.Defer.class, begin(new OAuthBearer(), attempt(Presence.NONE), bearer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u0001",
        "n,,",
        "n,,\u0001\u0001",
        "n,,\u0001auth=Bearer abc\u0001",
        "n,\u0001auth=Bearer abc\u0001\u0001",
        "p=x,,\u0001auth=Bearer abc\u0001\u0001",
        "n,a=,\u0001auth=Bearer abc\u0001\u0001",
        "n,x=ann,\u0001auth=Bearer abc\u0001\u0001",
        "n,a=a=b,\u0001auth=Bearer abc\u0001\u0001",
        "n,,\u0001auth=Basic abc\u0001\u0001",
        "n,,\u0001auth=Bearer \u0001\u0001",
        "n,,\u0001auth=Bearer a b\u0001\u0001",
        "n,,\u0001auth=Bearer abc\u0001auth=Bearer abc\u0001\u0001",
        "n,,\u0001=x\u0001auth=Bearer abc\u0001\u0001"
      })
  void what_is_no_bearer_message_is_501(String message) throws Exception {
    assertEquals(501, no(begin(new OAuthBearer(), attempt(Presence.NONE), message)).reply().code());
    assertEquals(
        501,
        no(begin(new XOAuth2(), attempt(Presence.NONE), message.replaceFirst("^n,,", "user=")))
            .reply()
            .code());
    assertEquals(List.of(), claims);
  }

  // ---- EXTERNAL

  @Test
  void external_goes_by_the_line_alone() throws Exception {
    var local =
        new Presence(
            Optional.empty(), Optional.of(new UnixPeer("anna", "users", OptionalLong.of(1000))));
    assertTrue(new External().suits(local));
    assertFalse(new External().suits(Presence.NONE));
    begin(new External(), attempt(local), "");
    begin(new External(), attempt(local), "ann@example.org");
    assertEquals(Optional.empty(), ((Claim.UnixUser) claims.get(0)).authz());
    assertEquals(Optional.of("ann@example.org"), ((Claim.UnixUser) claims.get(1)).authz());
    assertEquals(535, no(begin(new External(), attempt(Presence.NONE), "")).reply().code());
    assertEquals(501, no(begin(new External(), attempt(local), "a\0b")).reply().code());
    Attempt asked = attempt(local);
    Decision empty = new External().with(directory).decide(asked);
    assertEquals("", prompt(empty));
    assertInstanceOf(Decision.Accept.class, answer(empty, asked, ""));
  }
}
