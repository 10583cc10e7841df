package heddle.directory;

import heddle.mail.Domain;
import heddle.mail.Id;
import heddle.mail.Secret;
import heddle.peer.Presence;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import heddle.sasl.Attempt;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Refusal;
import heddle.store.Accounts;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Accounts, workers and a local directory in a folder; hashes are cheap here. */
final class House implements AutoCloseable {
  static final SecureRandom RANDOM = new SecureRandom();
  static final Set<Passwords.Extra> EXTRAS = EnumSet.allOf(Passwords.Extra.class);
  private static final Presence UNDER_TLS =
      new Presence(
          Optional.of(
              new TlsInfo("TLSv1.3", "TLS_AES_128_GCM_SHA256", Optional.empty(), false, false)),
          Optional.empty());
  static final Argon2id.Cost CHEAP = new Argon2id.Cost(64, 1, 1);

  Instant now = Instant.parse("2026-11-21T08:00:00Z");
  final InstantSource clock = () -> now;

  /** Whom an administrator has shut out. */
  final java.util.Set<String> blocked = new java.util.HashSet<>();

  final StoreKey key;
  final Accounts accounts;
  final HashWorkers workers;
  final Passwords passwords;
  final Enrolment enrolment;
  final Admission admission;
  final LocalDirectory directory;

  House(Path home, String... domains) throws Exception {
    this(home, new HashWorkers(2, 1000, Duration.ofSeconds(30)), CHEAP, domains);
  }

  House(Path home, HashWorkers workers, Argon2id.Cost cost, String... domains) throws Exception {
    this.workers = workers;
    Files.createDirectories(home);
    key = StoreKey.open(home.resolve("store.key"));
    accounts = Accounts.open(home.resolve("heddle.db"), clock);
    passwords = new Passwords(workers, key, RANDOM, cost, 4096);
    enrolment = new Enrolment(accounts, passwords, EXTRAS, clock);
    admission = new Admission(accounts, clock, blocked::contains);
    List<Domain> ours = Arrays.stream(domains).map(Domain::of).toList();
    directory = new LocalDirectory(accounts, passwords, admission, ours, EXTRAS, RANDOM, clock);
  }

  static Attempt attempt(String from) {
    try {
      var client = new RemoteAddress(InetAddress.ofLiteral(from), 40000);
      var server = new RemoteAddress(InetAddress.ofLiteral("192.0.2.25"), 465);
      Id id = Id.draw(RANDOM);
      return new Attempt(
          id,
          id,
          "submissions",
          client,
          server,
          Optional.empty(),
          UNDER_TLS,
          java.util.Set.of(),
          "PLAIN",
          0,
          Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new AssertionError(e);
    }
  }

  Decision login(String name, String password) throws Exception {
    return login(name, name, password, "198.51.100.7");
  }

  Decision login(String authz, String authn, String password, String from) throws Exception {
    try (var secret = Secret.ofUtf8(password)) {
      return directory.check(new Claim.Password(authz, authn, secret), attempt(from));
    }
  }

  void add(String name, String password) throws Exception {
    enrolment.add(name, Secret.ofUtf8(password));
  }

  /** "accept", or why not. */
  static String verdict(Decision decision) {
    return switch (decision) {
      case Decision.Accept a -> "accept";
      case Decision.Reject r -> "reject " + r.words().reason();
      case Decision.Defer d -> "defer " + d.words().reason();
      case Decision.Reply r -> "reply";
      case Decision.Pass p -> "pass";
    };
  }

  static Refusal words(Decision decision) {
    return switch (decision) {
      case Decision.Reject r -> r.words();
      case Decision.Defer d -> d.words();
      default -> throw new AssertionError(decision);
    };
  }

  @Override
  public void close() {
    accounts.close();
    workers.close();
  }
}
