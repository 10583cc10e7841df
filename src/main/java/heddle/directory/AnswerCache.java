package heddle.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.remote.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server said of a name and a password a while ago. It holds no password, only HMACs under a
 * key that dies with the process. A yes and a no of the same name stand beside each other: nobody's
 * guess shuts out the owner. Bounded; safe to share.
 */
final class AnswerCache {
  /**
   * @param entries 0: nothing is remembered
   * @param positive how long a yes is remembered
   * @param negative how long a no is
   * @param refresh a yes older than this is to be asked again
   */
  record Settings(int entries, Duration positive, Duration negative, Duration refresh) {}

  /**
   * @param name whose it is, in normal form
   * @param verdict {@code Yes} or {@code No}
   */
  private record Said(String name, Verdict verdict, long nanos) {
    /** Whether the server called them so, whatever they called themselves. */
    boolean calls(String other) {
      return verdict instanceof Verdict.Yes(var called, _)
          && called.flatMap(LoginName::normal).filter(other::equals).isPresent();
    }
  }

  /** What is remembered. */
  sealed interface Memory {
    record Yes(Verdict.Yes yes, boolean old) implements Memory {}

    record No(Verdict.No no) implements Memory {}

    record Nothing() implements Memory {}
  }

  private final Settings settings;
  private final SecretKeySpec key;
  private final Ticker ticker;
  private final Cache<Octets, Said> said;

  AnswerCache(Settings settings, SecureRandom random, Ticker ticker) {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "HmacSHA256");
    this.settings = settings;
    this.ticker = ticker;
    this.said =
        Caffeine.newBuilder()
            .maximumSize(settings.entries())
            .ticker(ticker)
            .executor(Runnable::run)
            .expireAfter(Expiry.<Octets, Said>writing((_, s) -> life(s)))
            .build();
  }

  private Duration life(Said said) {
    return said.verdict() instanceof Verdict.Yes ? settings.positive() : settings.negative();
  }

  /** Under what the answer about this name and this password is kept. */
  Octets key(String name, Secret password) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      // A normal form holds no NUL, so no two pairs are one text.
      mac.update(name.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return Octets.of(password.use(mac::doFinal));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("no HmacSHA256", impossible);
    }
  }

  Memory recall(Octets key) {
    return switch (Optional.ofNullable(said.getIfPresent(key)).map(s -> memory(s)).orElse(null)) {
      case null -> new Memory.Nothing();
      case Memory memory -> memory;
    };
  }

  private Memory memory(Said it) {
    boolean old = ticker.read() - it.nanos() >= settings.refresh().toNanos();
    return switch (it.verdict()) {
      case Verdict.Yes yes -> new Memory.Yes(yes, old);
      case Verdict.No no -> new Memory.No(no);
      case Verdict.Expired _, Verdict.Kept _, Verdict.Unavailable _ -> new Memory.Nothing();
    };
  }

  /** A yes to another password makes those before it worth nothing: it was changed. */
  void remember(Octets key, String name, Verdict verdict) {
    if (settings.entries() == 0) {
      return;
    }
    switch (verdict) {
      case Verdict.Yes yes -> {
        said.asMap()
            .entrySet()
            .removeIf(
                e ->
                    e.getValue().name().equals(name)
                        && e.getValue().verdict() instanceof Verdict.Yes
                        && !e.getKey().equals(key));
        said.put(key, new Said(name, yes, ticker.read()));
      }
      case Verdict.No no -> said.put(key, new Said(name, no, ticker.read()));
      case Verdict.Expired _ -> said.invalidate(key);
      // Neither is an answer about the password.
      case Verdict.Kept _, Verdict.Unavailable _ -> {}
    }
  }

  /** As if nothing had ever been said about the name. */
  void forget(String name) {
    said.asMap().values().removeIf(s -> s.name().equals(name) || s.calls(name));
  }
}
