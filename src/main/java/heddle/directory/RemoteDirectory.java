package heddle.directory;

import com.github.benmanes.caffeine.cache.Ticker;
import heddle.event.Event;
import heddle.event.Events;
import heddle.mail.Domain;
import heddle.mail.Octets;
import heddle.mail.Secret;
import heddle.remote.Asker;
import heddle.remote.Question;
import heddle.remote.Relay;
import heddle.remote.Verdict;
import heddle.sasl.Attempt;
import heddle.sasl.Authenticator;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusals;
import heddle.store.Account;
import heddle.store.Accounts;
import heddle.store.Material;
import heddle.wire.Deadline;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Another server as one of those who may be asked: so many questions at one time, one deadline for
 * each, the wait for its turn included, and a memory of the answers. Safe to share.
 */
public final class RemoteDirectory implements Directory, AutoCloseable {
  /**
   * How it is asked.
   *
   * @param name as the lookup has it, {@code "remote/imap"}
   * @param concurrency questions at one time
   * @param timeout for one question and its answer
   * @param localPart whether it is told only what stands before the {@code @}
   * @param domains of ours
   * @param cache how long which answer is remembered
   */
  public record Settings(
      String name,
      int concurrency,
      Duration timeout,
      boolean localPart,
      List<Domain> domains,
      Memory cache) {}

  /** How long which answer is remembered; 0 entries: none is. */
  public record Memory(int entries, Duration positive, Duration negative, Duration refresh) {}

  private final Settings settings;
  private final Asker asker;
  private final Accounts accounts;
  private final Passwords passwords;
  private final Events events;
  private final Leaving leaving;
  private final AnswerCache cache;
  private final Semaphore turns;
  private final Set<Octets> refreshing = ConcurrentHashMap.newKeySet();

  /** Why it does not answer; empty while it does. */
  private final AtomicReference<String> trouble = new AtomicReference<>("");

  /**
   * @param leaving who is told that logins of somebody are not good any more
   */
  public RemoteDirectory(
      Settings settings,
      Asker asker,
      Accounts accounts,
      Passwords passwords,
      Events events,
      Leaving leaving) {
    this(settings, asker, accounts, passwords, events, leaving, Ticker.systemTicker());
  }

  RemoteDirectory(
      Settings settings,
      Asker asker,
      Accounts accounts,
      Passwords passwords,
      Events events,
      Leaving leaving,
      Ticker ticker) {
    this.settings = settings;
    this.asker = asker;
    this.accounts = accounts;
    this.passwords = passwords;
    this.events = events;
    this.leaving = leaving;
    var memory = settings.cache();
    this.cache =
        new AnswerCache(
            new AnswerCache.Settings(
                memory.entries(), memory.positive(), memory.negative(), memory.refresh()),
            new SecureRandom(),
            ticker);
    this.turns = new Semaphore(settings.concurrency(), true);
    accounts.onChange(change -> cache.forget(change.name()));
  }

  @Override
  public Set<Class<? extends Claim>> proves() {
    return Set.of(Claim.Password.class);
  }

  /** Whole exchanges are another matter than passwords: nothing is remembered of them. */
  @Override
  public Optional<Authenticator> speaks(String mechanism) {
    return asker instanceof Relay relay && relay.mechanisms().contains(mechanism)
        ? Optional.of(new Relayed(relay, settings.timeout(), this::decided)::begin)
        : Optional.empty();
  }

  @Override
  public Decision check(Claim claim, Attempt attempt) throws InterruptedException {
    return claim instanceof Claim.Password password
        ? password(password, attempt)
        : new Decision.Pass("no password");
  }

  private Decision password(Claim.Password claim, Attempt attempt) throws InterruptedException {
    Optional<Names> names = LoginName.normal(claim.authn()).flatMap(this::names);
    Optional<String> authz = LoginName.normal(claim.authz());
    if (names.isEmpty() || authz.isEmpty()) {
      return new Decision.Reject(Refusals.UNKNOWN);
    }
    // RFC 4513 §5.1.2, for one: an empty password may be taken for a login as nobody.
    if (claim.password().isEmpty() || claim.password().use(RemoteDirectory::holdsNul)) {
      return new Decision.Reject(Refusals.WRONG);
    }
    Verdict verdict = verdict(names.get(), claim.password(), attempt);
    boolean itself =
        authz.get().equals(names.get().given()) || authz.get().equals(names.get().ours());
    return verdict instanceof Verdict.Yes && !itself
        ? new Decision.Reject(Refusals.NOT_ALLOWED)
        : decided(verdict, names.get().ours(), claim.authn(), Optional.empty(), attempt);
  }

  private static boolean holdsNul(byte[] octets) {
    for (byte octet : octets) {
      if (octet == 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param given the normal form of what the client said
   * @param told what the server hears
   * @param ours who it is here
   */
  private record Names(String given, String told, String ours) {}

  /** Empty where the name is in nobody's domain, and the server would not be told so. */
  private Optional<Names> names(String given) {
    if (!settings.localPart()) {
      return Optional.of(new Names(given, given, given));
    }
    List<String> domains =
        settings.domains().stream().map(Domain::unicode).map(d -> "@" + d).toList();
    int at = given.lastIndexOf('@');
    if (at < 0) {
      return Optional.of(
          new Names(given, given, domains.size() == 1 ? given + domains.getFirst() : given));
    }
    return domains.contains(given.substring(at))
        ? Optional.of(new Names(given, given.substring(0, at), given))
        : Optional.empty();
  }

  private Verdict verdict(Names names, Secret password, Attempt attempt)
      throws InterruptedException {
    Octets key = cache.key(names.ours(), password);
    return switch (cache.recall(key)) {
      case AnswerCache.Memory.Yes(var yes, boolean old) -> {
        if (old) {
          refresh(key, names, called(yes, names.ours()), password, attempt);
        }
        yield yes;
      }
      case AnswerCache.Memory.No(var no) -> no;
      case AnswerCache.Memory.Nothing _ -> {
        Verdict fresh = ask(names, password, attempt);
        cache.remember(key, names.ours(), fresh);
        yield fresh;
      }
    };
  }

  /** Asks again behind the reply. A definite no ends what the yes before it had begun. */
  private void refresh(Octets key, Names names, String called, Secret password, Attempt attempt) {
    if (!refreshing.add(key)) {
      return;
    }
    Secret copy = password.use(Secret::of);
    Thread.ofVirtual()
        .name("refresh")
        .start(
            () -> {
              try (copy) {
                Verdict now = ask(names, copy, attempt);
                cache.remember(key, names.ours(), now);
                if (now instanceof Verdict.No || now instanceof Verdict.Expired) {
                  leaving.leave(who -> isHere(who, names.ours()) || isHere(who, called));
                }
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              } finally {
                refreshing.remove(key);
              }
            });
  }

  private boolean isHere(Identity who, String name) {
    return who.shown().title().equals(settings.name()) && who.authn().equals(name);
  }

  private Verdict ask(Names names, Secret password, Attempt attempt) throws InterruptedException {
    Deadline deadline = Deadline.in(settings.timeout());
    if (!turns.tryAcquire(deadline.millisLeft(), TimeUnit.MILLISECONDS)) {
      return heard(new Verdict.Unavailable("too many questions wait for their turn"));
    }
    Verdict verdict;
    try {
      verdict = asker.ask(new Question(names.told(), password, Relayed.caller(attempt)), deadline);
    } finally {
      turns.release();
    }
    return heard(judged(verdict, password));
  }

  /** Where the server keeps a hash and judges nothing, we do; unknown names cost the same. */
  private Verdict judged(Verdict verdict, Secret password) throws InterruptedException {
    return switch (verdict) {
      case Verdict.Kept(var hash, var groups) ->
          switch (check(hash, password)) {
            case RIGHT -> new Verdict.Yes(Optional.empty(), groups);
            // What nobody can read says nothing about the password.
            case WRONG ->
                hash.filter(h -> KeptHash.parse(h).isEmpty()).isPresent()
                    ? new Verdict.Unavailable("a stored password has a form that is not known here")
                    : new Verdict.No(Verdict.Why.WRONG);
            case BUSY -> new Verdict.Unavailable("too many logins are being checked");
          };
      case Verdict.No(var why) when why == Verdict.Why.UNKNOWN && asker.keepsHashes() -> {
        check(Optional.empty(), password);
        yield verdict;
      }
      case Verdict.No _, Verdict.Yes _, Verdict.Expired _, Verdict.Unavailable _ -> verdict;
    };
  }

  private Passwords.Checked check(Optional<Octets> hash, Secret password)
      throws InterruptedException {
    try (var prepared = PreparedPassword.of(password).orElseThrow()) {
      return passwords.check(prepared, hash.map(Material::new), false);
    }
  }

  /** Tells once that it does not answer, and once that it does again. */
  private Verdict heard(Verdict verdict) {
    String now = verdict instanceof Verdict.Unavailable(var why) ? why : "";
    String before = trouble.getAndSet(now);
    if (before.isEmpty() && !now.isEmpty()) {
      events.tell(new Event.DirectoryDown(settings.name(), now));
    } else if (!before.isEmpty() && now.isEmpty()) {
      events.tell(new Event.DirectoryUp(settings.name()));
    }
    return verdict;
  }

  /** From a verdict to a decision, whether it was about a password or ended a whole exchange. */
  private Decision decided(
      Verdict verdict, String name, String display, Optional<Octets> last, Attempt attempt) {
    return switch (verdict) {
      case Verdict.Yes yes -> {
        yield new Decision.Accept(
            identity(called(yes, name), display, yes.groups(), attempt), last);
      }
      case Verdict.No(var why) ->
          new Decision.Reject(
              switch (why) {
                case WRONG -> Refusals.WRONG;
                case UNKNOWN -> Refusals.UNKNOWN;
                case DISABLED -> Refusals.DISABLED;
              });
      case Verdict.Expired _ -> new Decision.Defer(Refusals.EXPIRED);
      case Verdict.Kept _, Verdict.Unavailable _ -> new Decision.Defer(Refusals.UNAVAILABLE);
    };
  }

  /** As the server calls them, where it says so; what it was told of a name may come back. */
  private String called(Verdict.Yes yes, String name) {
    return yes.name().flatMap(LoginName::normal).flatMap(this::names).map(Names::ours).orElse(name);
  }

  private Identity identity(String name, String display, Set<String> groups, Attempt attempt) {
    return new Identity(
        name,
        name,
        display,
        accounts.snapshot().find(name).map(Account::name),
        heddle.sasl.Shown.as(settings.name()),
        attempt.mechanism(),
        groups,
        Optional.empty());
  }

  /** Forgets what was said of somebody; the next login asks anew. */
  public void forget(String name) {
    LoginName.normal(name).flatMap(this::names).ifPresent(n -> cache.forget(n.ours()));
  }

  @Override
  public void close() {
    asker.close();
  }
}
