package heddle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.control.Readiness.Check;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the limits hold against slow and greedy clients, {@code MetricsIT} tells. */
class MetricsServerTest {
  private volatile Optional<String> trouble = Optional.empty();
  private MetricsServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws Exception {
    server =
        MetricsServer.open(
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
            new Metrics(new Metrics.Settings("1.2.3", Set.of("PLAIN"), false)),
            new Readiness(
                List.of(
                    new Check("spool", Duration.ZERO, () -> trouble),
                    new Check("store", Duration.ZERO, Optional::empty))));
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.where().getPort() + path))
            .method(method, BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static String type(HttpResponse<String> response) {
    return response.headers().firstValue("Content-Type").orElseThrow();
  }

  @Test
  void the_figures_are_told_in_the_format_that_prometheus_asks_for() throws Exception {
    var response = ask("GET", "/metrics");
    assertEquals(200, response.statusCode());
    assertEquals("text/plain; version=0.0.4; charset=utf-8", type(response));
    Scrape scrape = Scrape.of(response.body());
    assertEquals(Map.of("{version=\"1.2.3\"}", 1.0), scrape.of(Measure.BUILD));
    assertEquals(
        Map.of("{check=\"spool\"}", 1.0, "{check=\"store\"}", 1.0), scrape.of(Measure.READY));
  }

  @Test
  void who_cannot_work_says_why_and_lives_all_the_same() throws Exception {
    assertEquals(200, ask("GET", "/ready").statusCode());
    assertEquals("ready\n", ask("GET", "/ready").body());
    trouble = Optional.of("no message is taken:\r\nHTTP/1.1 200 OK");
    var ready = ask("GET", "/ready");
    assertEquals(503, ready.statusCode());
    assertEquals("spool: no message is taken: HTTP/1.1 200 OK\n", ready.body());
    assertEquals("text/plain; charset=utf-8", type(ready));
    assertEquals("live\n", ask("GET", "/live").body());
    assertEquals(
        Map.of("{check=\"spool\"}", 0.0, "{check=\"store\"}", 1.0),
        Scrape.of(ask("GET", "/metrics").body()).of(Measure.READY));
  }

  @Test
  void a_head_is_told_what_a_get_would_be_but_for_the_text() throws Exception {
    var head = ask("HEAD", "/live");
    assertEquals(200, head.statusCode());
    assertEquals("", head.body());
    assertEquals("5", head.headers().firstValue("Content-Length").orElseThrow());
  }

  @Test
  void there_is_nothing_to_write_and_nothing_else_to_read() throws Exception {
    for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "PATCH")) {
      var response = ask(method, "/metrics");
      assertEquals(405, response.statusCode(), method);
      assertEquals("GET, HEAD", response.headers().firstValue("Allow").orElseThrow());
    }
    for (String path :
        List.of("/", "/metrics/", "/metrics/x", "/../metrics", "/LIVE", "/live%00")) {
      assertEquals(404, ask("GET", path).statusCode(), path);
    }
    assertEquals(200, ask("GET", "/live?x=1").statusCode());
  }

  @Test
  void many_who_ask_at_once_are_all_answered() throws Exception {
    var threads = new java.util.ArrayList<Thread>();
    var right = new java.util.concurrent.atomic.AtomicInteger();
    for (int i = 0; i < 30; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      if (ask("GET", "/metrics").statusCode() == 200) {
                        right.incrementAndGet();
                      }
                    } catch (Exception told) {
                      // It is not counted.
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(30, right.get());
    assertTrue(server.where().getPort() > 0);
  }
}
