package heddle.store;

import heddle.mail.Id;
import java.time.Instant;
import java.util.Optional;

/**
 * One way of an account to prove itself.
 *
 * @param version grows with each change of the material; whoever remembers a yes remembers it too
 * @param expires from this moment on it proves nothing
 */
public record Credential(
    Id id,
    Kind kind,
    String label,
    long version,
    Material material,
    Instant created,
    Instant changed,
    Optional<Instant> expires) {

  /** What sort of secret it is; the words are what the database holds. */
  public enum Kind {
    PASSWORD("password");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    static Optional<Kind> of(String word) {
      for (Kind kind : values()) {
        if (kind.word.equals(word)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** What logs and identities call it: {@code "password"}; later {@code "app:iphone"}. */
  public String title() {
    return switch (kind) {
      case PASSWORD -> kind.toString();
    };
  }

  public boolean expired(Instant now) {
    return expires.isPresent() && !now.isBefore(expires.get());
  }

  Credential renewed(Material fresh, Instant now) {
    return new Credential(id, kind, label, version + 1, fresh, created, now, expires);
  }
}
