package heddle.control;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The figures over HTTP: {@code /metrics}, {@code /live}, {@code /ready}; to be read by GET and
 * HEAD, and by whoever reaches the address. However many come, and however slowly they speak, the
 * rest of the server does not notice.
 */
public final class MetricsServer implements AutoCloseable {
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** How long one waits while the figures are told to others, one after the other. */
  private static final Duration TURN = Duration.ofSeconds(4);

  static {
    // The JDK's server reads its limits once, when its first class loads; without them it has none.
    limit("jdk.httpserver.maxConnections", 64);
    limit("sun.net.httpserver.maxIdleConnections", 16);
    limit("sun.net.httpserver.maxReqTime", 5); // seconds
    limit("sun.net.httpserver.maxRspTime", 10);
    limit("sun.net.httpserver.maxReqHeaders", 64);
    limit("sun.net.httpserver.maxReqHeaderSize", 16 * 1024);
    limit("sun.net.httpserver.drainAmount", 16 * 1024);
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private static void limit(String property, int value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Integer.toString(value));
    }
  }

  /** What is answered. */
  private record Page(int code, String type, String text) {
    static Page plain(int code, String text) {
      return new Page(code, PLAIN, text);
    }
  }

  private final Metrics metrics;
  private final Readiness readiness;
  private final HttpServer server;
  private final Semaphore turn = new Semaphore(1, true);

  // A thread for each request, of which there are no more than connections. A virtual one, as
  // sessions have: where those do not get on, /live does not answer either.
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("metrics").factory());

  private MetricsServer(InetSocketAddress at, Metrics metrics, Readiness readiness)
      throws IOException {
    this.metrics = metrics;
    this.readiness = readiness;
    this.server = HttpServer.create(at, 16);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
  }

  /** Listens, and answers from now on. */
  public static MetricsServer open(InetSocketAddress at, Metrics metrics, Readiness readiness)
      throws IOException {
    metrics.gauge(
        Measure.READY,
        point ->
            readiness
                .look()
                .forEach((check, trouble) -> point.at(trouble.isEmpty() ? 1 : 0, check)));
    var server = new MetricsServer(at, metrics, readiness);
    server.server.start();
    return server;
  }

  /** Where it listens: a port 0 has become the one that the system chose. */
  public InetSocketAddress where() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Page page = page(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
      byte[] octets = page.text().getBytes(StandardCharsets.UTF_8);
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", page.type());
      headers.set("Cache-Control", "no-store");
      if (page.code() == 405) {
        headers.set("Allow", "GET, HEAD");
      }
      if (speaks(exchange.getRequestHeaders())) {
        headers.set("Connection", "close"); // what it brought is not wanted
      }
      if (exchange.getRequestMethod().equals("HEAD")) {
        headers.set("Content-Length", Integer.toString(octets.length));
        exchange.sendResponseHeaders(page.code(), -1);
      } else {
        exchange.sendResponseHeaders(page.code(), octets.length);
        exchange.getResponseBody().write(octets);
      }
    }
  }

  private static boolean speaks(Headers headers) {
    return headers.containsKey("Content-Length") || headers.containsKey("Transfer-Encoding");
  }

  private Page page(String method, String path) {
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Page.plain(405, "only GET and HEAD\n");
    }
    try {
      return switch (path) {
        case "/metrics" -> figures();
        case "/live" -> Page.plain(200, "live\n");
        case "/ready" -> ready();
        default -> Page.plain(404, "there are /metrics, /live and /ready\n");
      };
    } catch (RuntimeException mistake) {
      System.getLogger("heddle.control").log(System.Logger.Level.ERROR, "metrics", mistake);
      return Page.plain(500, "a mistake of ours; the log has more\n");
    }
  }

  /** One at a time, so that asking often costs no more than one processor's time. */
  private Page figures() {
    try {
      if (!turn.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
        return Page.plain(503, "others are asking; ask more seldom\n");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Page.plain(503, "the server is stopping\n");
    }
    try {
      return new Page(200, metrics.contentType(), metrics.text());
    } finally {
      turn.release();
    }
  }

  private Page ready() {
    var reasons = new StringBuilder();
    for (Map.Entry<String, Optional<String>> each : readiness.look().entrySet()) {
      each.getValue()
          .ifPresent(
              trouble ->
                  reasons
                      .append(each.getKey())
                      .append(": ")
                      .append(trouble.replaceAll("\\p{Cntrl}+", " "))
                      .append('\n'));
    }
    return reasons.isEmpty() ? Page.plain(200, "ready\n") : Page.plain(503, reasons.toString());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
