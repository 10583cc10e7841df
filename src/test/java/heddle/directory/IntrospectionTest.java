package heddle.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import heddle.dial.Fetch;
import heddle.event.Event;
import heddle.mail.Secret;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that say nothing by themselves; the issuer is asked over HTTP (RFC 7662). */
class IntrospectionTest {
  @TempDir Path home;
  private House house;
  private HttpServer issuer;
  private Tokens tokens;
  private int status = 200;
  private String answer = "";
  private final List<String> asked = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    house = new House(home, "example.org");
    house.add("anna@example.org", "pencil");
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    issuer.createContext(
        "/ask",
        exchange -> {
          asked.add(
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    issuer.start();
    tokens =
        Tokens.of(
            List.of(
                new Issuer(
                    "provider",
                    "https://login.example.org",
                    "heddle",
                    new Issuer.Way.Asked(
                        URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/ask"),
                        Optional.of(
                            new Issuer.Client("the server", () -> Secret.ofUtf8("pass:word")))),
                    "email")),
            house.accounts,
            house.clock,
            events::add);
  }

  @AfterEach
  void close() {
    issuer.stop(0);
    house.close();
  }

  private Decision check(String token) throws Exception {
    return tokens.check(
        new Claim.Token(Optional.empty(), Secret.ofUtf8(token)), House.attempt("198.51.100.7"));
  }

  @Test
  void an_active_token_is_whom_the_issuer_says() throws Exception {
    Instant end = house.clock.instant().plusSeconds(600);
    answer =
        "{\"active\":true,\"aud\":[\"x\",\"heddle\"],\"email\":\"Anna@example.org\",\"exp\":%d}"
            .formatted(end.getEpochSecond());
    var accept = (Decision.Accept) check("2YotnFZFEjr1zCsicMWpAA+/=&x");
    assertEquals("anna@example.org", accept.who().authz());
    assertEquals("token:provider", accept.who().credential());
    assertEquals(end.getEpochSecond(), accept.who().until().orElseThrow().getEpochSecond());
    // RFC 6749 §2.3.1: name and password are form-encoded before they become Basic.
    String basic =
        Base64.getEncoder()
            .encodeToString("the+server:pass%3Aword".getBytes(StandardCharsets.UTF_8));
    assertEquals(
        List.of(
            "POST Basic "
                + basic
                + " token=2YotnFZFEjr1zCsicMWpAA%2B%2F%3D%26x&token_type_hint=access_token"),
        asked);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          200 | {"active":false}                                                    | reject badtoken
          200 | {"active":true,"email":"anna@example.org"}                          | reject badtoken
          200 | {"active":true,"aud":"another","email":"anna@example.org"}          | reject badtoken
          200 | {"active":true,"aud":"heddle"}                                      | reject badtoken
          200 | {"active":true,"aud":"heddle","email":"anna@example.org","exp":1}   | reject badtoken
          200 | {"active":true,"aud":"heddle","email":"anna@example.org","exp":"x"} | reject badtoken
          200 | {"active":true,"aud":"heddle","email":"anna@example.org","iss":"x"} | reject badtoken
          200 | {"active":true,"aud":"heddle","email":"anna@example.org"}           | accept
          200 | {"active":"true","aud":"heddle","email":"anna@example.org"}         | defer unavailable
          200 | {}                                                                  | defer unavailable
          200 | not JSON                                                            | defer unavailable
          200 |                                                                     | defer unavailable
          401 | {"active":true,"aud":"heddle","email":"anna@example.org"}           | defer unavailable
          302 | x                                                                   | defer unavailable
          500 | x                                                                   | defer unavailable
          """)
  void what_the_issuer_says_decides_and_what_it_does_not_say_is_no_no(
      int code, String body, String expected) throws Exception {
    status = code;
    answer = body == null ? "" : body;
    assertEquals(expected, House.verdict(check("opaque")));
    assertEquals(expected.startsWith("defer"), !events.isEmpty());
  }

  @Test
  void an_issuer_that_is_not_there_is_no_reason_for_a_no() throws Exception {
    issuer.stop(0);
    assertEquals("defer unavailable", House.verdict(check("opaque")));
    assertTrue(events.toString().contains("provider"), events.toString());
  }

  @Test
  void an_issuer_that_stalls_in_its_answer_holds_nobody_for_long() throws Exception {
    try (var ear = new java.net.ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var socket = ear.accept()) {
                  socket
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"
                              .getBytes(StandardCharsets.UTF_8));
                  Thread.sleep(30_000);
                } catch (Exception over) {
                  // The test is over.
                }
              });
      var request =
          java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ear.getLocalPort()))
              .build();
      var http = java.net.http.HttpClient.newHttpClient();
      var late =
          org.junit.jupiter.api.Assertions.assertThrows(
              java.io.IOException.class,
              () ->
                  Fetch.text(
                      http,
                      request,
                      100,
                      heddle.wire.Deadline.in(java.time.Duration.ofSeconds(1))));
      assertEquals("no answer in time", late.getMessage());
    }
  }

  @Test
  void an_answer_beyond_all_measure_is_none() throws Exception {
    answer = "{\"active\":true,\"x\":\"" + "x".repeat(70_000) + "\"}";
    assertEquals("defer unavailable", House.verdict(check("opaque")));
  }

  @Test
  void a_token_of_another_issuer_is_not_shown_to_it() throws Exception {
    String head =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8));
    String body =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString("{\"iss\":\"https://evil.example\"}".getBytes(StandardCharsets.UTF_8));
    assertEquals("reject badtoken", House.verdict(check(head + "." + body + ".c2ln")));
    assertEquals(List.of(), asked);
  }
}
