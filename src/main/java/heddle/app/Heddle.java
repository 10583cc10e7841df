package heddle.app;

import heddle.config.HeddleConfig;
import heddle.config.KeepConfig;
import heddle.control.Answer;
import heddle.control.ControlServer;
import heddle.control.Verb;
import heddle.delivery.Courier;
import heddle.delivery.RetryDecision;
import heddle.delivery.RetrySchedule;
import heddle.delivery.Router;
import heddle.dns.Names;
import heddle.event.Event;
import heddle.event.EventBus;
import heddle.event.Events;
import heddle.listener.Crowd;
import heddle.listener.Permits;
import heddle.mail.Id;
import heddle.sasl.Mechanisms;
import heddle.scripting.Generation;
import heddle.session.Gate;
import heddle.session.Surroundings;
import heddle.smtp.Replies;
import heddle.spool.RealDisk;
import heddle.spool.Settings;
import heddle.spool.Spool;
import heddle.spool.SpoolRefused;
import heddle.store.Account;
import heddle.store.History;
import heddle.submission.SenderAuthority;
import heddle.tls.ClientAuthorities;
import heddle.tls.Handshake;
import heddle.tls.ServerKeys;
import heddle.wire.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A whole server: makes the rooms, starts them in order, stops them in the opposite one. What
 * cannot start closes what had started before it.
 */
public final class Heddle implements AutoCloseable, HookDesk.Keeper {
  /** Beyond the site's limit there is room for so many clients to be told that there is none. */
  private static final int TURNED_AWAY_AT_A_TIME = 64;

  /** Measured: an idle connection behind TLS has some 15 KiB of heap. */
  private static final long HEAP_OF_A_CONNECTION = 24 * 1024;

  private static final int LOCK_TRIES = 10;
  private static final int SELF_HANDSHAKES = 2;
  private static final Duration LOOK_AFTER = Duration.ofSeconds(10);

  private final Home home;
  private final HeddleConfig config;
  private final EventBus events;
  private final InstantSource clock = InstantSource.system();
  private final long began = System.nanoTime();
  private final Instant since = clock.instant();

  /** What was started, the last first. */
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  private final Books books;
  private final History history;
  private final Remotes remotes;
  private final Spool spool;
  private final ServerKeys keys;
  private final ClientAuthorities authorities;
  private final Router router;
  private final Courier courier;
  private final String hostname;
  private final Crowd crowd;
  private final Doors doors;
  private final SiteHooks siteHooks;
  private final Meters meters;
  private final Function<Generation, Surroundings> surround;
  private final Care care;

  /** Of connections that come from now on. */
  private volatile Surroundings surroundings;

  private boolean stopped;

  private Heddle(Home home, HeddleConfig config, EventBus events) throws Refused, IOException {
    this.home = home;
    this.config = config;
    this.events = events;
    boolean whole = false;
    try {
      var wiring = new Wiring(home, config, events, clock);
      this.hostname = wiring.hostname().toString();
      keep(takeLock());
      this.books = keep(Books.open(home, clock, Extras.of(config)));
      this.history = keep(Books.history(home, clock, kept(config.keep()), events));
      events.listen(Care.withoutOwn(history));
      this.meters = Meters.of(config, events);
      this.spool = keep(openSpool());
      this.keys = wiring.keys();
      this.authorities = wiring.clientAuthorities();
      Handshake handshake = wiring.handshake(keys, authorities);
      handshake.selfHandshake(SELF_HANDSHAKES);
      Names.checkResolver().ifPresent(w -> events.tell(resolverWarning(w)));
      var random = new SecureRandom();
      Id mark = Id.draw(random);
      this.router = new Routes(home, config, wiring.hostname(), mark, events).router();
      this.courier = courier(wiring, random);
      warnOfSmallHeap();
      this.crowd = keep(new Crowd(permits()));
      this.remotes =
          keep(Remotes.open(home, config, books, events, crowd::leave, wiring.hostname(), mark));
      this.siteHooks = new SiteHooks(home, config, events, meters.timing());
      this.care = keep(new Care(this, wiring.hostname(), events, clock));
      this.surround = surround(wiring, handshake, mark, random);
      this.surroundings = surround.apply(siteHooks.start());
      var sockets = new Semaphore(connections() + TURNED_AWAY_AT_A_TIME);
      this.doors = keep(Doors.open(wiring.doors(), crowd, sockets, this::around));
      whole = true;
    } finally {
      if (!whole) {
        closeAll();
      }
    }
  }

  /**
   * Starts a server: when this returns, it accepts.
   *
   * @throws Refused in words for an administrator; nothing is left running
   */
  public static Heddle start(Home home, HeddleConfig config, EventBus events) throws Refused {
    try {
      var heddle = new Heddle(home, config, events);
      heddle.open();
      return heddle;
    } catch (SpoolRefused newer) {
      throw Refused.of("the spool cannot be read", newer, "use the version that it names");
    } catch (IOException trouble) {
      throw Refused.of(
          "the server cannot start",
          trouble,
          "look at the folder " + home.root() + " and its disk");
    }
  }

  private Function<Generation, Surroundings> surround(
      Wiring wiring, Handshake handshake, Id mark, SecureRandom random) {
    var directories = wiring.directories(books, remotes);
    Gate gate = wiring.gate(books);
    Leavers.watch(books.accounts(), wiring.admission(books), crowd);
    var mechanisms = new Mechanisms(wiring.hostname().ascii(), random);
    var authority = new SenderAuthority(this::addresses);
    var names = Names.system();
    return generation -> {
      var voices = wiring.voices(books, generation);
      return new Surroundings(
          wiring.hostname(),
          Routes.leadOut(config) || Remotes.leadOut(config)
              ? Optional.of(mark.value())
              : Optional.empty(),
          config,
          handshake,
          lookup -> care.before(directories.apply(voices).apply(lookup)),
          mechanisms,
          voices,
          address -> Wiring.pointer(names, address),
          (recipient, sender, listener, authz, size) ->
              router.route(new Router.Question(recipient, sender, listener, authz, size)).name(),
          gate,
          spool,
          authority,
          events,
          () -> Id.draw(random),
          clock,
          ZoneId.systemDefault());
    };
  }

  @Override
  public Generation now() {
    return surroundings.hooks().generation();
  }

  /** A connection keeps the hooks that it began with. */
  @Override
  public synchronized Generation reload() throws Refused {
    Generation generation = siteHooks.again();
    surroundings = surround.apply(generation);
    return generation;
  }

  private <T extends AutoCloseable> T keep(T part) {
    started.push(part);
    return part;
  }

  private static History.Keep kept(KeepConfig keep) {
    return new History.Keep(keep.events(), keep.logins(), keep.dialogues());
  }

  private Lock takeLock() throws Refused, IOException {
    Optional<Lock> lock = Lock.take(home.lock());
    // A command on the files holds it for a moment; that is no reason not to start.
    for (int i = 0; lock.isEmpty() && i < LOCK_TRIES; i++) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      lock = Lock.take(home.lock());
    }
    return lock.orElseThrow(
        () ->
            new Refused(
                Answer.REFUSED,
                "a server runs here already",
                "process " + Lock.holder(home.lock()) + " holds " + home.lock(),
                "use it, or stop it first"));
  }

  private Spool openSpool() throws IOException {
    return Spool.open(new RealDisk(home.spool()), Settings.DEFAULT, events, clock);
  }

  private Courier courier(Wiring wiring, SecureRandom random) {
    var patience =
        new RetryDecision.Patience(
            new RetrySchedule(config.queue().retry()),
            config.queue().expire(),
            config.queue().delayNotice());
    return new Courier(spool, router, patience, wiring.hostname(), events, clock, random);
  }

  private static Event.Warning resolverWarning(String why) {
    return new Event.Warning(
        "names are looked up in a way that one silent name server can block",
        why,
        "start the server by bin/heddle, or with -Dorg.dnsjava.spi.enable=true");
  }

  /** As configured, but no more than the heap can hold; a line being read comes on top. */
  private int connections() {
    long room = Runtime.getRuntime().maxMemory() / HEAP_OF_A_CONNECTION;
    return (int) Math.min(config.limit().connections(), room);
  }

  private void warnOfSmallHeap() {
    if (connections() < config.limit().connections()) {
      events.tell(
          new Event.Warning(
              "only " + connections() + " connections are taken at one time",
              "the heap has no room for the " + config.limit().connections() + " configured",
              "give the server more memory (HEDDLE_JAVA_OPTS=-Xmx1g), or lower limit.connections"));
    }
  }

  private Permits permits() {
    return new Permits(
        connections(), config.limit().connectionsPerAddress(), config.limit().exempt());
  }

  private Set<String> addresses(String account) {
    return books
        .accounts()
        .snapshot()
        .find(account)
        .map(Account::addresses)
        .map(Set::copyOf)
        .orElse(Set.of());
  }

  Surroundings around() {
    return surroundings;
  }

  private void open() throws IOException, Refused {
    boolean whole = false;
    try {
      courier.start();
      keep(courier);
      var office = new ServerOffice(this);
      keep(ControlServer.open(home.control(), office, EnumSet.allOf(Verb.Reach.class)));
      keep(ControlServer.open(home.status(), office, EnumSet.of(Verb.Reach.LOOKING)));
      keep(meters).open(new Meters.Parts(crowd, spool, router, courier, keys, books, doors, clock));
      Thread keeper = Thread.ofPlatform().name("keeper").daemon(true).start(this::lookAfter);
      keep(keeper::interrupt);
      doors.start();
      care.start();
      whole = true;
    } finally {
      if (!whole) {
        closeAll();
      }
    }
    events.tell(
        new Event.Started(Version.get(), names(), Duration.ofNanos(System.nanoTime() - began)));
  }

  /** Of all that listens over the network. */
  private List<String> names() {
    return Stream.concat(doors.names().stream(), meters.name().stream()).toList();
  }

  /** Sees to it that new certificates are served without a restart. */
  private void lookAfter() {
    try {
      while (true) {
        Thread.sleep(LOOK_AFTER);
        keys.reloadIfChanged();
        authorities.reloadIfChanged();
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where a listener hears, for those who bound port 0; the first port of that name. */
  public InetSocketAddress address(String listener) {
    return doors.address(listener);
  }

  Books books() {
    return books;
  }

  History history() {
    return history;
  }

  /** What other servers have said of a user counts no more. */
  void forget(String user) {
    remotes.forget(user);
    crowd.leave(who -> who.authn().equals(user) && who.shown().title().startsWith("remote/"));
  }

  DoctorDesk doctor() {
    return care.doctor();
  }

  ServerKeys keys() {
    return keys;
  }

  List<Doors.Door> doors() {
    return doors.all();
  }

  InstantSource clock() {
    return clock;
  }

  SendDesk sending() {
    return new SendDesk(
        books.accounts(), spool, router, surroundings.hostname(), care.testMail(), events, clock);
  }

  Router router() {
    return router;
  }

  Courier courier() {
    return courier;
  }

  public Spool spool() {
    return spool;
  }

  HeddleConfig config() {
    return config;
  }

  Home home() {
    return home;
  }

  Events events() {
    return events;
  }

  Crowd crowd() {
    return crowd;
  }

  StatusDesk status(InstantSource now) {
    var self = new StatusDesk.Self(hostname, doors.names(), since);
    return new StatusDesk(
        self,
        crowd,
        spool,
        history,
        () ->
            keys.serving().stream().map(s -> new StatusDesk.Served(s.name(), s.expires())).toList(),
        care.doctor()::worries,
        now);
  }

  /** A clean stop: nobody new, everybody sent home, the journal written out. */
  public void stop(String why) {
    synchronized (this) {
      if (stopped) {
        return;
      }
      stopped = true;
    }
    long stopping = System.nanoTime();
    events.tell(new Event.Stopping(why, crowd.size()));
    care.close();
    quietly(doors);
    Deadline drain = Deadline.in(config.queue().drain());
    int cut = crowd.drain(Replies.SHUTTING_DOWN, drain);
    deliverOut(drain);
    try {
      spool.retireAll();
    } catch (IOException trouble) {
      events.tell(
          new Event.Warning(
              "the journal was not written out",
              String.valueOf(trouble.getMessage()),
              "nothing is lost: the next start reads it"));
    }
    closeAll();
    events.tell(new Event.Stopped(Duration.ofNanos(System.nanoTime() - stopping), cut));
  }

  /**
   * A next hop that thinks over a message gets the time that sessions had, ten seconds at least.
   */
  private void deliverOut(Deadline drain) {
    Duration least = Duration.ofSeconds(10);
    int left = courier.stop(drain.left().compareTo(least) > 0 ? drain.left() : least);
    if (left > 0) {
      events.tell(
          new Event.Warning(
              left + " deliveries were cut off",
              "their next hop did not answer within queue.drain",
              "nothing is lost: they are tried again, and may arrive twice"));
    }
  }

  private void closeAll() {
    while (!started.isEmpty()) {
      quietly(started.pop());
    }
  }

  private static void quietly(AutoCloseable part) {
    try {
      part.close();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (Exception alreadyGone) {
      // What is being left behind can do no harm any more.
    }
  }

  @Override
  public void close() {
    stop("close");
  }
}
