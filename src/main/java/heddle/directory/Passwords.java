package heddle.directory;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.sasl.Salt;
import heddle.sasl.ScramHash;
import heddle.store.Material;
import heddle.store.ScramSalt;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** Passwords into what is kept of them, and the slow question whether one is right. */
public final class Passwords {
  /** The site-wide count of SCRAM. */
  static final int ITERATIONS = 100_000;

  /** A quarter of what the JVM may have, and enough for the dearest hash that we take. */
  private static final int MEMORY =
      Math.clamp(Runtime.getRuntime().maxMemory() / 4096, 64 * 1024, 1024 * 1024);

  private static final String NOBODY = "nobody";

  private final HashWorkers workers;
  private final StoreKey key;
  private final SecureRandom random;
  private final Argon2id.Cost cost;
  private final int iterations;
  private final Argon2id dummy;
  private final Map<ScramHash, Octets> scramNobodys = new EnumMap<>(ScramHash.class);
  private final Octets cramNobodys;
  private final AtomicLong runs = new AtomicLong();

  /** KiB that hashes of others may fill at one moment: one for each core could be all we have. */
  private final Semaphore memory = new Semaphore(MEMORY, true);

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
    this.dummy = new Argon2id(cost, octets(Argon2id.SALT_OCTETS), octets(Argon2id.HASH_OCTETS));
    for (ScramHash hash : ScramHash.values()) {
      scramNobodys.put(hash, random(hash).sealed(key, hash, NOBODY));
    }
    this.cramNobodys = CramMd5Keys.derive(Secret.of(octets(16).toArray())).sealed(key, NOBODY);
  }

  /** What is kept of a password beside the usual, where a site lists the mechanism. */
  public enum Extra {
    SCRAM_SHA_1,
    CRAM_MD5
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
   * @param extras kept beside the usual
   * @return empty where the workers are busy
   */
  Optional<Material> keep(PreparedPassword password, Id account, ScramSalt salt, Set<Extra> extras)
      throws InterruptedException {
    return keep(password, account, salt, extras, false);
  }

  /** As {@link #keep}, behind the logins that wait: nobody waits for this one. */
  Optional<Material> keepLater(
      PreparedPassword password, Id account, ScramSalt salt, Set<Extra> extras)
      throws InterruptedException {
    return keep(password, account, salt, extras, true);
  }

  private Optional<Material> keep(
      PreparedPassword password, Id account, ScramSalt salt, Set<Extra> extras, boolean later)
      throws InterruptedException {
    return workers.run(
        later,
        () ->
            material(
                password
                    .octets()
                    .use(p -> Argon2id.of(p, octets(Argon2id.SALT_OCTETS), cost))
                    .phc(),
                password,
                account,
                salt,
                extras));
  }

  private Material material(
      Octets hash, PreparedPassword password, Id account, ScramSalt salt, Set<Extra> extras) {
    return new Material(
        hash,
        scram(ScramHash.SHA_256, password, account, salt),
        scram(ScramHash.SHA_512, password, account, salt),
        extras.contains(Extra.SCRAM_SHA_1)
            ? scram(ScramHash.SHA_1, password, account, salt)
            : Optional.empty(),
        extras.contains(Extra.CRAM_MD5)
            ? Optional.of(CramMd5Keys.derive(password.octets()).sealed(key, account.value()))
            : Optional.empty());
  }

  /** As {@link #keep}, of a password that we made: nobody guesses it, so no slow hash is kept. */
  Optional<Material> keepMade(
      PreparedPassword password, Id account, ScramSalt salt, Set<Extra> extras)
      throws InterruptedException {
    return workers.run(
        false, () -> material(AppHash.of(password), password, account, salt, extras));
  }

  private Optional<Octets> scram(
      ScramHash hash, PreparedPassword password, Id account, ScramSalt salt) {
    return password.prepared()
        ? Optional.of(
            ScramKeys.derive(hash, password.octets(), salt).sealed(key, hash, account.value()))
        : Optional.empty();
  }

  /** What SCRAM is told of an account that is none: the same each time. */
  Salt fakeSalt(String name) {
    return new Salt(key.about("scram " + name, ScramSalt.OCTETS), iterations);
  }

  /** The keys of one credential; where there are none, such as nobody's password has. */
  ScramKeys scramKeys(ScramHash hash, Optional<Octets> sealed, Id account) {
    // The same work for those that have none.
    return ScramKeys.unsealed(
            sealed.orElseGet(() -> nobodys(hash)),
            key,
            hash,
            sealed.isPresent() ? account.value() : NOBODY)
        .orElseGet(() -> random(hash));
  }

  CramMd5Keys cramMd5Keys(Optional<Octets> sealed, Id account) {
    return CramMd5Keys.unsealed(
            sealed.orElse(cramNobodys), key, sealed.isPresent() ? account.value() : NOBODY)
        .orElseGet(() -> CramMd5Keys.derive(Secret.of(octets(16).toArray())));
  }

  private Octets nobodys(ScramHash hash) {
    return Objects.requireNonNull(scramNobodys.get(hash), "one for each hash");
  }

  private ScramKeys random(ScramHash hash) {
    return new ScramKeys(octets(hash.octets()), octets(hash.octets()));
  }

  /** How a check ended. */
  enum Checked {
    RIGHT,
    WRONG,
    BUSY
  }

  /**
   * Whether the password is the one of which this was kept. One run of Argon2id, whatever it is
   * asked: where nothing was kept, against a hash that nobody's password has; where another server
   * made the hash, behind its own check, so that no cheap one is told by being quick.
   */
  Checked check(PreparedPassword password, Optional<Material> kept, boolean suspect)
      throws InterruptedException {
    Optional<KeptHash> real = kept.flatMap(k -> KeptHash.parse(k.hash()));
    // Ours are of the prepared form and have SCRAM keys beside them wherever there is such a form.
    boolean prepared = kept.flatMap(Material::scramSha256).isPresent();
    Secret octets = prepared ? password.octets() : password.given();
    Optional<Boolean> same =
        workers.run(
            suspect,
            () -> {
              runs.incrementAndGet();
              KeptHash hash = real.orElse(dummy);
              boolean right = matches(hash, octets);
              if (!hash.isOurs(cost)) {
                boolean _ = octets.use(dummy::matches);
              }
              return right;
            });
    if (same.isEmpty()) {
      return Checked.BUSY;
    }
    return same.get() && real.isPresent() ? Checked.RIGHT : Checked.WRONG;
  }

  private boolean matches(KeptHash hash, Secret octets) {
    // Of the usual ones, the heap has room for as many as there are workers.
    int needed = hash.memory() > cost.memory() ? hash.memory() : 0;
    memory.acquireUninterruptibly(needed); // on a worker, which has nothing else to do
    try {
      return octets.use(hash::matches);
    } finally {
      memory.release(needed);
    }
  }

  /** Whether something better could be kept of this password, which was right. */
  boolean wantsRenewal(Material kept, PreparedPassword password) {
    return KeptHash.parse(kept.hash()).filter(hash -> hash.isOurs(cost)).isEmpty()
        || password.prepared() && kept.scramSha256().isEmpty();
  }

  /** How often Argon2id ran for a check since the start. */
  long runs() {
    return runs.get();
  }
}
