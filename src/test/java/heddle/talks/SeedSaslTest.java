package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.Event;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Halon's page on mechanisms of one's own, row by row; EHLO's name chooses the hook. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeedSaslTest {
  @RegisterExtension
  static final Rows ROWS =
      new Rows(
          Seed.SASL,
          """
          D6 mechanisms with challenges: OAUTHBEARER, OTP, CRAM-MD5
          D7 at the first execution the state is zero and the initial response is there
          D8 Accept, Defer, Reject in any state; Reply
          D9 the next input runs the script again; state is saved in `$context`
          D10 a mechanism is announced by listing it
          D11 CRAM-MD5, written by hand
          D12 by default there are LOGIN and PLAIN
          """);

  private static final String CONFIG =
      """
      [session]
      max-errors = 1000
      [session.auth]
      mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "OAUTHBEARER", "OTP", "X-SITE"]
      hook = [
        { if = "helo", eq = "otp", then = "Otp" },
        { if = "helo", eq = "cram", then = "CramMd5" },
        { if = "helo", eq = "bearer", then = false },
        { if = "helo", eq = "built-in", then = false },
        { else = "Site" } ]
      [session.auth.errors]
      wait = "1ms"
      total = 1000
      [token.provider]
      issuer = "https://login.example.org"
      audience = "heddle"
      jwks = "https://localhost:1/jwks"
      """;

  private static final String SITE =
      """
      import static heddle.hook.Decisions.*;
      import heddle.hook.*;

      public class Site implements AuthHook {
        public Decision auth(AuthAttempt attempt) {
          return switch (attempt.text()) {
            case "accept" -> accept("carl@example.org");
            case "defer" -> defer();
            case "reject" -> reject();
            default -> {
              Object before = attempt.attributes().getOrDefault("said." + (attempt.state() - 1), "nothing");
              attempt.attributes().put("said." + attempt.state(), attempt.text());
              yield reply("state " + attempt.state() + ", "
                  + attempt.response().map(r -> r.size() + " octets").orElse("none")
                  + ", before: " + before);
            }
          };
        }
      }
      """;

  private static final String IN = "235 2.7.0 Logged in";
  private static final String NO = "535 5.7.8 Wrong user name or password";
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    Map<String, String> files = new HashMap<>();
    files.put("etc/hooks/Site.java", SITE);
    for (String name : List.of("Otp", "CramMd5")) {
      String file = name + ".java";
      files.put("etc/hooks/" + file, Files.readString(Path.of("examples/hooks", file)));
    }
    // RFC 2289, appendix C: "This is a test." and the seed test; the last that was taken is 100.
    files.put("var/otp/anna@example.org", "otp-md5 100 test " + OTP_100 + "\n");
    server = TestServer.start(CONFIG, files);
  }

  private static final String OTP_99 = "50fe1962c4965880";
  private static final String OTP_100 = folded(OTP_99);

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Visitor named(String name) throws Exception {
    return Visitor.named(server, name);
  }

  private static String prompt(String reply) {
    return Speaker.prompt(reply);
  }

  /** RFC 2289 §A.2: the MD5 of the password before, folded into 8 octets. */
  private static String folded(String hex) {
    try {
      byte[] hash =
          java.security.MessageDigest.getInstance("MD5").digest(HexFormat.of().parseHex(hex));
      byte[] half = new byte[8];
      for (int i = 0; i < 8; i++) {
        half[i] = (byte) (hash[i] ^ hash[i + 8]);
      }
      return HexFormat.of().formatHex(half);
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String hmacMd5(String secret, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacMD5");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacMD5"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  @Tag("D6")
  void oauthbearer() throws Exception {
    try (Visitor client = named("bearer")) {
      String token = "n,a=anna@example.org,\u0001auth=Bearer abc\u0001\u0001";
      ROWS.shows(
          "D6",
          "OAUTHBEARER, built in: a token that is not good",
          "{\"status\":\"invalid_token\"}",
          prompt(client.auth("OAUTHBEARER", token)));
      ROWS.shows("D6", "answered with `AQ==`", NO, client.ask("AQ=="));
      ROWS.fits("D6", "no token at all", "501 5\\.5\\.2 .*", client.auth("OAUTHBEARER", "n,,"));
    }
  }

  @Test
  @Tag("D6")
  void otp() throws Exception {
    String names = "\0anna@example.org";
    try (Visitor client = named("otp")) {
      ROWS.shows(
          "D6",
          "OTP, `examples/hooks/Otp.java`",
          "otp-md5 99 test ext",
          prompt(client.auth("OTP", names)));
      ROWS.shows("D6", "the right password", IN, client.answer("hex:" + OTP_99));
    }
    try (Visitor client = named("otp")) {
      ROWS.shows("D6", "then", "otp-md5 98 test ext", prompt(client.auth("OTP", names)));
      ROWS.shows("D6", "the same a second time", NO, client.answer("hex:" + OTP_99));
    }
  }

  @Test
  @Tag("D6")
  void cram_md5_built_in() throws Exception {
    try (Visitor client = named("built-in")) {
      ROWS.fits(
          "D6",
          "CRAM-MD5, built in",
          "<[0-9a-f]{32}@mail\\.example\\.org>",
          prompt(client.ask("AUTH CRAM-MD5")));
      ROWS.shows("D6", "a wrong digest", NO, client.answer("anna@example.org " + "0".repeat(32)));
      client.ask("AUTH CRAM-MD5");
      ROWS.fits(
          "D6",
          "one in capitals",
          "501 5\\.5\\.2 .*",
          client.answer("anna@example.org " + "A".repeat(32)));
    }
  }

  @Test
  @Tag("D7")
  void the_first_run() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows(
          "D7",
          "with an initial response",
          "state 0, 5 octets, before: nothing",
          prompt(client.auth("X-SITE", "hello")));
      client.ask("*");
      ROWS.shows(
          "D7", "without one", "state 0, none, before: nothing", prompt(client.ask("AUTH X-SITE")));
      client.ask("*");
      ROWS.shows(
          "D7",
          "with an empty one",
          "state 0, 0 octets, before: nothing",
          prompt(client.ask("AUTH X-SITE =")));
    }
  }

  @Test
  @Tag("D8")
  void in_any_state() throws Exception {
    String later = "454 4.7.0 Logins cannot be checked at the moment; try again later";
    try (Visitor client = named("x")) {
      ROWS.shows("D8", "Defer at state 0", later, client.auth("X-SITE", "defer"));
      ROWS.shows("D8", "Reject at state 0", NO, client.auth("X-SITE", "reject"));
      client.ask("AUTH X-SITE");
      ROWS.shows("D8", "Defer at state 1", later, client.answer("defer"));
      client.ask("AUTH X-SITE");
      client.answer("go on");
      ROWS.shows("D8", "Reject at state 2", NO, client.answer("reject"));
      client.ask("AUTH X-SITE");
      ROWS.shows("D8", "Accept at state 1", IN, client.answer("accept"));
    }
    try (Visitor client = named("x")) {
      ROWS.shows("D8", "Accept at state 0", IN, client.auth("X-SITE", "accept"));
    }
  }

  @Test
  @Tag("D9")
  void again_with_the_next_input() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows(
          "D9",
          "334 and base64",
          "334 " + Speaker.base64("state 0, none, before: nothing"),
          client.ask("AUTH X-SITE"));
      ROWS.shows("D9", "then", "state 1, 3 octets, before: ", prompt(client.answer("one")));
      ROWS.shows(
          "D9",
          "then, with what was saved under state 1",
          "state 2, 3 octets, before: one",
          prompt(client.answer("two")));
    }
  }

  @Test
  @Tag("D10")
  void announced_and_run_if_listed() throws Exception {
    try (Visitor client = named("x")) {
      String greeting = client.ask("EHLO x");
      List<String> lines = List.of(greeting.split("\\|"));
      ROWS.shows(
          "D10",
          "EHLO",
          "250-AUTH PLAIN LOGIN CRAM-MD5 OAUTHBEARER OTP X-SITE",
          lines.stream().filter(l -> l.contains("AUTH ")).findFirst().orElse(greeting));
      ROWS.shows(
          "D10",
          "one that is not listed",
          "504 5.5.4 This way to log in is not offered here; see EHLO",
          client.auth("X-OTHER", "accept"));
    }
  }

  @Test
  @Tag("D11")
  void cram_md5_by_hand() throws Exception {
    try (Visitor client = named("cram")) {
      ROWS.shows(
          "D11", "an initial response", "501 5.7.0 Bad syntax", client.ask("AUTH CRAM-MD5 QUI="));
      String first = prompt(client.ask("AUTH CRAM-MD5"));
      ROWS.fits("D11", "the challenge", "<[0-9a-f-]{36}@mail\\.example\\.org>", first);
      ROWS.shows("D11", "a wrong digest", NO, client.answer("john.doe " + hmacMd5("wrong", first)));
      String second = prompt(client.ask("AUTH CRAM-MD5"));
      ROWS.shows("D11", "the same challenge again", false, first.equals(second));
      ROWS.shows(
          "D11",
          "the digest of the one before",
          NO,
          client.answer("john.doe " + hmacMd5("secret", first)));
      String third = prompt(client.ask("AUTH CRAM-MD5"));
      ROWS.shows(
          "D11", "the right digest", IN, client.answer("john.doe " + hmacMd5("secret", third)));
    }
    try (Visitor client = named("built-in")) {
      String challenge = prompt(client.ask("AUTH CRAM-MD5"));
      ROWS.shows(
          "D11",
          "a name with spaces, to the built-in one",
          NO,
          client.answer("john q doe " + hmacMd5("secret", challenge)));
    }
    ROWS.shows(
        "D11",
        "it is taken apart at the last space",
        true,
        server.events().stream()
            .anyMatch(
                e ->
                    e instanceof Event.LoginFailed f
                        && f.user().equals(Optional.of("john q doe"))));
  }

  @Test
  @Tag("D12")
  void by_default() throws Exception {
    try (TestServer plain = TestServer.start("");
        Visitor client = Visitor.named(plain, "x")) {
      String greeting = client.ask("EHLO x");
      ROWS.shows(
          "D12",
          "EHLO",
          "250-AUTH PLAIN LOGIN",
          List.of(greeting.split("\\|")).stream()
              .filter(l -> l.contains("AUTH "))
              .findFirst()
              .orElse(greeting));
      String refused = client.ask("AUTH CRAM-MD5");
      assertTrue(refused.startsWith("504 5.5.4 "), refused);
      assertEquals(IN, client.plain("anna@example.org", "correct horse"));
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_row_was_played_and_the_page_says_so() throws Exception {
    ROWS.compare("D", 6, 12);
  }
}
