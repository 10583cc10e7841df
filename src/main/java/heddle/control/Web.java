package heddle.control;

import heddle.dial.ClientTls;
import heddle.dial.Fetch;
import heddle.dial.Trust;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Calls a web server, its certificate judged as everywhere, with one deadline for all of it. */
public final class Web implements AutoCloseable {
  private static final int LONGEST = 64 * 1024;
  private final Duration patience;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;

  public Web(Duration patience) {
    this.patience = patience;
    ClientTls tls = ClientTls.of(new Trust.Public(), Optional.empty());
    this.http =
        HttpClient.newBuilder()
            .executor(threads)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .sslContext(tls.context())
            .sslParameters(tls.parameters())
            .build();
  }

  /**
   * Returns where the answer was of the kind 2xx.
   *
   * @throws IOException else; only the host is named, for a path may be a secret
   */
  void get(URI url) throws IOException, InterruptedException {
    call(HttpRequest.newBuilder(url).GET().build());
  }

  /** As {@link #get}, with a JSON object. */
  void post(URI url, byte[] json) throws IOException, InterruptedException {
    call(
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json))
            .build());
  }

  private void call(HttpRequest request) throws IOException, InterruptedException {
    String host = request.uri().getHost();
    int status;
    try {
      status = Fetch.page(http, request, LONGEST, Deadline.in(patience)).status();
    } catch (IOException trouble) {
      throw new IOException(host + ": " + words(trouble), trouble);
    }
    if (status / 100 != 2) {
      throw new IOException(host + " answered " + status);
    }
  }

  private static String words(IOException trouble) {
    for (Throwable t = trouble; t != null; t = t.getCause()) {
      if (t instanceof java.net.ConnectException) {
        return "no connection";
      }
    }
    return String.valueOf(trouble.getMessage());
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
    threads.close();
  }
}
