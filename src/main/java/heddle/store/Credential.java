package heddle.store;

import heddle.mail.Id;
import java.time.Instant;
import java.util.Optional;

/**
 * One way of an account to prove itself.
 *
 * @param version grows with each change of the material; whoever remembers a yes remembers it too
 * @param expires from this moment on it proves nothing
 * @param proof what the line has to tell, where it is no secret: {@code sha256:…}, {@code
 *     unix:anna}
 */
public record Credential(
    Id id,
    Kind kind,
    String label,
    long version,
    Material material,
    Instant created,
    Instant changed,
    Optional<Instant> expires,
    Optional<String> proof) {
  /** One that is proved by a secret. */
  public Credential(
      Id id,
      Kind kind,
      String label,
      long version,
      Material material,
      Instant created,
      Instant changed,
      Optional<Instant> expires) {
    this(id, kind, label, version, material, created, changed, expires, Optional.empty());
  }

  /** What sort of secret it is; the words are what the database holds. */
  public enum Kind {
    PASSWORD("password"),
    /** A certificate, a name in one, or a user of this machine. */
    KEY("key");

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
      case KEY -> kind + ":" + label;
    };
  }

  public boolean expired(Instant now) {
    return expires.isPresent() && !now.isBefore(expires.get());
  }

  Credential renewed(Material fresh, Instant now) {
    return new Credential(id, kind, label, version + 1, fresh, created, now, expires, proof);
  }

  /** The same secret in another form: neither its version nor its age changes. */
  Credential rehashed(Material fresh) {
    return new Credential(id, kind, label, version, fresh, created, changed, expires, proof);
  }
}
