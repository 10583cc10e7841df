package heddle.directory;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.store.Material;
import heddle.store.ScramSalt;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Passwords into what is kept of them, and the slow question whether one is right. */
public final class Passwords {
  /** The site-wide count of SCRAM. */
  static final int ITERATIONS = 100_000;

  private final HashWorkers workers;
  private final StoreKey key;
  private final SecureRandom random;
  private final Argon2id.Cost cost;
  private final int iterations;
  private final Octets dummy;
  private final AtomicLong runs = new AtomicLong();

  public Passwords(HashWorkers workers, StoreKey key, SecureRandom random) {
    this(workers, key, random, Argon2id.Cost.USUAL, ITERATIONS);
  }

  Passwords(
      HashWorkers workers, StoreKey key, SecureRandom random, Argon2id.Cost cost, int iterations) {
    this.workers = workers;
    this.key = key;
    this.random = random;
    this.cost = cost;
    this.iterations = iterations;
    this.dummy =
        new Argon2id(cost, octets(Argon2id.SALT_OCTETS), octets(Argon2id.HASH_OCTETS)).phc();
  }

  ScramSalt newSalt() {
    return new ScramSalt(octets(ScramSalt.OCTETS), iterations);
  }

  Id newId() {
    return Id.draw(random);
  }

  private Octets octets(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return Octets.of(bytes);
  }

  /**
   * What is kept of the password. Takes a good part of a second.
   *
   * @param account whose it will be
   * @return empty where the workers are busy
   */
  Optional<Material> keep(PreparedPassword password, Id account, ScramSalt salt)
      throws InterruptedException {
    return workers.run(
        false,
        () ->
            new Material(
                password
                    .octets()
                    .use(p -> Argon2id.of(p, octets(Argon2id.SALT_OCTETS), cost))
                    .phc(),
                scram(ScramKeys.Hash.SHA_256, password, account, salt),
                scram(ScramKeys.Hash.SHA_512, password, account, salt)));
  }

  private Optional<Octets> scram(
      ScramKeys.Hash hash, PreparedPassword password, Id account, ScramSalt salt) {
    return password.prepared()
        ? Optional.of(
            ScramKeys.derive(hash, password.octets(), salt).sealed(key, hash, account.value()))
        : Optional.empty();
  }

  /** How a check ended. */
  enum Checked {
    RIGHT,
    WRONG,
    BUSY
  }

  /**
   * Whether the password is the one of which this was kept. One run of Argon2id, whatever it is
   * asked: where nothing was kept, against a hash that nobody's password has.
   */
  Checked check(PreparedPassword password, Optional<Material> kept, boolean suspect)
      throws InterruptedException {
    Optional<Argon2id> real = kept.flatMap(k -> Argon2id.parse(k.hash()));
    Argon2id hash = real.or(() -> Argon2id.parse(dummy)).orElseThrow();
    Optional<Boolean> same =
        workers.run(
            suspect,
            () -> {
              runs.incrementAndGet();
              return password.octets().use(hash::matches);
            });
    if (same.isEmpty()) {
      return Checked.BUSY;
    }
    return same.get() && real.isPresent() ? Checked.RIGHT : Checked.WRONG;
  }

  /** How often Argon2id ran for a check since the start. */
  long runs() {
    return runs.get();
  }
}
