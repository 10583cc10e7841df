package heddle.control;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A web service that keeps what it is sent. */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final LinkedBlockingQueue<String> came = new LinkedBlockingQueue<>();
  public volatile int answer = 204;

  private Receiver(HttpServer server) {
    this.server = server;
  }

  public static Receiver open() throws Exception {
    return open(0);
  }

  public static Receiver open(int port) throws Exception {
    var receiver =
        new Receiver(
            HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 0));
    receiver.server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(receiver.answer, -1);
          exchange.close();
          receiver.came.add(
              exchange.getRequestMethod() + " " + new String(body, StandardCharsets.UTF_8));
        });
    receiver.server.start();
    return receiver;
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/secret-path");
  }

  /** Those that came since it was asked last. */
  public List<String> all() {
    List<String> all = new ArrayList<>();
    came.drainTo(all);
    return all;
  }

  /** The next alert about a check, others are let pass; waits for it. */
  public JsonNode next(String check, Duration patience) throws Exception {
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      String one = came.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (one == null) {
        throw new AssertionError("no alert about " + check);
      }
      if (one.startsWith("POST ")) {
        JsonNode alert = JsonMapper.builder().build().readTree(one.substring(5));
        if (alert.path("check").asString("").equals(check)) {
          return alert;
        }
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
