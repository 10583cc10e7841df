package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import heddle.dns.Names;
import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.peer.RemoteAddress;
import heddle.remote.Caller;
import heddle.remote.DovecotAsker;
import heddle.remote.Question;
import heddle.remote.Relay;
import heddle.remote.Verdict;
import heddle.wire.Deadline;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Dovecot that is asked who somebody is, and speaks its own mechanisms through us. */
class DovecotAskerIT {
  private static final Caller CALLER =
      new Caller(
          new Id("0123456789AB"),
          "submission",
          new RemoteAddress(InetAddress.ofLiteral("192.0.2.7"), 40001),
          new RemoteAddress(InetAddress.ofLiteral("192.0.2.1"), 587),
          true,
          Optional.of("client.example"),
          "PLAIN");

  private static DovecotAuth dovecot;
  private DovecotAsker asker;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Tools.isRoot(), "Dovecot starts as root only");
    dovecot = new DovecotAuth();
  }

  @AfterAll
  static void stop() throws Exception {
    if (dovecot != null) {
      try (var closing = dovecot) {
        String log = closing.log();
        assertFalse(log.contains("BUG"), log);
        assertFalse(log.contains(DovecotAuth.PASSWORD), log);
      }
    }
  }

  @BeforeEach
  void call() {
    asker = new DovecotAsker(new DovecotAsker.Unix(dovecot.socket()), "smtp", false);
  }

  @AfterEach
  void hangUp() {
    asker.close();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10));
  }

  private static String said(DovecotAsker asker, String name, String password)
      throws InterruptedException {
    return said(asker.ask(new Question(name, Secret.ofUtf8(password), CALLER), soon()));
  }

  private static String said(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Yes yes -> "Yes " + yes.name().orElse("?");
      case Verdict.No no -> "No " + no.why();
      case Verdict.Expired expired -> "Expired";
      case Verdict.Kept kept -> "Kept";
      case Verdict.Unavailable(var why) -> "Unavailable: " + why;
    };
  }

  private static String over(Relay.Turn turn) {
    return said(assertInstanceOf(Relay.Turn.Over.class, turn).verdict());
  }

  private static Relay.Turn.Asked asked(Relay.Turn turn) {
    return assertInstanceOf(Relay.Turn.Asked.class, turn, () -> over(turn));
  }

  private Relay.Turn begin(String mechanism, Optional<Octets> initial) throws InterruptedException {
    return asker.begin(mechanism, initial, CALLER, type -> Optional.empty(), soon());
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          anna    | right | Yes anna
          ANNA    | right | Yes anna
          müller  | right | Yes müller
          anna    | wrong | No WRONG
          nobody  | right | No WRONG
          banned  | right | No DISABLED
          shut    | right | No DISABLED
          shut    | wrong | No WRONG
          away    | right | Unavailable: Dovecot has a temporary failure
          """)
  void a_question_has_an_answer(String name, String password, String answer) throws Exception {
    assertEquals(answer, said(asker, name, password(password)));
  }

  private static String password(String which) {
    return which.equals("right") ? DovecotAuth.PASSWORD : "far away";
  }

  @Test
  void by_tcp_it_is_asked_just_the_same() throws Exception {
    Names names = Names.of(List.of(), Optional.empty());
    try (var tcp =
        new DovecotAsker(new DovecotAsker.Tcp("127.0.0.1", dovecot.port(), names), "smtp", false)) {
      assertEquals("Yes anna", said(tcp, "anna", DovecotAuth.PASSWORD));
      assertEquals("No WRONG", said(tcp, "anna", "far away"));
    }
  }

  @Test
  void it_says_which_mechanisms_it_speaks() throws Exception {
    String unused = said(asker, "anna", DovecotAuth.PASSWORD);
    assertEquals(
        Set.of("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "DIGEST-MD5"),
        asker.mechanisms());
  }

  @Test
  void a_hundred_at_once_are_not_mixed_up() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<String>> clients = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        String name = i % 3 == 0 ? "müller" : "anna";
        String password = i % 2 == 0 ? "right" : "wrong";
        clients.add(() -> name + password + said(asker, name, password(password)));
      }
      for (Future<String> each : threads.invokeAll(clients)) {
        assertTrue(
            Set.of(
                    "annarightYes anna",
                    "annawrongNo WRONG",
                    "müllerrightYes müller",
                    "müllerwrongNo WRONG")
                .contains(each.get()),
            each.get());
      }
    }
  }

  @Test
  void login_asks_twice_and_plain_waits_for_an_absent_initial_response() throws Exception {
    Relay.Turn.Asked name = asked(begin("LOGIN", Optional.empty()));
    assertEquals("Username:", text(name.challenge()));
    Relay.Turn.Asked password = asked(name.next().answer(Octets.ofUtf8("anna"), soon()));
    assertEquals("Password:", text(password.challenge()));
    Octets right = Octets.ofUtf8(DovecotAuth.PASSWORD);
    assertEquals("Yes anna", over(password.next().answer(right, soon())));

    Relay.Turn.Asked plain = asked(begin("PLAIN", Optional.empty()));
    assertEquals(Octets.EMPTY, plain.challenge());
    Octets all = Octets.ofUtf8("\0anna\0" + DovecotAuth.PASSWORD);
    assertEquals("Yes anna", over(plain.next().answer(all, soon())));

    assertEquals("No WRONG", over(begin("PLAIN", Optional.of(Octets.EMPTY))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"right", "wrong"})
  void cram_md5_goes_through(String password) throws Exception {
    Relay.Turn.Asked turn = asked(begin("CRAM-MD5", Optional.empty()));
    byte[] digest = hmac("HmacMD5", utf8(password(password)), utf8(text(turn.challenge())));
    Octets answer = Octets.ofUtf8("anna " + HexFormat.of().formatHex(digest));
    assertEquals(
        password.equals("right") ? "Yes anna" : "No WRONG",
        over(turn.next().answer(answer, soon())));
  }

  @Test
  void digest_md5_begins_with_a_nonce() throws Exception {
    Relay.Turn.Asked turn = asked(begin("DIGEST-MD5", Optional.empty()));
    assertTrue(text(turn.challenge()).contains("nonce="), text(turn.challenge()));
    turn.next().abandon();
    assertEquals("Yes anna", said(asker, "anna", DovecotAuth.PASSWORD));
  }

  @ParameterizedTest
  @ValueSource(strings = {"right", "wrong"})
  void scram_sha_256_goes_through_and_proves_the_server(String password) throws Exception {
    // RFC 7677: a client, the shortest that can check what it is told.
    String bare = "n=anna,r=fyko+d2lbbFgONRv9qkxdawL";
    Relay.Turn.Asked turn = asked(begin("SCRAM-SHA-256", Optional.of(Octets.ofUtf8("n,," + bare))));
    String challenge = text(turn.challenge());
    String[] parts = challenge.split(",");
    Octets salt = Octets.ofBase64(parts[1].substring(2)).orElseThrow();
    int rounds = Integer.parseInt(parts[2].substring(2));
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(
                new PBEKeySpec(password(password).toCharArray(), salt.toArray(), rounds, 256))
            .getEncoded();
    byte[] key = hmac("HmacSHA256", salted, utf8("Client Key"));
    byte[] stored = MessageDigest.getInstance("SHA-256").digest(key);
    String end = "c=biws," + parts[0];
    byte[] words = utf8(bare + "," + challenge + "," + end);
    byte[] signature = hmac("HmacSHA256", stored, words);
    for (int i = 0; i < key.length; i++) {
      key[i] ^= signature[i];
    }
    Octets answer = Octets.ofUtf8(end + ",p=" + Octets.of(key).base64());
    Relay.Turn last = turn.next().answer(answer, soon());
    if (password.equals("wrong")) {
      assertEquals("No WRONG", over(last));
      return;
    }
    assertEquals("Yes anna", over(last));
    byte[] proof = hmac("HmacSHA256", hmac("HmacSHA256", salted, utf8("Server Key")), words);
    assertEquals(
        Optional.of("v=" + Octets.of(proof).base64()),
        ((Relay.Turn.Over) last).last().map(DovecotAskerIT::text));
  }

  @Test
  void a_restart_ends_what_was_under_way_and_nothing_else() throws Exception {
    Relay.Turn.Asked turn = asked(begin("LOGIN", Optional.empty()));
    dovecot.stop();
    assertInstanceOf(
        Verdict.Unavailable.class,
        asker.ask(
            new Question("anna", Secret.ofUtf8(DovecotAuth.PASSWORD), CALLER),
            Deadline.in(Duration.ofMillis(300))));
    assertEquals(6, asker.mechanisms().size());
    dovecot.start();
    assertEquals("Yes anna", said(asker, "anna", DovecotAuth.PASSWORD));
    String lost = over(turn.next().answer(Octets.ofUtf8("anna"), soon()));
    assertTrue(lost.startsWith("Unavailable: "), lost);
  }

  @Test
  void the_longest_line_is_heard_and_the_connection_lives_on() throws Exception {
    // 16 384 octets with LF is what Dovecot reads; the next size up is not sent.
    boolean longer = false;
    String last = "";
    for (int size = 12_180; !longer && size < 12_300; size++) {
      String said = said(asker, "anna", "x".repeat(size));
      longer = said.equals("Unavailable: longer than Dovecot takes");
      last = longer ? last : said;
    }
    assertTrue(longer);
    assertEquals("No WRONG", last);
    assertEquals("Yes anna", said(asker, "anna", DovecotAuth.PASSWORD));
  }

  private static byte[] hmac(String algorithm, byte[] key, byte[] text) throws Exception {
    Mac mac = Mac.getInstance(algorithm);
    mac.init(new SecretKeySpec(key, algorithm));
    return mac.doFinal(text);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Octets octets) {
    return octets.utf8().orElseThrow();
  }
}
