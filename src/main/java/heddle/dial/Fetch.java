package heddle.dial;

import heddle.wire.Deadline;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a web server answers, as text. Safe to share; holds no state. */
public final class Fetch {
  private Fetch() {}

  /**
   * An answer.
   *
   * @param text its body, read as UTF-8
   */
  public record Page(int status, String text) {}

  /**
   * One deadline for all of it: the JDK's own ends with the headers, and a body may drip for ever.
   *
   * @param most octets of the body
   * @throws IOException where no answer came, all of it and in time; its message holds nothing of
   *     the question
   */
  public static Page page(HttpClient http, HttpRequest request, int most, Deadline deadline)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> coming =
        http.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), most));
    try {
      HttpResponse<byte[]> answer = coming.get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
      return new Page(answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
    } catch (TimeoutException late) {
      throw new IOException("no answer in time", late);
    } catch (ExecutionException failed) {
      Throwable why = failed.getCause() == null ? failed : failed.getCause();
      throw new IOException(
          why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage(), why);
    } finally {
      coming.cancel(true);
    }
  }

  /**
   * As {@link #page}, where only one status will do.
   *
   * @throws IOException also where the status is another than 200
   */
  public static String text(HttpClient http, HttpRequest request, int most, Deadline deadline)
      throws IOException, InterruptedException {
    Page page = page(http, request, most, deadline);
    if (page.status() != 200) {
      throw new IOException("it answered " + page.status());
    }
    return page.text();
  }
}
