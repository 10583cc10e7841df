package heddle.directory;

import heddle.dial.Fetch;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;

/**
 * The public keys of an issuer (RFC 7517), fetched at most once a minute. While the issuer is not
 * there, those that we have go on counting. Safe to share.
 */
final class KeySet {
  private static final Duration LEAST = Duration.ofMinutes(1);
  private static final Duration OLD = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LONGEST = 1024 * 1024;

  /** How a set is fetched: its JSON text. */
  @FunctionalInterface
  interface Source {
    String fetch() throws IOException, InterruptedException;
  }

  private final Source source;
  private final InstantSource clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile List<JsonWebKey> keys = List.of();
  private volatile Instant fetched = Instant.MIN;
  private volatile Instant tried = Instant.MIN;

  KeySet(Source source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /** Over HTTPS, with a deadline and a limit. */
  static Source at(URI address, HttpClient http) {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .header("Accept", "application/jwk-set+json, application/json")
            .build();
    return () -> Fetch.text(http, request, LONGEST, Deadline.in(PATIENCE));
  }

  /** What is known of the issuer's keys now. */
  sealed interface Known {
    record Keys(List<JsonWebKey> keys) implements Known {}

    /** None is known, and the issuer cannot be asked at the moment. */
    record Nothing(String why) implements Known {}
  }

  /**
   * @param wanted the key id that a token names; null where it names none
   */
  Known keys(@org.jspecify.annotations.Nullable String wanted) throws InterruptedException {
    boolean unknown =
        keys.isEmpty()
            || wanted != null && keys.stream().noneMatch(k -> wanted.equals(k.getKeyId()));
    Instant now = clock.instant();
    boolean old = fetched.equals(Instant.MIN) || now.isAfter(fetched.plus(OLD));
    String trouble = unknown || old ? refresh(now) : "";
    boolean found =
        wanted == null ? !keys.isEmpty() : keys.stream().anyMatch(k -> wanted.equals(k.getKeyId()));
    return found || trouble.isEmpty() ? new Known.Keys(keys) : new Known.Nothing(trouble);
  }

  /** Why it could not be fetched; empty where it was, or was not long ago. */
  private String refresh(Instant now) throws InterruptedException {
    fetching.lockInterruptibly();
    try {
      if (!tried.equals(Instant.MIN) && now.isBefore(tried.plus(LEAST))) {
        return fetched.equals(tried) ? "" : "it was not to be had a moment ago";
      }
      tried = now;
      keys = List.copyOf(new JsonWebKeySet(source.fetch()).getJsonWebKeys());
      fetched = now;
      return "";
    } catch (IOException | JoseException trouble) {
      return String.valueOf(trouble.getMessage());
    } finally {
      fetching.unlock();
    }
  }
}
