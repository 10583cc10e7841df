package heddle.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Patience over all connections: how many wrong logins a network and an account may bring before
 * nobody's word is looked at for a while. It does not punish the innocent: one stale password
 * counts once however often it comes; one account fills no more than half of what its network may;
 * and where somebody has logged in of late, the failures of others do not shut them out. Bounded;
 * safe to share.
 */
public final class LoginPatience {
  /**
   * How patient.
   *
   * @param network failures of a network (/24, /64)
   * @param account failures of an account, wherever they come from
   * @param exempt about whom nothing is remembered
   * @param sleepers how many may be kept waiting at one time
   */
  public record Settings(Rate network, Rate account, List<Network> exempt, int sleepers) {
    public Settings {
      exempt = List.copyOf(exempt);
    }
  }

  /** So many within a time. */
  public record Rate(int most, Duration window) {
    Failures failures() {
      return new Failures(most, window.toNanos());
    }

    Rate half() {
      return new Rate(Math.max(1, most / 2), window);
    }
  }

  private static final int REMEMBERED = 100_000;
  private static final Duration SUCCESS = Duration.ofDays(30);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  /** After so many failures of a network the delay of the next ones doubles. */
  private static final int STEP = 5;

  /** How long a login waits for those before it, of which each may be a failure. */
  private static final Duration TURN = Duration.ofSeconds(10);

  /** In place of a name that cannot be read; no normal form is so. */
  private static final String NAMELESS = " ";

  private record Pair(String client, String account) {}

  private final Settings settings;
  private final Ticker ticker;
  private final BiPredicate<String, String> known;
  private final SecretKeySpec key;
  private final Semaphore sleepers;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final Cache<String, Failures> networks;
  private final Cache<String, Failures> accounts;
  private final Cache<Pair, Failures> pairs;
  private final Cache<Octets, Boolean> stale;
  private final Cache<Pair, Boolean> successes;

  /**
   * @param known whether an address has logged in to an account before, for times before this
   *     process: address in digits, account in normal form
   */
  public LoginPatience(Settings settings, BiPredicate<String, String> known) {
    this(settings, known, Ticker.systemTicker());
  }

  LoginPatience(Settings settings, BiPredicate<String, String> known, Ticker ticker) {
    this.settings = settings;
    this.known = known;
    this.ticker = ticker;
    this.sleepers = new Semaphore(settings.sleepers());
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, "HmacSHA256");
    Duration longest =
        settings.network().window().compareTo(settings.account().window()) > 0
            ? settings.network().window()
            : settings.account().window();
    this.networks = cache(longest);
    this.accounts = cache(longest);
    this.pairs = cache(longest);
    this.stale = cache(longest);
    this.successes = cache(SUCCESS);
  }

  private <K, V> Cache<K, V> cache(Duration life) {
    return Caffeine.newBuilder()
        .maximumSize(REMEMBERED)
        .expireAfterAccess(life)
        .ticker(ticker)
        .executor(Runnable::run)
        .build();
  }

  /** What becomes of a login that wants to be looked at. */
  public sealed interface Entry {
    /** It is looked at; the turn must be ended. */
    record Go(Turn turn) implements Entry {}

    /** Not now: a temporary no, whatever the password is. */
    record Held() implements Entry {}
  }

  /** One login that is looked at. Ended once. */
  public interface Turn {
    void succeeded();

    void failed();

    /** It was neither right nor wrong. */
    void undecided();
  }

  private static final Turn UNCOUNTED =
      new Turn() {
        @Override
        public void succeeded() {}

        @Override
        public void failed() {}

        @Override
        public void undecided() {}
      };

  /**
   * Asked before a login is looked at; waits a little where others of the network are looked at.
   *
   * @param account in normal form; empty where the client has not said it in a way we can read
   * @param secret that it shows; empty where none can be seen
   */
  public Entry enter(RemoteAddress client, Optional<String> account, Optional<Secret> secret)
      throws InterruptedException {
    if (settings.exempt().stream().anyMatch(n -> n.contains(client.address()))) {
      return new Entry.Go(UNCOUNTED);
    }
    // Whoever has no name yet is one of many at their place, and fills half of what it may.
    Optional<Pair> pair = Optional.of(new Pair(place(client), account.orElse(NAMELESS)));
    boolean proven =
        account.filter(a -> proven(pair.orElseThrow()) || known.test(client.ip(), a)).isPresent();
    // Of a name that nobody can read beforehand it cannot be told whose failures they are: where
    // somebody is at home, they are left to whoever reads it.
    if (account.isEmpty() && successes.getIfPresent(new Pair(place(client), "")) != null) {
      return new Entry.Go(UNCOUNTED);
    }
    lock.lockInterruptibly();
    try {
      long patience = TURN.toNanos();
      while (true) {
        long now = ticker.read();
        List<Failures> there = there(client, account, pair, proven);
        if (there.stream().allMatch(f -> f.room(now))) {
          List<Failures> counted = counted(client, account, pair, proven);
          counted.forEach(Failures::begin);
          return new Entry.Go(
              new Counted(counted, pair, secret.map(s -> print(client, account, s))));
        }
        if (patience <= 0 || there.stream().anyMatch(f -> f.full(now))) {
          return new Entry.Held();
        }
        patience = ended.awaitNanos(patience);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * How things stand for a login, without counting it.
   *
   * @param network failures of its network within the time
   * @param account failures of the account, wherever they came from; 0 where none is named
   * @param proven whether the account has logged in there of late: then others' failures do not
   *     count against it
   * @param held whether it would not even be looked at
   * @param exempt whether nothing is counted there
   */
  public record Standing(int network, int account, boolean proven, boolean held, boolean exempt) {}

  /** Looks, and leaves no trace. */
  public Standing standing(RemoteAddress client, Optional<String> account) {
    if (settings.exempt().stream().anyMatch(n -> n.contains(client.address()))) {
      return new Standing(0, 0, false, false, true);
    }
    Optional<Pair> pair = Optional.of(new Pair(place(client), account.orElse(NAMELESS)));
    boolean proven =
        account.filter(a -> proven(pair.orElseThrow()) || known.test(client.ip(), a)).isPresent();
    lock.lock();
    try {
      long now = ticker.read();
      Failures ofNetwork = networks.getIfPresent(network(client));
      Failures ofAccount = account.map(accounts::getIfPresent).orElse(null);
      return new Standing(
          ofNetwork == null ? 0 : ofNetwork.count(now),
          ofAccount == null ? 0 : ofAccount.count(now),
          proven,
          there(client, account, pair, proven).stream().anyMatch(f -> f.full(now)),
          false);
    } finally {
      lock.unlock();
    }
  }

  public Settings settings() {
    return settings;
  }

  /** What is known already: a login that is not even looked at leaves nothing behind. */
  private List<Failures> there(
      RemoteAddress client, Optional<String> account, Optional<Pair> pair, boolean proven) {
    List<Failures> there = new ArrayList<>();
    pair.map(pairs::getIfPresent).ifPresent(there::add);
    if (!proven) {
      Optional.ofNullable(networks.getIfPresent(network(client))).ifPresent(there::add);
      account.map(accounts::getIfPresent).ifPresent(there::add);
    }
    return there;
  }

  /** A network that has somebody who logged in here is asked about by the address alone. */
  private List<Failures> counted(
      RemoteAddress client, Optional<String> account, Optional<Pair> pair, boolean proven) {
    List<Failures> counted = new ArrayList<>();
    Rate rate = settings.network();
    pair.ifPresent(p -> counted.add(pairs.get(p, _ -> (proven ? rate : rate.half()).failures())));
    if (!proven) {
      counted.add(networks.get(network(client), _ -> rate.failures()));
      account.ifPresent(a -> counted.add(accounts.get(a, _ -> settings.account().failures())));
    }
    return counted;
  }

  /** One address of IPv4; of IPv6 the /64, for there one client has all of them. */
  private static String place(RemoteAddress client) {
    Network around = Network.around(client.address());
    return around.prefix() == 64 ? around.toString() : client.ip();
  }

  /** Where somebody has logged in, that place; of any other its network. */
  private String network(RemoteAddress client) {
    String place = place(client);
    return successes.getIfPresent(new Pair(place, "")) != null
        ? place
        : Network.around(client.address()).toString();
  }

  private boolean proven(Pair pair) {
    return successes.getIfPresent(pair) != null;
  }

  private Octets print(RemoteAddress client, Optional<String> account, Secret secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      String whose = place(client) + " " + account.orElse("");
      mac.update(whose.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return Octets.of(secret.use(mac::doFinal));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("no HmacSHA256", impossible);
    }
  }

  private final class Counted implements Turn {
    private final List<Failures> counted;
    private final Optional<Pair> pair;
    private final Optional<Octets> print;
    private boolean over;

    Counted(List<Failures> counted, Optional<Pair> pair, Optional<Octets> print) {
      this.counted = counted;
      this.pair = pair;
      this.print = print;
    }

    @Override
    public void succeeded() {
      pair.filter(p -> !p.account().equals(NAMELESS)).ifPresent(LoginPatience.this::proved);
      end(false);
    }

    @Override
    public void failed() {
      // A password that a machine tries again and again guesses nothing.
      boolean again = print.map(p -> stale.asMap().put(p, true) != null).orElse(false);
      end(!again);
    }

    @Override
    public void undecided() {
      end(false);
    }

    private void end(boolean failure) {
      lock.lock();
      try {
        if (!over) {
          over = true;
          counted.forEach(f -> f.end(failure, ticker.read()));
          ended.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void proved(Pair pair) {
    // Whoever is at home here is not suspected half as much.
    if (successes.asMap().put(pair, true) == null) {
      pairs.put(pair, settings.network().failures());
    }
    successes.put(new Pair(pair.client(), ""), true);
  }

  /**
   * Somebody logged in whose name is known only now.
   *
   * @param account in normal form
   */
  public void succeeded(RemoteAddress client, String account) {
    proved(new Pair(place(client), account));
  }

  /** A failure of which only the network is known. */
  public void failed(RemoteAddress client) {
    if (settings.exempt().stream().noneMatch(n -> n.contains(client.address()))) {
      lock.lock();
      try {
        Failures failures = networks.get(network(client), _ -> settings.network().failures());
        failures.begin();
        failures.end(true, ticker.read());
      } finally {
        lock.unlock();
      }
    }
  }

  /** How long a failure's reply waits: the longer, the more of them came from the network. */
  public Duration delay(RemoteAddress client, Duration least) {
    lock.lock();
    try {
      Failures failures = networks.getIfPresent(network(client));
      int count = failures == null ? 0 : failures.count(ticker.read());
      Duration grown = least.multipliedBy(1L << Math.min(count / STEP, 20));
      Duration most = least.compareTo(LONGEST_DELAY) > 0 ? least : LONGEST_DELAY;
      return grown.compareTo(most) > 0 ? most : grown;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits.
   *
   * @return false at once where so many wait already that nobody else may
   */
  public boolean rest(Duration time) throws InterruptedException {
    if (!sleepers.tryAcquire()) {
      return false;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
      return true;
    } finally {
      sleepers.release();
    }
  }

  /** How many are kept waiting now. */
  public int resting() {
    return settings.sleepers() - sleepers.availablePermits();
  }
}
