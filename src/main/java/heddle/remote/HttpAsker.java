package heddle.remote;

import heddle.dial.ClientTls;
import heddle.dial.Fetch;
import heddle.mail.Secret;
import heddle.remote.Verdict.Why;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a web service by POST of a JSON object: {@code username}, {@code password}, {@code address}
 * (of the client), {@code mechanism}, {@code listener}, {@code hello}, {@code secured} and {@code
 * connection}. The status is the answer: 2xx is yes, 401 and 403 are no; anything else is none. A
 * yes may have the body {@code {"username": "…", "groups": ["…"]}}, a no {@code {"reason":
 * "unknown-user"}}, {@code "disabled"} or {@code "expired"}. Safe to share.
 */
public final class HttpAsker implements Asker {
  private static final int LONGEST = 64 * 1024;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpSettings settings;
  private final ClientTls tls;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http;
  private volatile boolean mayBeKept;

  /**
   * @throws IllegalArgumentException where {@link #complaint} has one
   */
  public HttpAsker(HttpSettings settings) {
    complaint(settings.url())
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
    this.settings = settings;
    this.tls = ClientTls.of(settings.trust(), settings.ourKey());
    this.http =
        HttpClient.newBuilder()
            .executor(threads)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            // A password takes no way that nobody has named here.
            .proxy(HttpClient.Builder.NO_PROXY)
            .sslContext(tls.context())
            .sslParameters(tls.parameters())
            .build();
  }

  /**
   * Why no question can be sent there.
   *
   * @return empty where all is well
   */
  public static Optional<String> complaint(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http") || url.getHost() == null) {
      return Optional.of("url is no address of a web service");
    }
    if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
      return Optional.of("url has a user or a fragment, which would not be sent");
    }
    return Optional.empty();
  }

  @Override
  public Verdict ask(Question question, Deadline deadline) throws InterruptedException {
    byte[] body = new byte[0];
    try {
      if (!mayCarryPasswords()) {
        throw Clear.refused();
      }
      body = body(question);
      return verdict(fetch(request(body), deadline));
    } catch (NoAnswer why) {
      return why.verdict();
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  private boolean mayCarryPasswords() {
    String host = settings.url().getHost().toLowerCase(Locale.ROOT);
    // Told by the name alone: where a look-up leads can change behind our back.
    boolean near =
        host.equals("localhost")
            || host.equals("[::1]")
            || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    return settings.url().getScheme().equalsIgnoreCase("https")
        || near
        || settings.allowPlaintext();
  }

  private static byte[] body(Question question) {
    Caller caller = question.caller();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("username", question.name());
    json.put("password", question.password().use(HttpAsker::text));
    json.put("address", caller.client().ip());
    json.put("mechanism", caller.mechanism());
    json.put("listener", caller.listener());
    caller.hello().ifPresent(hello -> json.put("hello", hello));
    json.put("secured", caller.secured());
    json.put("connection", caller.connection().value());
    return JSON.writeValueAsBytes(json);
  }

  private static String text(byte[] octets) {
    return new String(octets, StandardCharsets.UTF_8);
  }

  private HttpRequest request(byte[] body) throws NoAnswer {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.url())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (settings.bearer().isPresent()) {
      try (Secret token = settings.bearer().get().open()) {
        String text = token.use(HttpAsker::text);
        // RFC 6750 §2.1; what the JDK refuses it would quote.
        if (!text.matches("[A-Za-z0-9._~+/-]+=*")) {
          throw new NoAnswer("the bearer token has signs that a header cannot carry");
        }
        request.header("Authorization", "Bearer " + text);
      } catch (NoAnswer told) {
        throw told;
      } catch (IOException unreadable) {
        throw new NoAnswer("the bearer token cannot be read");
      }
    }
    return request.build();
  }

  private Fetch.Page fetch(HttpRequest request, Deadline deadline)
      throws NoAnswer, InterruptedException {
    boolean old = mayBeKept;
    try {
      return page(request, deadline);
    } catch (IOException trouble) {
      mayBeKept = false;
      if (!old || deadline.over() || connecting(trouble)) {
        throw told(trouble, deadline);
      }
    }
    // The JDK keeps connections, and does not send a POST again where one has died meanwhile.
    try {
      return page(request, deadline);
    } catch (IOException trouble) {
      throw told(trouble, deadline);
    }
  }

  private Fetch.Page page(HttpRequest request, Deadline deadline)
      throws IOException, InterruptedException {
    Fetch.Page page = Fetch.page(http, request, LONGEST, deadline);
    mayBeKept = true;
    return page;
  }

  private NoAnswer told(IOException trouble, Deadline deadline) {
    String connecting = connecting(trouble) ? "no connection" : "no whole answer came";
    return new NoAnswer(Words.of(trouble, tls, deadline, "the question").orElse(connecting));
  }

  private static boolean connecting(Throwable trouble) {
    for (Throwable t = trouble; t != null; t = t.getCause()) {
      if (t instanceof ConnectException) {
        return true;
      }
    }
    return false;
  }

  private Verdict verdict(Fetch.Page page) {
    int status = page.status();
    Optional<JsonNode> said = object(page.text());
    if (status / 100 == 2) {
      // A page for people, of whatever stands there in its place, is nobody's yes.
      return page.text().isBlank() || said.isPresent()
          ? yes(said.orElseGet(JSON::createObjectNode))
          : new Verdict.Unavailable("it answered " + status + " with what is no JSON object");
    }
    if (status != 401 && status != 403) {
      return new Verdict.Unavailable("it answered " + status);
    }
    if (settings.bearer().isPresent() && said.isEmpty()) {
      // It may be our own token that it does not take.
      return new Verdict.Unavailable("it answered " + status + " without saying to whom");
    }
    return switch (said.orElseGet(JSON::createObjectNode).path("reason").asString("")) {
      case "unknown-user" -> new Verdict.No(Why.UNKNOWN);
      case "disabled" -> new Verdict.No(Why.DISABLED);
      case "expired" -> new Verdict.Expired();
      default -> new Verdict.No(Why.WRONG);
    };
  }

  private static Verdict yes(JsonNode said) {
    Set<String> groups = new HashSet<>();
    for (JsonNode group : said.path("groups")) {
      if (group.isString()) {
        groups.add(group.asString());
      }
    }
    JsonNode name = said.path("username");
    return new Verdict.Yes(
        name.isString() && !name.asString().isBlank()
            ? Optional.of(name.asString())
            : Optional.empty(),
        groups);
  }

  private static Optional<JsonNode> object(String body) {
    try {
      return Optional.ofNullable(JSON.readTree(body)).filter(JsonNode::isObject);
    } catch (JacksonException noJson) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
    threads.close();
  }
}
