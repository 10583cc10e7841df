package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import heddle.control.Answer;
import heddle.control.Verb;
import heddle.control.Verbs;
import heddle.event.Event;
import heddle.event.Facts;
import heddle.event.JsonLine;
import heddle.event.Logfmt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/**
 * Whatever a client says of its secret, and wherever it says it by mistake: no log, no trace, no
 * history, no event, no answer and no file of ours has it, as it is, in hex, or in base64.
 */
class SecretsProperties {
  private static final String ANNA = "anna@example.org";
  private static TestServer server;
  private static final List<String> SECRETS = new ArrayList<>();

  /** How a client loses its secret. */
  enum Way {
    PLAIN,
    PLAIN_ASKED,
    LOGIN,
    LOGIN_GIVEN_UP,
    LOGIN_WITH_INITIAL,
    SCRAM_NONSENSE,
    XOAUTH2,
    AS_A_COMMAND,
    AS_A_COMMAND_IN_BASE64,
    BEHIND_A_VERB,
    BROKEN_BASE64,
    AUTH_WITHOUT_MECHANISM,
    UNKNOWN_MECHANISM,
    IN_CLEAR,
    TOO_LONG,
    TWICE_IN_ONE_LINE,
    RIGHT
  }

  @BeforeContainer
  static void a_server() throws Exception {
    server =
        TestServer.start(
            """
            [session]
            max-errors = 200
            [session.auth]
            mechanisms = ["PLAIN", "LOGIN", "SCRAM-SHA-256", "CRAM-MD5"]
            [session.auth.errors]
            total = 100
            wait = "1ms"
            """);
  }

  @AfterContainer
  static void gone() {
    server.close();
  }

  @Provide
  Arbitrary<String> secrets() {
    return Arbitraries.strings()
        .withCharRange('!', '~')
        .ofMinLength(10)
        .ofMaxLength(24)
        .filter(s -> !s.contains("example") && s.chars().distinct().count() > 6);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void lose(Way way, String secret) throws Exception {
    String plain = base64("\0" + ANNA + "\0" + secret);
    try (Visitor client =
        way == Way.IN_CLEAR
            ? Visitor.at(server, "submission")
            : Visitor.named(server, "client.example")) {
      switch (way) {
        case PLAIN -> client.ask("AUTH PLAIN " + plain);
        case PLAIN_ASKED -> {
          client.ask("AUTH PLAIN");
          client.ask(plain);
        }
        case LOGIN -> {
          client.ask("AUTH LOGIN");
          client.ask(base64(ANNA));
          client.ask(base64(secret));
        }
        case LOGIN_GIVEN_UP -> {
          client.ask("AUTH LOGIN");
          client.ask(base64(secret));
          client.ask("*");
        }
        case LOGIN_WITH_INITIAL -> {
          client.ask("AUTH LOGIN " + base64(ANNA));
          client.ask(base64(secret));
        }
        case SCRAM_NONSENSE -> {
          client.ask("AUTH SCRAM-SHA-256 " + base64("n,,n=anna,r=" + secret.replace(',', '.')));
          client.ask(base64("c=biws,r=" + secret.replace(',', '.') + ",p=AAAA"));
        }
        case XOAUTH2 -> client.ask("AUTH XOAUTH2 " + base64("user=a\1auth=Bearer " + secret));
        case AS_A_COMMAND -> client.ask(secret);
        case AS_A_COMMAND_IN_BASE64 -> client.ask(base64(secret));
        case BEHIND_A_VERB -> client.ask("NOOP " + secret);
        case BROKEN_BASE64 -> client.ask("AUTH PLAIN " + secret + "!");
        case AUTH_WITHOUT_MECHANISM -> client.ask("AUTH  " + plain);
        case UNKNOWN_MECHANISM -> client.ask("AUTH NTLM " + plain);
        case IN_CLEAR -> {
          client.hear();
          client.ask("EHLO client.example");
          client.ask("AUTH PLAIN " + plain);
          client.ask(plain);
        }
        case TOO_LONG -> client.ask("AUTH PLAIN " + plain + "A".repeat(13_000));
        case TWICE_IN_ONE_LINE -> client.ask("AUTH PLAIN " + plain + " " + plain);
        case RIGHT -> {
          TestHome.ask(
              server.heddle(), "user.password", Map.of("address", ANNA, "password", secret));
          client.ask("AUTH PLAIN " + plain);
          client.ask("NOOP");
        }
      }
      client.ask("QUIT");
    } catch (java.io.IOException hungUp) {
      // The server may end a conversation that goes so wrong.
    }
  }

  /** Each text of ours about what happened since, by what it is. */
  private static Map<String, String> told(int since) {
    Map<String, String> texts = new HashMap<>();
    List<Event> events = server.events();
    var log = new StringBuilder();
    var json = new StringBuilder();
    var records = new StringBuilder();
    for (Event event : events.subList(since, events.size())) {
      Facts facts = Facts.of(event);
      log.append(Logfmt.line(facts)).append('\n');
      json.append(JsonLine.of(Instant.EPOCH, facts)).append('\n');
      records.append(event).append('\n');
    }
    texts.put("text log", log.toString());
    texts.put("JSON log", json.toString());
    texts.put("toString", records.toString());
    return texts;
  }

  private static void clean(Leaks leaks, Map<String, String> texts) {
    texts.forEach(
        (what, text) ->
            assertEquals(Optional.empty(), leaks.in(text), () -> what + " tells it:\n" + text));
  }

  @Property(tries = 400)
  void no_secret_is_told(@ForAll("secrets") String secret, @ForAll Way way) throws Exception {
    int since = server.events().size();
    lose(way, secret);
    TestHome.settled(server.heddle());
    SECRETS.add(secret);
    clean(new Leaks(secret), told(since));
    Answer trace = TestHome.ask(server.heddle(), "session.trace", Map.of("last", "127.0.0.1"));
    clean(new Leaks(secret), Map.of("session trace", trace.toString()));
    Statistics.label("way")
        .collect(way)
        .coverage(
            coverage -> {
              for (Way each : Way.values()) {
                coverage.check(each).count(c -> c > 0);
              }
            });
    if (SECRETS.size() % 100 == 0) {
      everywhere();
    }
  }

  /** All answers to those who look, and every row and file, of all secrets so far. */
  private static void everywhere() throws Exception {
    Map<String, String> texts = new HashMap<>();
    Map<String, String> args =
        Map.of("what", ANNA, "user", ANNA, "id", "00000", "kind", "user", "last", "127.0.0.1");
    for (Verb verb : Verbs.all()) {
      if (verb.reach() != Verb.Reach.CHANGING
          && !List.of("doctor.run", "backup.state", "cert.test").contains(verb.name())) {
        Map<String, String> own = new HashMap<>();
        verb.args().stream()
            .filter(
                a -> args.containsKey(a.name()) && (a.needed() || verb.name().contains("trace")))
            .forEach(a -> own.put(a.name(), String.valueOf(args.get(a.name()))));
        own.computeIfPresent("id", (_, id) -> own.containsKey("last") ? null : id);
        texts.put(verb.name(), TestHome.ask(server.heddle(), verb.name(), own).toString());
      }
    }
    Path history = server.home().history();
    var rows = new StringBuilder();
    try (var c = DriverManager.getConnection("jdbc:sqlite:" + history);
        var s = c.createStatement();
        var r = s.executeQuery("SELECT name || fields FROM event UNION SELECT word FROM mention")) {
      while (r.next()) {
        rows.append(r.getString(1)).append('\n');
      }
    }
    texts.put("events.db", rows.toString());
    try (var files = Files.walk(server.home().root())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.put(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    for (String secret : SECRETS) {
      clean(new Leaks(secret), texts);
    }
    assertTrue(texts.get("events.db").contains("auth-failed"), "it would have been seen there");
  }

  /** What would find a leak, finds one: an event that tells a secret on purpose. */
  @Example
  void an_event_that_leaks_on_purpose_is_caught_in_each_form() {
    String secret = "correct-horse-9f4k";
    var found = new AtomicInteger();
    for (String words :
        List.of(
            secret,
            "password=" + secret,
            base64(secret),
            base64("\0a\0" + secret),
            base64("\0an\0" + secret + "x"),
            base64("\0ann\0" + secret + "xy"),
            java.util.HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)))) {
      int since = server.events().size();
      TestHome.tell(
          server.heddle(),
          new Event.HookPrinted(Optional.empty(), "Leaky", "a hook says " + words));
      told(since)
          .forEach(
              (what, text) -> {
                assertTrue(new Leaks(secret).in(text).isPresent(), what + ": " + text);
                found.incrementAndGet();
              });
    }
    assertEquals(21, found.get());
    assertEquals(Optional.empty(), new Leaks("another-secret-7").in("correct-horse-9f4k"));
  }
}
