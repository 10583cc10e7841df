package heddle.store;

import heddle.mail.Id;
import heddle.sasl.Shown;
import heddle.sasl.Terms;
import java.time.Instant;
import java.util.Optional;

/**
 * One way of an account to prove itself.
 *
 * @param version grows with each change of the material; whoever remembers a yes remembers it too
 * @param expires from this moment on it proves nothing
 * @param proof what the line has to tell, where it is no secret: {@code sha256:…}, {@code
 *     unix:anna}
 * @param terms how far its right goes
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
    Optional<String> proof,
    Terms terms) {
  /** One that is proved by a secret and may all that its account may. */
  public Credential(
      Id id,
      Kind kind,
      String label,
      long version,
      Material material,
      Instant created,
      Instant changed,
      Optional<Instant> expires) {
    this(
        id,
        kind,
        label,
        version,
        material,
        created,
        changed,
        expires,
        Optional.empty(),
        Terms.NONE);
  }

  /** What sort of secret it is; the words are what the database holds. */
  public enum Kind {
    PASSWORD("password"),
    /** A password made by us, of which an account has as many as it has programs. */
    APP("app"),
    /** A certificate, a name in one, the subject of a token, or a user of this machine. */
    KEY("key"),
    /** A network is the credential; it may have a password beside it. */
    DEVICE("device");

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

  /** What logs and identities call it: {@code "password"}, {@code "app:iphone"}. */
  public String title() {
    return switch (kind) {
      case PASSWORD -> kind.toString();
      case APP, KEY, DEVICE -> kind + ":" + label;
    };
  }

  /** As it stands in an identity. */
  public Shown shown() {
    return new Shown(title(), Optional.of(id), version, terms);
  }

  public boolean expired(Instant now) {
    return expires.isPresent() && !now.isBefore(expires.get());
  }

  Credential renewed(Material fresh, Instant now) {
    return new Credential(id, kind, label, version + 1, fresh, created, now, expires, proof, terms);
  }

  /** The same secret in another form: neither its version nor its age changes. */
  Credential rehashed(Material fresh) {
    return new Credential(id, kind, label, version, fresh, created, changed, expires, proof, terms);
  }
}
