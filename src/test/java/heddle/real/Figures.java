package heddle.real;

import heddle.control.Scrape;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** What a server says of itself over HTTP. */
final class Figures {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Figures() {}

  static HttpResponse<String> get(String url) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(30)).build();
    return CLIENT.send(request, BodyHandlers.ofString());
  }

  static HttpResponse<String> get(ServerProcess server, String path) throws Exception {
    return get("http://127.0.0.1:" + server.port("metrics") + path);
  }

  static Scrape scrape(ServerProcess server) throws Exception {
    HttpResponse<String> response = get(server, "/metrics");
    if (response.statusCode() != 200) {
      throw new AssertionError(response + " " + response.body());
    }
    return Scrape.of(response.body());
  }
}
