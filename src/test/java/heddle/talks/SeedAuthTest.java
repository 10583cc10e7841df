package heddle.talks;

import static heddle.hook.Decisions.defer;
import static heddle.hook.Decisions.reject;
import static heddle.hook.Decisions.reply;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.Event;
import heddle.mail.Octets;
import heddle.peer.Digest;
import heddle.peer.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Halon's AUTH context, row by row: a hook of the site tells what it sees and does as it is told.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeedAuthTest {
  @RegisterExtension
  static final Rows ROWS =
      new Rows(
          Seed.AUTH,
          """
          A1 LOGIN and PLAIN are decoded by the server
          A2 `$senderip`, the client's address
          A3 `$senderport`
          A4 `$serverip`
          A5 `$serverport`
          A6 `$serverid`
          A7 `$senderhelo`
          A8 `$tlsstarted`
          A9 `$context`, bound to the connection
          A10 `$messageid`
          A11 `$saslusername`, of LOGIN and PLAIN
          A12 `$saslpassword`
          A13 `$saslmechanism`, always upper case
          A14 `$saslstate`, one more for each Reply
          A15 `$saslresponse`, or none
          A16 `Accept`, with a user name or without
          A17 `Reject`, with reasons and codes
          A18 `Defer`, 454 unless said
          A19 `Reply`, 334 in base64
          A20 the option `disconnect`
          A21 the option `reply_codes`
          A22 `GetTLS`
          A23 its option `fingerprint`
          A24 `started`
          A25 `protocol`
          A26 `ciphers`, by OpenSSL's names
          A27 `keysize`
          A28 `peer_cert`
          A29 `peer_cert_error`, OpenSSL's number
          A30 an error of the script is Defer
          A31 a script that says nothing is Reject
          A32 the diagram of an exchange
          """);

  private static final String CONFIG =
      """
      [listener.proxied]
      bind = ["127.0.0.1:0"]
      tls = "implicit"
      proxy-protocol-from = ["127.0.0.1"]
      [listener.told]
      bind = ["127.0.0.1:0"]
      tls = "implicit"
      xclient-from = ["127.0.0.1"]
      [listener.wide]
      bind = ["0.0.0.0:0"]
      tls = "implicit"
      [listener.local]
      bind = ["unix:run/s.sock"]
      tls = "none"
      [session]
      proxy = "Keeper"
      max-errors = 1000
      idle-timeout = [ { if = "helo", eq = "idles", then = "1s" }, { else = "1m" } ]
      [session.auth]
      mechanisms = ["PLAIN", "LOGIN", "X-SITE"]
      hook = "Site"
      [session.auth.errors]
      wait = "1ms"
      total = 1000
      [hooks]
      timeout = "2s"
      """;

  /** In X-SITE the initial response says what to do; of PLAIN and LOGIN the name of EHLO does. */
  private static final String SITE =
      """
      import static heddle.hook.Decisions.*;
      import heddle.hook.*;
      import heddle.mail.Octets;
      import heddle.peer.Digest;
      import java.util.*;

      public class Site implements AuthHook {
        public Decision auth(AuthAttempt attempt) throws Exception {
          if (!attempt.mechanism().equals("X-SITE")) {
            return password(attempt);
          }
          attempt.attributes().merge("calls", 1, (a, b) -> (Integer) a + (Integer) b);
          String[] words = (attempt.state() == 0 ? attempt.text() : "").split(" ");
          return switch (words[0]) {
            case "see" -> defer("" + find(attempt.toMap(), words[1]));
            case "keys" -> defer("" + ((Map<?, ?>) find(attempt.toMap(), words[1])).keySet());
            case "kept" -> defer("" + attempt.attributes().get(words[1]));
            case "cipher" -> defer(attempt.tls().get().cipher());
            case "starttls" -> defer("" + attempt.tls().get().startTls());
            case "print" -> {
              Digest digest = Digest.named(words[1]).orElseThrow();
              Object hex = find(attempt.getTls(Optional.of(digest)), "peer_cert.fingerprint");
              yield defer(hex + " " + attempt.connection().peer().get().fingerprint(digest).colons());
            }
            case "accept" -> words.length > 1 ? accept(words[1]) : accept();
            case "last" -> accept("anna@example.org").last(Octets.ofUtf8("v=x"));
            case "reject" -> no(words);
            case "defer" -> later(words);
            case "ask" -> reply(words.length > 1 ? words[1] : "");
            case "askbye" -> reply("so long").disconnect();
            case "null" -> null;
            case "throw" -> throw new IllegalStateException("thrown");
            case "recurse" -> defer("" + deeper(0));
            case "sleep" -> { Thread.sleep(60_000); yield accept("anna@example.org"); }
            default -> reply("state " + attempt.state() + ", " + said(attempt));
          };
        }
        static int deeper(int n) { return deeper(n + 1) + 1; }
        static String said(AuthAttempt attempt) {
          return attempt.response()
              .map(r -> r.isEmpty() ? "empty" : r.size() + " octets").orElse("absent");
        }
        static Object find(Object at, String path) {
          for (String key : path.split("\\\\.")) {
            at = at instanceof Map<?, ?> map ? map.get(key) : null;
          }
          return at;
        }
        static Decision no(String[] words) {
          if (words.length == 1) {
            return reject();
          }
          var said = reject("No", "never").codes(Integer.parseInt(words[1]), words[2]);
          return words.length > 3 ? said.disconnect() : said;
        }
        static Decision later(String[] words) {
          if (words.length == 1) {
            return defer();
          }
          var said = defer("Later").codes(Integer.parseInt(words[1]), words[2]);
          return words.length > 3 ? said.disconnect() : said;
        }
        static Decision password(AuthAttempt attempt) {
          return switch (attempt.connection().helo().get().host()) {
            case "verifies" -> verify();
            case "accepts" -> accept();
            case "silent" -> null;
            case "lengths" -> defer("" + attempt.username().get().length());
            default -> defer(attempt.mechanism() + " " + attempt.toMap().get("saslusername") + ", "
                + attempt.password().get().matches("secret") + ", state " + attempt.state()
                + ", " + said(attempt) + ", " + attempt.toMap().get("saslpassword"));
          };
        }
      }
      """;

  private static final String KEEPER =
      """
      import static heddle.hook.Decisions.*;
      import heddle.hook.*;

      public class Keeper implements ProxyHook {
        public ProxyDecision command(ProxyCommand command) {
          return switch (command.verb()) {
            case "XKEEP" -> {
              command.attributes().put("kept", 41);
              yield proxyReply("Kept");
            }
            case "XWHO" -> proxyReply(
                command.connection().auth().map(who -> who.authn()).orElse("nobody"));
            default -> pass();
          };
        }
      }
      """;

  private static final String MISTAKE =
      "454 4.7.0 Something went wrong on our side; try again later";
  private static final String NO = "535 5.7.8 Wrong user name or password";
  private static final String MALFORMED =
      "501 5.5.2 This is not how the mechanism is spoken; name and password needed";
  private static final String IN = "235 2.7.0 Logged in";
  private static final String ID = "[0-9A-HJKMNP-TV-Z]{12}";

  @TempDir static Path folder;
  private static TestServer server;
  private static Papers papers;

  @BeforeAll
  static void start() throws Exception {
    papers = Papers.in(folder);
    server =
        TestServer.start(
            CONFIG, Map.of("etc/hooks/Site.java", SITE, "etc/hooks/Keeper.java", KEEPER));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Visitor named(String name, KeyManager... keys) throws Exception {
    return Visitor.named(server, name, keys);
  }

  private static Visitor local() throws Exception {
    return Visitor.local(server.home().root().resolve("run/s.sock"));
  }

  private static String site(Visitor client, String order) throws Exception {
    return client.auth("X-SITE", order);
  }

  /** What the hook tells. */
  private static String told(Visitor client, String order) throws Exception {
    return site(client, order).replaceFirst("^454 4\\.7\\.0 ", "");
  }

  private static String seen(Visitor client, String name) throws Exception {
    return told(client, "see " + name);
  }

  /** What one connection's hook sees. */
  private static String seen(String name, KeyManager... keys) throws Exception {
    try (Visitor client = named("mail.example.com", keys)) {
      return seen(client, name);
    }
  }

  /** Behind a PROXY header. */
  private static String proxied(byte[] header, String name) throws Exception {
    try (Visitor plain = Visitor.at(server, "proxied")) {
      plain.send(header);
      Visitor client = plain.tls();
      client.hear();
      client.ask("EHLO x");
      return seen(client, name);
    }
  }

  private static byte[] line(String text) {
    return (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** PROXY version 2: TCP over IPv4, 192.0.2.78 port 4712 to 198.51.100.9 port 465. */
  private static byte[] block() {
    return new byte[] {
      '\r',
      '\n',
      '\r',
      '\n',
      0,
      '\r',
      '\n',
      'Q',
      'U',
      'I',
      'T',
      '\n',
      0x21,
      0x11,
      0,
      12,
      (byte) 192,
      0,
      2,
      78,
      (byte) 198,
      51,
      100,
      9,
      0x12,
      0x68,
      1,
      (byte) 0xd1
    };
  }

  private static String prompt(String reply) {
    return Speaker.prompt(reply);
  }

  @Test
  @Tag("A1")
  void login_and_plain_are_decoded() throws Exception {
    try (Visitor client = named("verifies")) {
      ROWS.shows("A1", "LOGIN asks", "334 VXNlcm5hbWU6", client.ask("AUTH LOGIN"));
      ROWS.shows("A1", "for a name, then", "334 UGFzc3dvcmQ6", client.answer("anna@example.org"));
      ROWS.shows("A1", "for a password", IN, client.answer("correct horse"));
    }
    try (Visitor client = named("verifies")) {
      ROWS.shows(
          "A1",
          "a first response to LOGIN is the name",
          "334 UGFzc3dvcmQ6",
          client.auth("LOGIN", "anna@example.org"));
      client.ask("*");
      ROWS.shows("A1", "PLAIN", IN, client.plain("anna@example.org", "correct horse"));
    }
    try (Visitor client = named("tells")) {
      client.ask("AUTH LOGIN");
      client.answer("carl");
      ROWS.fits("A1", "the hook sees", "454 4.7.0 LOGIN carl, true, .*", client.answer("secret"));
    }
  }

  @Test
  @Tag("A2")
  void senderip() throws Exception {
    ROWS.shows("A2", "as connected", "127.0.0.1", seen("senderip"));
    ROWS.shows(
        "A2",
        "behind PROXY v1",
        "192.0.2.77",
        proxied(line("PROXY TCP4 192.0.2.77 198.51.100.9 4711 465"), "senderip"));
    ROWS.shows("A2", "behind PROXY v2", "192.0.2.78", proxied(block(), "senderip"));
    ROWS.shows(
        "A2",
        "IPv4 written as IPv6",
        "192.0.2.79",
        proxied(line("PROXY TCP6 ::ffff:192.0.2.79 2001:db8::1 4711 465"), "senderip"));
    try (Visitor client = Visitor.at(server, "told").tls()) {
      client.hear();
      client.ask("EHLO x");
      client.ask("XCLIENT ADDR=192.0.2.5");
      client.ask("EHLO x");
      ROWS.shows("A2", "behind XCLIENT", "192.0.2.5", seen(client, "senderip"));
    }
  }

  @Test
  @Tag("A3")
  void senderport() throws Exception {
    try (Visitor plain = Visitor.at(server, "submissions")) {
      Visitor client = plain.tls();
      client.hear();
      client.ask("EHLO x");
      String port = seen(client, "senderport");
      assertEquals("" + plain.port(), port);
      ROWS.fits("A3", "as connected", "[0-9]+", port);
    }
    ROWS.shows("A3", "behind PROXY", "4712", proxied(block(), "senderport"));
  }

  @Test
  @Tag("A4")
  void serverip() throws Exception {
    ROWS.shows("A4", "of a listener with one address", "127.0.0.1", seen("serverip"));
    try (Visitor client = Visitor.at("127.0.0.2", server.port("wide")).tls()) {
      client.hear();
      client.ask("EHLO x");
      ROWS.shows(
          "A4", "of one with all, the address called", "127.0.0.2", seen(client, "serverip"));
    }
  }

  @Test
  @Tag("A5")
  void serverport() throws Exception {
    String port = seen("serverport");
    assertEquals("" + server.port("submissions"), port);
    ROWS.fits("A5", "the listener's", "[0-9]+", port);
    ROWS.shows("A5", "behind PROXY", "465", proxied(block(), "serverport"));
  }

  @Test
  @Tag("A6")
  void serverid() throws Exception {
    ROWS.shows("A6", "of `[listener.submissions]`", "submissions", seen("serverid"));
    ROWS.shows("A6", "of `[listener.proxied]`", "proxied", proxied(block(), "serverid"));
  }

  @Test
  @Tag("A7")
  void senderhelo() throws Exception {
    ROWS.shows("A7", "as said", "mail.example.com", seen("senderhelo"));
    try (Visitor plain = Visitor.at(server, "submission")) {
      plain.hear();
      ROWS.shows("A7", "AUTH before it", "503 5.5.1 Say EHLO first", plain.ask("AUTH PLAIN"));
      plain.ask("EHLO in.clear");
      plain.ask("STARTTLS");
      Visitor client = plain.tls();
      ROWS.shows(
          "A7",
          "AUTH behind STARTTLS, which forgets it",
          "503 5.5.1 Say EHLO first",
          client.auth("X-SITE", "see senderhelo"));
      client.ask("EHLO under.tls");
      ROWS.shows("A7", "said again", "under.tls", seen(client, "senderhelo"));
    }
  }

  /** Under TLS that STARTTLS brought about; EHLO was said. */
  private static Visitor upgraded() throws Exception {
    Visitor plain = Visitor.at(server, "submission");
    plain.hear();
    plain.ask("EHLO x");
    plain.ask("XKEEP");
    plain.ask("STARTTLS");
    Visitor client = plain.tls();
    client.ask("EHLO x");
    return client;
  }

  @Test
  @Tag("A8")
  @Tag("A24")
  void tlsstarted() throws Exception {
    ROWS.shows("A8", "implicit TLS", "true", seen("tlsstarted"));
    ROWS.shows("A24", "implicit TLS", "true", seen("tls.started"));
    try (Visitor client = named("x")) {
      ROWS.shows("A24", "implicit TLS, `startTls()`", "false", told(client, "starttls"));
    }
    try (Visitor client = upgraded()) {
      ROWS.shows("A8", "STARTTLS", "true", seen(client, "tlsstarted"));
      ROWS.shows("A24", "STARTTLS", "true", seen(client, "tls.started"));
      ROWS.shows("A24", "STARTTLS, `startTls()`", "true", told(client, "starttls"));
    }
    try (Visitor client = local()) {
      client.ask("EHLO x");
      ROWS.shows("A8", "a UNIX socket", "false", seen(client, "tlsstarted"));
      ROWS.shows("A24", "a UNIX socket", "false", seen(client, "tls.started"));
    }
  }

  @Test
  @Tag("A9")
  void context() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("A9", "at the first call", "1", told(client, "kept calls"));
      client.ask("AUTH X-SITE");
      client.answer("round");
      client.ask("*");
      ROWS.shows("A9", "behind an exchange of two rounds", "4", told(client, "kept calls"));
      client.ask("XKEEP");
      ROWS.shows("A9", "what the proxy hook has put there", "41", told(client, "kept kept"));
    }
    try (Visitor other = named("x")) {
      ROWS.shows("A9", "on another connection", "null", told(other, "kept kept"));
    }
    try (Visitor client = upgraded()) {
      ROWS.shows("A9", "put in clear, seen behind STARTTLS", "41", told(client, "kept kept"));
    }
  }

  @Test
  @Tag("A10")
  void messageid() throws Exception {
    try (Visitor client = named("verifies")) {
      String id = seen(client, "messageid");
      ROWS.fits("A10", "of the message that comes next", ID, id);
      client.plain("anna@example.org", "correct horse");
      client.ask("MAIL FROM:<anna@example.org>");
      client.ask("RCPT TO:<anna@example.org>");
      client.ask("DATA");
      String queued = client.ask("Subject: x\r\n\r\n.");
      assertEquals("250 2.0.0 Queued as " + id, queued);
      ROWS.fits("A10", "the same id behind DATA", "250 2\\.0\\.0 Queued as " + ID, queued);
    }
  }

  @Test
  @Tag("A11")
  void saslusername() throws Exception {
    try (Visitor client = named("tells")) {
      ROWS.fits(
          "A11", "PLAIN", "454 4.7.0 PLAIN jürgen, true, .*", client.plain("jürgen", "secret"));
      ROWS.shows("A11", "another mechanism", "null", seen(client, "saslusername"));
      ROWS.shows("A11", "empty", MALFORMED, client.plain("", "secret"));
      ROWS.shows("A11", "with NUL", MALFORMED, client.plain("a\0b", "secret"));
      ROWS.shows("A11", "with CR LF", MALFORMED, client.plain("a\r\nb", "secret"));
      ROWS.shows("A11", "256 octets", MALFORMED, client.plain("a".repeat(256), "secret"));
    }
    try (Visitor client = named("lengths")) {
      ROWS.shows("A11", "255 octets", "454 4.7.0 255", client.plain("a".repeat(255), "secret"));
    }
  }

  @Test
  @Tag("A12")
  void saslpassword() throws Exception {
    try (Visitor client = named("tells")) {
      ROWS.shows(
          "A12",
          "compared, then printed",
          "454 4.7.0 PLAIN carl, true, state 0, absent, Secret",
          client.plain("carl", "secret"));
      ROWS.shows("A12", "empty, a syntax error", MALFORMED, client.plain("carl", ""));
      client.auth("LOGIN", "carl");
      ROWS.shows("A12", "empty in LOGIN", MALFORMED, client.ask(""));
    }
  }

  @Test
  @Tag("A13")
  void saslmechanism() throws Exception {
    try (Visitor client = named("tells")) {
      ROWS.shows(
          "A13",
          "`auth x-site`",
          "454 4.7.0 X-SITE",
          client.ask("auth x-site " + Speaker.base64("see saslmechanism")));
      String unknown = "504 5.5.4 This way to log in is not offered here; see EHLO";
      ROWS.shows("A13", "20 characters", unknown, client.ask("AUTH " + "X".repeat(20)));
      ROWS.shows("A13", "21 characters", unknown, client.ask("AUTH " + "X".repeat(21)));
    }
  }

  @Test
  @Tag("A14")
  void saslstate() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("A14", "at first", "0", seen(client, "saslstate"));
      client.ask("AUTH X-SITE");
      ROWS.shows("A14", "behind one Reply", "state 1, 3 octets", prompt(client.answer("abc")));
      ROWS.shows("A14", "behind two", "state 2, 3 octets", prompt(client.answer("abc")));
      String last = "";
      int rounds = 2;
      while (!last.startsWith("5") && rounds < 100) {
        last = client.answer("abc");
        rounds++;
      }
      ROWS.shows("A14", "rounds at most", 16, rounds);
      ROWS.shows("A14", "then", "501 5.5.2 The authentication exchange does not end", last);
    }
  }

  @Test
  @Tag("A15")
  void saslresponse() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("A15", "`AUTH X-SITE`", "state 0, absent", prompt(client.ask("AUTH X-SITE")));
      client.ask("*");
      ROWS.shows("A15", "`AUTH X-SITE =`", "state 0, empty", prompt(client.ask("AUTH X-SITE =")));
      ROWS.shows("A15", "an empty answer", "state 1, empty", prompt(client.ask("")));
      client.ask("*");
      ROWS.shows(
          "A15", "`AUTH X-SITE AGFi`", "state 0, 3 octets", prompt(client.ask("AUTH X-SITE AGFi")));
      client.ask("*");
    }
    try (Visitor client = named("tells")) {
      ROWS.fits("A15", "PLAIN", "454 .*, state 0, absent, .*", client.plain("carl", "secret"));
    }
  }

  @Test
  @Tag("A16")
  void accept() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("A16", "`accept(name)`", IN, site(client, "accept carl@example.org"));
      ROWS.shows("A16", "who it is", "250 2.0.0 carl@example.org", client.ask("XWHO"));
      ROWS.shows(
          "A16",
          "AUTH again",
          "503 5.5.1 You are logged in already",
          site(client, "accept anna@example.org"));
    }
    try (Visitor client = named("accepts")) {
      ROWS.shows("A16", "`accept()` at PLAIN", IN, client.plain("dora@example.org", "any"));
      ROWS.shows("A16", "who it is", "250 2.0.0 dora@example.org", client.ask("XWHO"));
    }
    try (Visitor client = named("x")) {
      ROWS.shows("A16", "`accept()` without any name", MISTAKE, site(client, "accept"));
      ROWS.shows("A16", "last words go out first", "334 dj14", site(client, "last"));
      ROWS.shows("A16", "something in answer to them", MALFORMED, client.answer("more"));
      site(client, "last");
      ROWS.shows("A16", "nothing in answer", IN, client.ask(""));
    }
  }

  @Test
  @Tag("A17")
  @Tag("A21")
  void reject_with_reasons_and_codes() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("A17", "`reject()`", NO, site(client, "reject"));
      for (String codes :
          List.of("535 5.7.8", "534 5.7.9", "538 5.7.11", "525 5.7.13", "504 5.5.4", "501 5.5.2")) {
        String[] parts = codes.split(" ");
        ROWS.shows(
            "A17",
            "two lines with codes",
            parts[0] + "-" + parts[1] + " No|" + codes + " never",
            site(client, "reject " + codes));
      }
      ROWS.shows("A21", "a Reject with 454", MISTAKE, site(client, "reject 454 4.7.0"));
    }
  }

  @Test
  @Tag("A18")
  void defer_later() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows(
          "A18",
          "`defer()`",
          "454 4.7.0 Logins cannot be checked at the moment; try again later",
          site(client, "defer"));
      ROWS.shows(
          "A18", "a password to be renewed", "432 4.7.12 Later", site(client, "defer 432 4.7.12"));
      ROWS.shows("A18", "the end", "421 4.7.0 Later", site(client, "defer 421 4.7.0"));
      ROWS.shows("A18", "behind 421", "gone", client.hear());
    }
  }

  @Test
  @Tag("A19")
  void reply_in_base64() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("A19", "of `é`", "334 w6k=", site(client, "ask é"));
      client.ask("*");
      ROWS.shows("A19", "of nothing", "334 ", site(client, "ask"));
      ROWS.shows(
          "A19",
          "an answer of 12288 octets",
          "state 1, 9216 octets",
          prompt(client.ask("A".repeat(12_288))));
      ROWS.shows(
          "A19",
          "a longer one",
          "500 5.5.6 Authentication exchange line is too long",
          client.ask("A".repeat(12_292)));
    }
    ROWS.shows(
        "A19",
        "a challenge beyond that",
        "the challenge has 9300 octets",
        complaint(() -> reply(Octets.of(new byte[9_300]))));
  }

  private static String complaint(org.junit.jupiter.api.function.Executable mistake) {
    return assertThrows(IllegalArgumentException.class, mistake).getMessage();
  }

  @Test
  @Tag("A20")
  void disconnect() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows(
          "A20",
          "Reject",
          "534-5.7.9 No|534 5.7.9 never",
          site(client, "reject 534 5.7.9 disconnect"));
      ROWS.shows("A20", "then", "gone", client.hear());
    }
    try (Visitor client = named("x")) {
      ROWS.shows("A20", "Defer", "454 4.7.0 Later", site(client, "defer 454 4.7.0 disconnect"));
      ROWS.shows("A20", "then", "gone", client.hear());
    }
    try (Visitor client = named("x")) {
      ROWS.shows("A20", "Reply", "so long", prompt(site(client, "askbye")));
      ROWS.shows("A20", "then", "gone", client.hear());
    }
    assertTrue(
        server.events().stream()
            .anyMatch(e -> e instanceof Event.LoginFailed f && f.reason().equals("aborted")));
  }

  @Test
  @Tag("A21")
  void codes_are_checked_where_they_are_said() {
    ROWS.shows(
        "A21",
        "a Reject with 454, when it is built",
        "the code must be 500 to 599, with a status: 454",
        complaint(() -> reject("x").codes(454, "4.7.0")));
    ROWS.shows(
        "A21",
        "a Defer with 535",
        "the code must be 400 to 499, with a status: 535",
        complaint(() -> defer("x").codes(535, "5.7.8")));
    ROWS.shows(
        "A21",
        "535 with 4.7.8",
        "535 does not agree with 4.7.8",
        complaint(() -> reject("x").codes(535, "4.7.8")));
    ROWS.shows(
        "A21",
        "a status of two numbers",
        "not an enhanced status: \"5.7\"",
        complaint(() -> reject("x").codes(535, "5.7")));
    ROWS.shows(
        "A21",
        "a Reply with 250",
        "a challenge has the code 334, not 250",
        complaint(() -> reply("x").codes(250)));
  }

  @Test
  @Tag("A22")
  void get_tls() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows(
          "A22",
          "its names",
          "[started, protocol, ciphers, keysize, peer_cert_error]",
          told(client, "keys tls"));
    }
    try (Visitor client = named("x", papers.keys())) {
      ROWS.shows(
          "A22",
          "with a certificate",
          "[started, protocol, ciphers, keysize, peer_cert, peer_cert_error]",
          told(client, "keys tls"));
    }
    try (Visitor client = local()) {
      client.ask("EHLO x");
      ROWS.shows("A22", "without TLS", "[started]", told(client, "keys tls"));
    }
  }

  @Test
  @Tag("A23")
  void fingerprints() throws Exception {
    try (Visitor client = named("x", papers.keys())) {
      for (Digest digest : Digest.values()) {
        Fingerprint print = Fingerprint.of(digest, papers.leaf());
        String said = told(client, "print " + digest.word());
        assertEquals(print.hex() + " " + print.colons(), said);
        int size = digest.size();
        ROWS.fits(
            "A23",
            digest.word() + ", in both forms",
            "[0-9a-f]{" + 2 * size + "} ([0-9A-F]{2}:){" + (size - 1) + "}[0-9A-F]{2}",
            said);
      }
      ROWS.shows("A23", "a digest that there is not", MISTAKE, site(client, "print md4"));
      ROWS.shows("A23", "unless asked for", "null", seen(client, "tls.peer_cert.fingerprint"));
    }
  }

  /** What the hook tells of a TLS like this. */
  private static String under(String protocol, String suite, String order) throws Exception {
    try (Visitor plain = Visitor.at(server, "submissions")) {
      Visitor client =
          plain.tls(
              "mail.example.org",
              p -> {
                p.setProtocols(new String[] {protocol});
                p.setCipherSuites(new String[] {suite});
              });
      client.hear();
      client.ask("EHLO x");
      return told(client, order);
    }
  }

  private static final String AES_128 = "TLS_AES_128_GCM_SHA256";
  private static final String AES_256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";

  @Test
  @Tag("A25")
  void protocol() throws Exception {
    ROWS.shows("A25", "usually", "TLSv1.3", seen("tls.protocol"));
    ROWS.shows(
        "A25", "of an older client", "TLSv1.2", under("TLSv1.2", AES_256, "see tls.protocol"));
  }

  @Test
  @Tag("A26")
  void ciphers() throws Exception {
    ROWS.shows("A26", "of TLS 1.3", AES_128, under("TLSv1.3", AES_128, "see tls.ciphers"));
    ROWS.shows(
        "A26",
        "of TLS 1.2",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        under("TLSv1.2", AES_256, "see tls.ciphers"));
    ROWS.shows("A26", "the same by its IANA name", AES_256, under("TLSv1.2", AES_256, "cipher"));
  }

  @Test
  @Tag("A27")
  void keysize() throws Exception {
    ROWS.shows("A27", "of AES-128", "128", under("TLSv1.3", AES_128, "see tls.keysize"));
    ROWS.shows("A27", "of AES-256", "256", under("TLSv1.2", AES_256, "see tls.keysize"));
  }

  @Test
  @Tag("A28")
  void peer_cert() throws Exception {
    try (Visitor client = named("x", papers.keys())) {
      ROWS.shows(
          "A28",
          "its names",
          "[subject, issuer, subject_alt_name, version, serial_number, not_valid_before,"
              + " not_valid_after]",
          told(client, "keys tls.peer_cert"));
      ROWS.shows("A28", "`subject`", "{CN=anna}", seen(client, "tls.peer_cert.subject"));
      ROWS.shows("A28", "`version`, 2 is v3", "2", seen(client, "tls.peer_cert.version"));
      ROWS.fits(
          "A28", "`serial_number`", "([0-9a-f]{2})+", seen(client, "tls.peer_cert.serial_number"));
      ROWS.fits(
          "A28", "`not_valid_after`", "[0-9]{10}", seen(client, "tls.peer_cert.not_valid_after"));
    }
    ROWS.shows("A28", "where none was shown", "null", seen("tls.peer_cert"));
  }

  @Test
  @Tag("A29")
  void peer_cert_error() throws Exception {
    ROWS.shows("A29", "self-signed", "18", seen("tls.peer_cert_error", papers.keys()));
    ROWS.shows("A29", "where none was shown", "0", seen("tls.peer_cert_error"));
  }

  @Test
  @Tag("A30")
  void an_error_of_the_hook_is_a_defer() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("A30", "an exception", MISTAKE, site(client, "throw"));
      ROWS.shows("A30", "StackOverflowError", MISTAKE, site(client, "recurse"));
      ROWS.shows("A30", "no answer in time", MISTAKE, site(client, "sleep"));
    }
  }

  @Test
  @Tag("A31")
  void saying_nothing_is_a_reject() throws Exception {
    try (Visitor client = named("silent")) {
      ROWS.shows("A31", "`return null`", NO, site(client, "null"));
      ROWS.shows("A31", "at PLAIN", NO, client.plain("anna@example.org", "correct horse"));
    }
  }

  @Test
  @Tag("A32")
  void the_diagram() throws Exception {
    try (Visitor client = named("x")) {
      client.ask("AUTH X-SITE");
      ROWS.shows("A32", "`*`", "501 5.7.0 Authentication cancelled", client.ask("*"));
      client.ask("AUTH X-SITE");
      ROWS.shows("A32", "no base64", "501 5.5.2 That is not base64", client.ask("#"));
      ROWS.shows("A32", "so far the hook was asked", "3", told(client, "kept calls"));
      ROWS.shows(
          "A32", "no base64 at first", "501 5.5.2 That is not base64", client.ask("AUTH X-SITE #"));
      client.say("AUTH X-SITE", "NOOP", "*");
      client.hear();
      ROWS.shows(
          "A32",
          "a line sent along is the answer, no command",
          "state 1, 3 octets",
          prompt(client.hear()));
      client.hear();
      client.ask("AUTH X-SITE");
      client.answer("abc");
      ROWS.shows("A32", "the next exchange", "0", seenBehindCancel(client));
    }
    try (Visitor client = named("idles")) {
      client.ask("AUTH X-SITE");
      ROWS.shows(
          "A32",
          "no answer for too long",
          "421 4.4.2 Nothing heard for too long; closing. Please connect again",
          client.hear());
    }
    try (Visitor client = local()) {
      client.ask("EHLO x");
      client.ask("AUTH X-SITE");
      client.finish();
      ROWS.shows("A32", "the client hangs up", "gone", client.hear());
    }
  }

  private static String seenBehindCancel(Visitor client) throws Exception {
    client.ask("*");
    return seen(client, "saslstate");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_row_was_played_and_the_page_says_so() throws Exception {
    ROWS.compare("A", 1, 32);
  }
}
