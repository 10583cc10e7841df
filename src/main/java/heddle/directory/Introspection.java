package heddle.directory;

import heddle.dial.Fetch;
import heddle.mail.Secret;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;

/** Asks an issuer about a token (RFC 7662). Nothing is kept of the answer. Safe to share. */
final class Introspection {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LONGEST = 64 * 1024;

  /** So many questions at one time; the others wait for their turn. */
  private static final int QUESTIONS = 16;

  private final Semaphore turns = new Semaphore(QUESTIONS);
  private final Issuer.Way.Asked way;
  private final HttpClient http;

  /** What the issuer says. */
  sealed interface Said {
    /** RFC 7662 §2.2: it is active, and this is known of it. */
    record Active(JwtClaims claims) implements Said {}

    record Inactive() implements Said {}

    /** It says nothing that could be understood. */
    record Nothing(String why) implements Said {}
  }

  Introspection(Issuer.Way.Asked way, HttpClient http) {
    this.way = way;
    this.http = http;
  }

  Said about(Secret token) throws InterruptedException {
    Deadline deadline = Deadline.in(PATIENCE);
    if (!turns.tryAcquire(deadline.millisLeft(), TimeUnit.MILLISECONDS)) {
      return new Said.Nothing("too many tokens are asked about at once");
    }
    try {
      return read(Fetch.text(http, question(token), LONGEST, deadline));
    } catch (IOException trouble) {
      return new Said.Nothing(String.valueOf(trouble.getMessage()));
    } finally {
      turns.release();
    }
  }

  private static Said read(String json) {
    try {
      JwtClaims claims = JwtClaims.parse(json);
      return Boolean.TRUE.equals(claims.getClaimValue("active"))
          ? new Said.Active(claims)
          : claims.getClaimValue("active") instanceof Boolean
              ? new Said.Inactive()
              : new Said.Nothing("its answer does not say whether the token is active");
    } catch (InvalidJwtException noJson) {
      return new Said.Nothing("its answer is no JSON object");
    }
  }

  /** RFC 7662 §2.1: a form with the token; RFC 6749 §2.3.1: the client by its password. */
  private HttpRequest question(Secret token) throws IOException {
    String form =
        token.use(
            octets ->
                "token="
                    + URLEncoder.encode(
                        new String(octets, StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                    + "&token_type_hint=access_token");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(way.endpoint())
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    if (way.client().isPresent()) {
      request.header("Authorization", "Basic " + credentials(way.client().get()));
    }
    return request.build();
  }

  private static String credentials(Issuer.Client client) throws IOException {
    try (Secret secret = client.secret().open()) {
      String password =
          secret.use(
              octets ->
                  URLEncoder.encode(
                      new String(octets, StandardCharsets.UTF_8), StandardCharsets.UTF_8));
      String pair = URLEncoder.encode(client.id(), StandardCharsets.UTF_8) + ":" + password;
      return Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
  }
}
