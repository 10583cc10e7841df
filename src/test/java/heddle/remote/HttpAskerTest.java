package heddle.remote;

import static heddle.remote.Questions.ask;
import static heddle.remote.Questions.told;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import heddle.dial.Papers;
import heddle.dial.Peer;
import heddle.dial.Trust;
import heddle.mail.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** A web service that is asked who may log in. */
class HttpAskerTest {
  private Papers papers;
  private HttpsServer server;
  private volatile int status = 200;
  private volatile String answer = "";
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> authorization = new CopyOnWriteArrayList<>();
  private final List<String> shown = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() throws Exception {
    papers = Papers.of("localhost", Duration.ofDays(1));
    open(new HttpsConfigurator(papers.context()));
  }

  private void open(HttpsConfigurator tls) throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(tls);
    server.createContext(
        "/check",
        exchange -> {
          asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          authorization.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          try (var out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private HttpAsker asker() {
    return asker(site(), Optional.empty());
  }

  private Trust site() {
    return new Trust.Site(List.of(papers.authority()));
  }

  private HttpAsker asker(Trust trust, Optional<SecretSource> bearer) {
    return new HttpAsker(
        new HttpSettings(url("localhost"), trust, Optional.empty(), bearer, false));
  }

  private URI url(String host) {
    return URI.create("https://" + host + ":" + server.getAddress().getPort() + "/check");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      value = {
        "200 | `` | yes",
        "204 | `` | yes",
        "200 | {\"username\": \"anna\", \"groups\": [\"staff\", 1, \"vip\"]} | yes anna [staff, vip]",
        "200 | {\"username\": 7, \"groups\": \"staff\"} | yes",
        "200 | {\"username\": \" \"} | yes",
        "200 | [\"anna\"] | unavailable: it answered 200 with what is no JSON object",
        "200 | {\"username\": | unavailable: it answered 200 with what is no JSON object",
        "200 | <html>welcome | unavailable: it answered 200 with what is no JSON object",
        "201 | {\"ok\": false} | yes",
        "401 | `` | no WRONG",
        "403 | `` | no WRONG",
        "401 | {\"reason\": \"unknown-user\"} | no UNKNOWN",
        "403 | {\"reason\": \"disabled\"} | no DISABLED",
        "401 | {\"reason\": \"expired\"} | expired",
        "401 | {\"reason\": \"other\"} | no WRONG",
        "401 | {\"reason\": [\"disabled\"]} | no WRONG",
        "401 | gone | no WRONG",
        "301 | `` | unavailable: it answered 301",
        "302 | `` | unavailable: it answered 302",
        "307 | `` | unavailable: it answered 307",
        "400 | {\"reason\": \"disabled\"} | unavailable: it answered 400",
        "404 | `` | unavailable: it answered 404",
        "407 | `` | unavailable: it answered 407",
        "429 | `` | unavailable: it answered 429",
        "500 | `` | unavailable: it answered 500",
        "503 | `` | unavailable: it answered 503"
      })
  void the_status_is_the_answer(int status, String body, String verdict) throws Exception {
    this.status = status;
    answer = body == null ? "" : body;
    try (HttpAsker asker = asker()) {
      assertEquals(verdict, told(ask(asker, "anna@example.org", "correct horse")));
    }
    assertEquals(1, asked.size());
  }

  @Test
  void it_is_told_who_asks_and_from_where() throws Exception {
    try (HttpAsker asker = asker(site(), Optional.of(() -> Secret.ofUtf8("abc.DEF-_~+/123==")))) {
      assertEquals("yes", told(ask(asker, "änna@example.org", "p\"ä\\ß\n")));
    }
    Map<String, Object> expected = new TreeMap<>();
    expected.put("username", "änna@example.org");
    expected.put("password", "p\"ä\\ß\n");
    expected.put("address", "192.0.2.7");
    expected.put("mechanism", "PLAIN");
    expected.put("listener", "submission");
    expected.put("hello", "laptop");
    expected.put("secured", true);
    expected.put("connection", "0123456789AB");
    assertEquals(expected, new TreeMap<>(new JsonMapper().readValue(asked.getFirst(), Map.class)));
    assertEquals(List.of("Bearer abc.DEF-_~+/123=="), authorization);
  }

  @Test
  void the_token_is_read_anew_and_one_that_is_none_is_told_to_nobody() throws Exception {
    var tokens = new ArrayList<>(List.of("one", "two", "bad\r\ntoken", ""));
    try (HttpAsker asker = asker(site(), Optional.of(() -> Secret.ofUtf8(tokens.removeFirst())))) {
      assertEquals("yes", told(ask(asker, "anna", "x")));
      assertEquals("yes", told(ask(asker, "anna", "x")));
      for (int i = 0; i < 2; i++) {
        assertEquals(
            "unavailable: the bearer token has signs that a header cannot carry",
            told(ask(asker, "anna", "x")));
      }
    }
    try (HttpAsker asker =
        asker(
            site(),
            Optional.of(
                () -> {
                  throw new IOException("/secret/path");
                }))) {
      assertEquals("unavailable: the bearer token cannot be read", told(ask(asker, "anna", "x")));
    }
    assertEquals(List.of("Bearer one", "Bearer two"), authorization);
  }

  @Test
  void the_certificate_has_to_name_the_host_unless_it_is_pinned() throws Exception {
    try (HttpAsker asker = asker(new Trust.Public(), Optional.empty())) {
      assertEquals(
          "unavailable: certificate refused: its issuer is not trusted",
          told(ask(asker, "anna", "x")));
    }
    for (Trust trust : List.of(site(), new Trust.AllowInvalid())) {
      try (HttpAsker asker =
          new HttpAsker(
              new HttpSettings(
                  url("127.0.0.1"), trust, Optional.empty(), Optional.empty(), false))) {
        assertEquals(
            trust instanceof Trust.AllowInvalid
                ? "yes"
                : "unavailable: certificate refused: it is for another host",
            told(ask(asker, "anna", "x")));
      }
    }
    assertEquals(1, asked.size());
  }

  @Test
  void our_own_certificate_is_shown() throws Exception {
    server.stop(0);
    open(
        new HttpsConfigurator(TrustingContext.of(papers, shown)) {
          @Override
          public void configure(HttpsParameters parameters) {
            var wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    try (HttpAsker asker = asker()) {
      assertTrue(told(ask(asker, "anna", "x")).startsWith("unavailable: "));
    }
    Papers ours = Papers.of("client", Duration.ofDays(1));
    try (HttpAsker asker =
        new HttpAsker(
            new HttpSettings(
                url("localhost"),
                site(),
                Optional.of(TrustingContext.key(ours)),
                Optional.empty(),
                false))) {
      assertEquals("yes", told(ask(asker, "anna", "x")));
    }
    assertEquals(List.of("CN=client"), shown);
  }

  @Test
  void a_body_beyond_all_measure_is_no_answer() throws Exception {
    answer = "{\"username\":\"anna\",\"x\":\"" + "x".repeat(70_000) + "\"}";
    try (HttpAsker asker = asker()) {
      assertEquals("unavailable: no whole answer came", told(ask(asker, "anna", "x")));
    }
  }

  private static String toldBy(Peer.Script script) throws Exception {
    try (Peer peer = Peer.playing(script);
        HttpAsker asker = plain("http://127.0.0.1:" + peer.port() + "/check")) {
      long before = System.nanoTime();
      String told = told(ask(asker, "anna", "x", Duration.ofSeconds(1)));
      assertTrue(System.nanoTime() - before < 3_000_000_000L, told);
      return told;
    }
  }

  private static HttpAsker plain(String url) {
    return new HttpAsker(
        new HttpSettings(
            URI.create(url), new Trust.Public(), Optional.empty(), Optional.empty(), false));
  }

  @Test
  void an_answer_that_is_late_ends_by_the_deadline() throws Exception {
    String late = "unavailable: no answer in time at the question";
    assertEquals(late, toldBy(wire -> wire.stayStill()));
    assertEquals(
        late,
        toldBy(
            wire -> {
              wire.raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{");
              wire.stayStill();
            }));
    assertEquals(
        late,
        toldBy(
            wire -> {
              wire.raw("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n");
              drip(wire, "{");
            }));
    assertEquals(
        late,
        toldBy(
            wire -> {
              wire.raw("HTTP/1.1 200 OK\r\nX: ");
              drip(wire, "x");
            }));
  }

  private static void drip(Peer.Wire wire, String octet) throws Exception {
    while (true) {
      wire.raw(octet);
      Thread.sleep(50);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 two hundred\r\n\r\n",
        "220 mail.example ESMTP\r\n",
        "\0\1\2\3\r\n\r\n"
      })
  void half_an_answer_or_garbage_is_none(String said) throws Exception {
    String told =
        toldBy(
            wire -> {
              while (!wire.hear().isEmpty()) {
                // The headers of the question.
              }
              wire.raw(said);
              wire.hangUp();
            });
    assertEquals("unavailable: no whole answer came", told);
  }

  @Test
  void who_does_not_listen_is_not_there() throws Exception {
    int port;
    try (Peer peer = Peer.playing(wire -> {})) {
      port = peer.port();
    }
    try (HttpAsker asker = plain("http://localhost:" + port + "/")) {
      assertEquals("unavailable: no connection", told(ask(asker, "anna", "x")));
    }
  }

  @Test
  void a_password_goes_to_no_other_machine_in_clear() throws Exception {
    for (String url :
        List.of("http://192.0.2.9/", "http://127.0.0.1.example/", "HTTP://login.example.org/")) {
      try (HttpAsker asker = plain(url)) {
        assertEquals(
            "unavailable: a password is not sent without TLS", told(ask(asker, "anna", "x")));
      }
    }
  }

  @Test
  void a_line_that_died_while_nobody_looked_is_replaced() throws Exception {
    try (HttpAsker asker = asker()) {
      assertEquals("yes", told(ask(asker, "anna", "x")));
      var address = server.getAddress();
      var handler = server.getHttpsConfigurator();
      server.stop(0);
      assertFalse(told(ask(asker, "anna", "x")).startsWith("yes"));
      server = HttpsServer.create(address, 0);
      server.setHttpsConfigurator(handler);
      server.createContext(
          "/check",
          exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
      assertEquals("yes", told(ask(asker, "anna", "x")));
    }
  }

  @Test
  void a_line_that_is_closed_instead_of_an_answer_is_replaced_once() throws Exception {
    var questions = new CopyOnWriteArrayList<String>();
    try (Peer peer =
            Peer.playing(
                wire -> {
                  for (int i = 0; i < 2; i++) {
                    for (String line = wire.hear(); !line.isEmpty(); line = wire.hear()) {
                      if (line.startsWith("POST")) {
                        questions.add(line);
                      }
                    }
                    if (i == 1) {
                      wire.hangUp();
                      return;
                    }
                    wire.octets(1);
                    wire.raw("HTTP/1.1 204 No Content\r\n\r\n");
                    drain(wire);
                  }
                });
        HttpAsker asker = plain("http://127.0.0.1:" + peer.port() + "/")) {
      assertEquals("yes", told(ask(asker, "anna", "x")));
      assertEquals("yes", told(ask(asker, "anna", "x")));
      assertEquals(3, questions.size());
    }
  }

  private static void drain(Peer.Wire wire) throws IOException {
    // Each of our questions is one JSON object.
    int depth = 1;
    while (depth > 0) {
      byte[] octet = wire.octets(1);
      depth += octet[0] == '{' ? 1 : octet[0] == '}' ? -1 : 0;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://example.org/, url is no address of a web service",
    "login.example.org, url is no address of a web service",
    "https:///check, url is no address of a web service",
    "https://u:p@example.org/, 'url has a user or a fragment, which would not be sent'",
    "https://example.org/#x, 'url has a user or a fragment, which would not be sent'",
    "https://example.org/, ''"
  })
  void some_addresses_cannot_be_asked(String url, String complaint) {
    assertEquals(complaint, HttpAsker.complaint(URI.create(url)).orElse(""));
  }
}
