package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import heddle.config.ConfigReader;
import heddle.config.Durations;
import heddle.config.HeddleConfig;
import heddle.config.Outcome;
import heddle.dial.Papers;
import heddle.event.Event;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Stalwart's AUTH stage, row by row, with an IMAP server behind it; the name of EHLO chooses how
 * that is asked.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeedStageTest {
  @RegisterExtension
  static final Rows ROWS =
      new Rows(
          Seed.STAGE,
          """
          B1 `mechanisms`; an empty list turns AUTH off
          B2 PLAIN, LOGIN and OAUTHBEARER
          B3 values with conditions: in order, the first that holds, or `else`
          B4 `lookup`, the path of who is asked, or `false`
          B5 `require`
          B6 `errors.total`, then the session is disconnected
          B7 `errors.wait`, after a failure
          B8 `[remote."imap"]` with `address`, `port` and `protocol`
          B9 `concurrency`
          B10 `timeout`
          B11 `lookup = true`
          B12 `cache.entries`
          B13 `cache.ttl`, of a yes and of a no
          B14 `tls.implicit`
          B15 `tls.allow-invalid-certs`
          B16 durations
          """);

  private static final String CONFIG =
      """
      [listener.smtp]
      bind = ["127.0.0.1:0"]
      tls = "implicit"
      [session]
      max-errors = 1000
      [session.auth]
      mechanisms = [
        { if = "listener", eq = "smtp", then = [] },
        { if = "helo", eq = "first", then = ["plain"] },
        { if = "helo", starts-with = "fir", then = ["login"] },
        { else = ["plain", "login", "oauthbearer"] } ]
      lookup = [
        { if = "helo", eq = "nowhere", then = false },
        { if = "helo", in = ["keeps", "afresh", "brief", "implicit", "wary", "away"], then = "remote/keeps" },
        { else = "remote/imap" } ]
      require = [ { if = "listener", ne = "smtp", then = true }, { else = false } ]
      [session.auth.errors]
      total = [ { if = "helo", eq = "three", then = 3 }, { else = 1000 } ]
      wait = [ { if = "helo", eq = "waits", then = "700ms" }, { else = "1ms" } ]
      [token.provider]
      issuer = "https://login.example.org"
      audience = "heddle"
      jwks = "https://localhost:1/jwks"
      """;

  /** Each a way to ask; the keys behind {@code protocol} differ. */
  private static final List<String> WAYS =
      List.of("imap", "keeps", "few", "brief", "implicit", "wary", "away");

  private static String remote(String name, int port, String keys, String cache, String tls) {
    return """
    [remote.%s]
    address = "localhost"
    port = %d
    protocol = "imap"
    lookup = true
    %s
    [remote.%s.cache]
    %s
    [remote.%s.tls]
    %s
    """
        .formatted(name, port, keys, name, cache, name, tls);
  }

  private static final String IN = "235 2.7.0 Logged in";
  private static final String NO = "535 5.7.8 Wrong user name or password";
  private static final String LATER =
      "454 4.7.0 Logins cannot be checked at the moment; try again later";
  private static final String OFF = "503 5.5.1 Logging in is not offered on this port";
  private static final String ANNA = "anna@example.org";
  private static final String PASSWORD = "over the hills";
  private static ImapHouse house;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    house = new ImapHouse(Papers.of("elsewhere.example", Duration.ofDays(1)), PASSWORD);
    String lookups =
        WAYS.stream()
            .skip(1)
            .map(w -> "  { if = \"helo\", eq = \"%s\", then = \"remote/%s\" },\n".formatted(w, w))
            .collect(Collectors.joining());
    String config =
        CONFIG.replaceFirst(
            "(?m)^  \\{ if = \"helo\", in = \\[\"keeps\".*\\n", lookups.replace("\\", "\\\\"));
    String none = "entries = 0";
    String any = "allow-invalid-certs = true";
    server =
        TestServer.start(
            config
                + remote("imap", house.port(), "", none, any)
                + remote(
                    "keeps",
                    house.port(),
                    "",
                    "entries = 1000\nttl = { positive = \"2s\", negative = \"1s\" }",
                    any)
                + remote("few", house.port(), "concurrency = 2", none, any)
                + remote("brief", house.port(), "timeout = \"400ms\"", none, any)
                + remote("implicit", house.tlsPort(), "", none, "implicit = true\n" + any)
                + remote("wary", house.port(), "", none, "")
                + remote("away", 1, "", none, any));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    house.close();
  }

  private static Visitor named(String name) throws Exception {
    return Visitor.named(server, name);
  }

  private static Visitor stranger() throws Exception {
    Visitor visitor = Visitor.at(server, "smtp").tls();
    visitor.hear();
    return visitor;
  }

  private static String login(String name, String user, String password) throws Exception {
    try (Visitor client = named(name)) {
      return client.plain(user, password);
    }
  }

  private static String offered(String greeting) {
    return greeting
        .lines()
        .flatMap(l -> List.of(l.split("\\|")).stream())
        .filter(l -> l.contains("AUTH"))
        .map(l -> l.substring(4))
        .findFirst()
        .orElse("nothing");
  }

  private static String offeredTo(String name) throws Exception {
    try (Visitor client = named(name)) {
      return offered(client.ask("EHLO " + name));
    }
  }

  private static long millis(Callable<String> question, String expected) throws Exception {
    long began = System.nanoTime();
    assertEquals(expected, question.call());
    return Duration.ofNanos(System.nanoTime() - began).toMillis();
  }

  private static String complaint(String toml) {
    return switch (ConfigReader.read("heddle.toml", toml)) {
      case Outcome.Valid _ -> "good";
      case Outcome.Invalid(var problems) -> problems.getFirst().toString();
    };
  }

  @Test
  @Tag("B1")
  void mechanisms() throws Exception {
    ROWS.shows("B1", "EHLO", "AUTH PLAIN LOGIN OAUTHBEARER", offeredTo("x"));
    try (Visitor client = stranger()) {
      ROWS.shows("B1", "EHLO, of an empty list", "nothing", offered(client.ask("EHLO x")));
      ROWS.shows("B1", "AUTH all the same", OFF, client.plain(ANNA, PASSWORD));
    }
    ROWS.elsewhere("B1", "the seed's own file", "real/SeedRemoteIT");
  }

  @Test
  @Tag("B2")
  void plain_login_and_oauthbearer() throws Exception {
    ROWS.shows("B2", "PLAIN", IN, login("x", ANNA, PASSWORD));
    try (Visitor client = named("x")) {
      client.ask("AUTH LOGIN");
      client.answer(ANNA);
      ROWS.shows("B2", "LOGIN", IN, client.answer(PASSWORD));
    }
    try (Visitor client = named("x")) {
      String token = "n,a=anna@example.org,\u0001auth=Bearer abc\u0001\u0001";
      ROWS.shows(
          "B2",
          "OAUTHBEARER, of a token that is not good",
          "{\"status\":\"invalid_token\"}",
          Speaker.prompt(client.auth("OAUTHBEARER", token)));
      ROWS.shows("B2", "then", NO, client.ask("AQ=="));
    }
    ROWS.elsewhere("B2", "tokens of an issuer, OAUTHBEARER's among them", "directory/TokensTest");
    ROWS.elsewhere("B2", "by the libraries of others", "real/MechanismsIT");
  }

  @Test
  @Tag("B3")
  void values_with_conditions() throws Exception {
    ROWS.shows("B3", "two rules hold: the first", "AUTH PLAIN", offeredTo("first"));
    ROWS.shows("B3", "the second alone holds", "AUTH LOGIN", offeredTo("firm"));
    ROWS.shows("B3", "none holds", "AUTH PLAIN LOGIN OAUTHBEARER", offeredTo("x"));
    try (Visitor client = named("x")) {
      client.ask("EHLO firm");
      ROWS.shows("B3", "at each use anew", "AUTH PLAIN", offered(client.ask("EHLO first")));
    }
    try (Visitor plain = Visitor.at(server, "submission")) {
      plain.hear();
      ROWS.shows("B3", "before STARTTLS", "nothing", offered(plain.ask("EHLO first")));
      plain.ask("STARTTLS");
      ROWS.shows("B3", "behind it", "AUTH PLAIN", offered(plain.tls().ask("EHLO first")));
    }
    ROWS.shows(
        "B3",
        "a list without `else`",
        "heddle.toml:2:1",
        complaint("[session.auth]\nrequire = [ { if = \"helo\", eq = \"x\", then = true } ]\n")
            .split(" ")[0]);
    ROWS.elsewhere("B3", "every operator", "config/ConditionTest");
    ROWS.elsewhere("B3", "the seed's own file", "real/SeedRemoteIT");
  }

  @Test
  @Tag("B4")
  void lookup() throws Exception {
    int calls = house.calls();
    ROWS.shows("B4", "`remote/imap`", IN, login("x", ANNA, PASSWORD));
    ROWS.shows("B4", "questions at port 143", 1, house.calls() - calls);
    ROWS.shows("B4", "our own list is not asked", NO, login("x", ANNA, "correct horse"));
    ROWS.shows("B4", "EHLO, of `false`", "nothing", offeredTo("nowhere"));
    ROWS.shows("B4", "AUTH, of `false`", OFF, login("nowhere", ANNA, PASSWORD));
    ROWS.shows(
        "B4",
        "a path to nowhere",
        true,
        complaint("[session.auth]\nlookup = \"remote/imp\"\n")
            .contains("there is no table [remote.imp]"));
  }

  @Test
  @Tag("B5")
  void require() throws Exception {
    try (Visitor client = named("x")) {
      String first = "530 5.7.0 Please log in first (check the outgoing server's settings)";
      for (String line : List.of("MAIL FROM:<" + ANNA + ">", "VRFY anna")) {
        ROWS.shows("B5", "`" + line + "`", first, client.ask(line));
      }
      for (String line : List.of("NOOP", "RSET", "EHLO x")) {
        ROWS.fits("B5", "`" + line + "`", "250.*", client.ask(line));
      }
      client.plain(ANNA, PASSWORD);
      ROWS.fits("B5", "then", "250 .*", client.ask("MAIL FROM:<" + ANNA + ">"));
    }
    try (Visitor client = stranger()) {
      client.ask("EHLO x");
      ROWS.fits("B5", "`false`: a stranger", "250 .*", client.ask("MAIL FROM:<a@example.com>"));
      ROWS.fits("B5", "writes to us", "250 .*", client.ask("RCPT TO:<" + ANNA + ">"));
      ROWS.shows(
          "B5",
          "and to nobody else",
          "550 5.7.1 Without a login only our own addresses can be written to",
          client.ask("RCPT TO:<bob@example.net>"));
    }
  }

  @Test
  @Tag("B6")
  void errors_total() throws Exception {
    try (Visitor client = named("three")) {
      ROWS.shows("B6", "no answer from there", LATER, client.plain("later@example.org", PASSWORD));
      ROWS.shows("B6", "a wrong password, the first", NO, client.plain(ANNA, "wrong"));
      client.ask("AUTH LOGIN");
      ROWS.shows("B6", "`*`, the second", "501 5.7.0 Authentication cancelled", client.ask("*"));
      ROWS.shows(
          "B6",
          "the third",
          "421 4.7.0 Too many failed logins; closing. Please check name and password",
          client.plain(ANNA, "wrong"));
      ROWS.shows("B6", "then", "gone", client.hear());
    }
    ROWS.elsewhere("B6", "3, as in the seed's own file", "real/SeedRemoteIT");
  }

  @Test
  @Tag("B7")
  void errors_wait() throws Exception {
    try (Visitor client = named("waits")) {
      long took = millis(() -> client.plain(ANNA, "wrong"), NO);
      ROWS.shows("B7", "700 ms: 535 comes behind it", true, took >= 700);
      took = millis(() -> client.plain("later@example.org", PASSWORD), LATER);
      ROWS.shows("B7", "454 does not wait", true, took < 700);
      took = millis(() -> client.plain(ANNA, PASSWORD), IN);
      ROWS.shows("B7", "235 does not wait", true, took < 700);
    }
    ROWS.elsewhere("B7", "5s, as in the seed's own file", "real/SeedRemoteIT");
  }

  @Test
  @Tag("B8")
  void an_imap_server() throws Exception {
    ROWS.shows("B8", "the right password", IN, login("x", ANNA, PASSWORD));
    ROWS.shows("B8", "what it heard", "anna@example.org / over the hills", house.last());
    ROWS.shows("B8", "`NO [AUTHENTICATIONFAILED]`", NO, login("x", ANNA, "wrong"));
    ROWS.shows("B8", "`NO [UNAVAILABLE]`", LATER, login("x", "later@example.org", PASSWORD));
    ROWS.shows("B8", "`BYE`", LATER, login("x", "bye@example.org", PASSWORD));
    ROWS.shows("B8", "a line that breaks", LATER, login("x", "gone@example.org", PASSWORD));
    String odd = "a\" {3}\\ \u00fc";
    ROWS.shows("B8", "a password of odd signs", NO, login("x", ANNA, odd));
    ROWS.shows("B8", "what it heard", ANNA + " / " + odd, house.last());
    ROWS.shows("B8", "nobody at that port", LATER, login("away", ANNA, PASSWORD));
    ROWS.shows(
        "B8",
        "the administrator is told",
        true,
        server.events().stream()
            .anyMatch(
                e -> e instanceof Event.DirectoryDown d && d.directory().equals("remote/away")));
    ROWS.elsewhere("B8", "Dovecot at port 143, the seed's own file", "real/SeedRemoteIT");
    ROWS.elsewhere("B8", "Dovecot, in every way", "remote/ImapAskerIT");
  }

  @Test
  @Tag("B9")
  void concurrency() throws Exception {
    house.emptied();
    List<FutureTask<String>> logins = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String user = "slow" + i + "@example.org";
      var login = new FutureTask<>(() -> login("few", user, PASSWORD));
      Thread.startVirtualThread(login);
      logins.add(login);
    }
    int in = 0;
    for (var login : logins) {
      in += login.get().equals(IN) ? 1 : 0;
    }
    ROWS.shows("B9", "2, of 8 logins at once: connections at one time", 2, house.most());
    ROWS.shows("B9", "logged in", 8, in);
    ROWS.elsewhere("B9", "who waits for too long is told 454", "directory/RemoteDirectoryTest");
    ROWS.elsewhere("B9", "10, as in the seed's own file", "real/SeedRemoteIT");
  }

  @Test
  @Tag("B10")
  void timeout() throws Exception {
    long took = millis(() -> login("brief", "still@example.org", PASSWORD), LATER);
    ROWS.shows("B10", "400 ms: nothing is said after the login", true, took >= 400 && took < 3000);
    took = millis(() -> login("brief", "drips@example.org", PASSWORD), LATER);
    ROWS.shows("B10", "something else is said all the time", true, took >= 400 && took < 3000);
    ROWS.elsewhere("B10", "1m, as in the seed's own file", "real/SeedRemoteIT");
    ROWS.elsewhere("B10", "silence at each step", "remote/FaultyServersTest");
  }

  @Test
  @Tag("B11")
  void lookup_true() {
    String asked = "[session.auth]\nlookup = \"remote/imap\"\n[remote.imap]\nlookup = ";
    ROWS.shows("B11", "`true`", "good", complaint(asked + "true\n"));
    ROWS.shows(
        "B11",
        "`false`, and it is asked",
        true,
        complaint(asked + "false\n").contains("false, but session.auth.lookup names it"));
  }

  @Test
  @Tag("B12")
  @Tag("B13")
  void cache() throws Exception {
    int calls = house.calls();
    for (int i = 0; i < 5; i++) {
      assertEquals(IN, login("keeps", "kept@example.org", PASSWORD));
    }
    ROWS.shows("B12", "1000: questions for five logins", 1, house.calls() - calls);
    calls = house.calls();
    for (int i = 0; i < 5; i++) {
      assertEquals(IN, login("x", "kept@example.org", PASSWORD));
    }
    ROWS.shows("B12", "0: questions for five logins", 5, house.calls() - calls);
    ROWS.elsewhere("B12", "no more than there is room for", "directory/RemoteDirectoryTest");
    calls = house.calls();
    assertEquals(NO, login("keeps", "kept@example.org", "wrong"));
    assertEquals(NO, login("keeps", "kept@example.org", "wrong"));
    ROWS.shows("B13", "questions for the same no twice", 1, house.calls() - calls);
    ROWS.shows("B13", "it shuts out nobody", IN, login("keeps", "kept@example.org", PASSWORD));
    calls = house.calls();
    Thread.sleep(1050);
    assertEquals(NO, login("keeps", "kept@example.org", "wrong"));
    ROWS.shows("B13", "after `negative`, asked anew", 1, house.calls() - calls);
    Thread.sleep(1000);
    calls = house.calls();
    assertEquals(IN, login("keeps", "kept@example.org", PASSWORD));
    ROWS.shows("B13", "after `positive`, asked anew", 1, house.calls() - calls);
    assertEquals(LATER, login("keeps", "later@example.org", PASSWORD));
    assertEquals(LATER, login("keeps", "later@example.org", PASSWORD));
    ROWS.shows("B13", "no answer is not kept: questions", 3, house.calls() - calls);
    ROWS.elsewhere("B13", "1d and 1h, by a clock of the test", "directory/RemoteDirectoryTest");
    ROWS.elsewhere("B13", "a restart forgets", "real/SeedRemoteIT");
  }

  @Test
  @Tag("B14")
  void tls_implicit() throws Exception {
    ROWS.shows("B14", "`false`", IN, login("x", ANNA, PASSWORD));
    ROWS.shows("B14", "what it was told", "STARTTLS, CAPABILITY, AUTHENTICATE", house.verbs());
    ROWS.shows("B14", "`true`", IN, login("implicit", ANNA, PASSWORD));
    ROWS.shows("B14", "what it was told", "AUTHENTICATE", house.verbs());
    ROWS.elsewhere("B14", "no password without TLS to others", "remote/ImapAskerTest");
  }

  @Test
  @Tag("B15")
  void tls_allow_invalid_certs() throws Exception {
    ROWS.shows("B15", "`true`, a certificate of somebody else", IN, login("x", ANNA, PASSWORD));
    String before = house.last();
    ROWS.shows("B15", "`false`", LATER, login("wary", "wary@example.org", PASSWORD));
    assertEquals(before, house.last());
    ROWS.shows("B15", "what it was told", "STARTTLS", house.verbs());
    ROWS.elsewhere("B15", "pins and authorities of the site", "remote/ImapAskerIT");
  }

  @Test
  @Tag("B16")
  void durations() throws Exception {
    for (String text : List.of("500ms", "5s", "1m", "1h", "1d", "1h30m")) {
      ROWS.shows("B16", text, duration(text), Durations.parse(text).orElseThrow().toString());
    }
    for (String text : List.of("5", "-5s", "1.5h", "30m1h", "")) {
      assertFalse(Durations.parse(text).isPresent(), text);
      ROWS.shows("B16", "\"" + text + "\"", "Optional.empty", "" + Durations.parse(text));
    }
    ROWS.shows("B16", "too long", "Optional.empty", "" + Durations.parse("99999999999999999d"));
    try (var file = SeedStageTest.class.getResourceAsStream("/seed-001.toml")) {
      String seed = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      HeddleConfig config =
          switch (ConfigReader.read("seed", seed)) {
            case Outcome.Valid(var read, var _) -> read;
            case Outcome.Invalid(var problems) -> throw new AssertionError(problems);
          };
      var imap = config.remote().get("imap");
      ROWS.shows(
          "B16",
          "those of the seed",
          "PT1M PT24H PT1H",
          imap.timeout()
              + " "
              + imap.cache().ttl().positive()
              + " "
              + imap.cache().ttl().negative());
    }
    ROWS.elsewhere("B16", "each is read as it is written", "config/ConfigProperties");
  }

  private static String duration(String text) {
    return switch (text) {
      case "500ms" -> "PT0.5S";
      case "5s" -> "PT5S";
      case "1m" -> "PT1M";
      case "1h" -> "PT1H";
      case "1d" -> "PT24H";
      default -> "PT1H30M";
    };
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_row_was_played_and_the_page_says_so() throws Exception {
    ROWS.compare("B", 1, 16);
  }
}
