package heddle.app;

import heddle.config.Bind;
import heddle.config.HeddleConfig;
import heddle.config.MechanismName;
import heddle.config.Ruled;
import heddle.control.Answer;
import heddle.control.Measure;
import heddle.control.Metrics;
import heddle.control.MetricsServer;
import heddle.control.Readiness;
import heddle.control.Readiness.Check;
import heddle.delivery.Courier;
import heddle.delivery.Route;
import heddle.delivery.Router;
import heddle.event.EventBus;
import heddle.listener.Crowd;
import heddle.scripting.Timing;
import heddle.spool.QueueEntry;
import heddle.spool.RecipientState;
import heddle.spool.Spool;
import heddle.spool.SpoolStatus;
import heddle.tls.ServerKeys;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The figures, where the site wants them: what is counted, what is looked at, and where. */
final class Meters implements AutoCloseable {
  /** The parts of a server that are looked at. */
  record Parts(
      Crowd crowd,
      Spool spool,
      Router router,
      Courier courier,
      ServerKeys keys,
      Books books,
      Doors doors,
      InstantSource clock) {}

  /** Asking whether the accounts can be written is writing. */
  private static final Duration STORE_HOLDS = Duration.ofSeconds(5);

  private record Wanted(Bind.Tcp at, Metrics metrics) {}

  private final Optional<Wanted> wanted;
  private final Set<String> listeners;
  private Optional<MetricsServer> server = Optional.empty();

  private Meters(Optional<Wanted> wanted, Set<String> listeners) {
    this.wanted = wanted;
    this.listeners = listeners;
  }

  /** Counts from now on, where the site wants it. */
  static Meters of(HeddleConfig config, EventBus events) {
    Optional<Wanted> wanted = Optional.empty();
    if (config.metrics().bind().orElse(null) instanceof Bind.Tcp at) {
      var settings =
          new Metrics.Settings(Version.get(), mechanisms(config), config.metrics().perUser());
      var metrics = new Metrics(settings);
      events.listen(metrics);
      wanted = Optional.of(new Wanted(at, metrics));
    }
    return new Meters(wanted, config.listener().keySet());
  }

  private static Set<String> mechanisms(HeddleConfig config) {
    Ruled<List<MechanismName>> ruled = config.session().auth().mechanisms();
    Set<String> names = new HashSet<>();
    ruled.otherwise().forEach(m -> names.add(m.name()));
    ruled.rules().forEach(rule -> rule.then().forEach(m -> names.add(m.name())));
    return names;
  }

  /** Of the site's hooks. */
  Timing timing() {
    return wanted.<Timing>map(w -> w.metrics()::hook).orElse(Timing.NONE);
  }

  /**
   * Serves them.
   *
   * @throws Refused where the address cannot be had
   */
  void open(Parts parts) throws Refused {
    if (wanted.isEmpty()) {
      return;
    }
    Metrics metrics = wanted.get().metrics();
    Bind.Tcp at = wanted.get().at();
    look(metrics, parts);
    try {
      server =
          Optional.of(
              MetricsServer.open(
                  new InetSocketAddress(at.address(), at.port()),
                  metrics,
                  new Readiness(checks(parts))));
    } catch (IOException refused) {
      throw new Refused(
          Answer.FAILED,
          "metrics.bind cannot use " + at,
          String.valueOf(refused.getMessage()),
          Doors.instead(at));
    }
  }

  /** {@code metrics@127.0.0.1:9464}; empty where they are not served. */
  Optional<String> name() {
    return server.map(s -> "metrics@" + new Bind.Tcp(s.where().getAddress(), s.where().getPort()));
  }

  private void look(Metrics metrics, Parts parts) {
    for (Route route : parts.router().routes()) {
      if (!(route instanceof Route.Hold)) {
        metrics.relay(route.relay());
      }
    }
    metrics.gauge(
        Measure.SESSIONS,
        point -> {
          Map<String, Integer> sizes = parts.crowd().sizes();
          listeners.forEach(name -> point.at(sizes.getOrDefault(name, 0), name));
        });
    metrics.gauge(Measure.QUEUE, point -> queue(parts, point));
    metrics.gauge(Measure.OLDEST, point -> point.at(oldest(parts).toMillis() / 1e3));
    metrics.gauge(
        Measure.CERTIFICATE,
        point ->
            ends(parts.keys()).forEach((name, end) -> point.at(end.toEpochMilli() / 1e3, name)));
    metrics.gauge(Measure.BLOCKED, point -> point.at(blocked(parts.books())));
  }

  private static void queue(Parts parts, Metrics.Point point) {
    int fresh = 0;
    int deferred = 0;
    int held = 0;
    for (QueueEntry entry : parts.spool().entries()) {
      if (parts.courier().rests(entry)) {
        held++;
      } else if (entry.recipients().stream().anyMatch(Meters::waits)) {
        deferred++;
      } else {
        fresh++;
      }
    }
    point.at(fresh, "new");
    point.at(deferred, "deferred");
    point.at(held, "held");
  }

  private static boolean waits(RecipientState recipient) {
    return !recipient.done() && recipient.attempts() > 0;
  }

  private static Duration oldest(Parts parts) {
    Instant now = parts.clock().instant();
    return parts.spool().entries().stream()
        .filter(entry -> !parts.courier().rests(entry))
        .map(entry -> Duration.between(entry.ticket().accepted(), now))
        .max(Duration::compareTo)
        .filter(Duration::isPositive)
        .orElse(Duration.ZERO);
  }

  /** Of several certificates for one name the one that ends first. */
  private static Map<String, Instant> ends(ServerKeys keys) {
    Map<String, Instant> ends = new LinkedHashMap<>();
    for (ServerKeys.Serving each : keys.serving()) {
      ends.merge(each.name(), each.expires(), (a, b) -> a.isBefore(b) ? a : b);
    }
    return ends;
  }

  private static int blocked(Books books) {
    return books.accounts().blocks().all().stream()
        .filter(block -> !block.subject().startsWith("user:"))
        .toList()
        .size();
  }

  private static List<Check> checks(Parts parts) {
    return List.of(
        new Check("listeners", Duration.ZERO, () -> shut(parts.doors())),
        new Check("spool", Duration.ZERO, () -> closed(parts.spool())),
        new Check("store", STORE_HOLDS, () -> unwritable(parts.books())),
        new Check("certificate", Duration.ZERO, () -> ended(parts)));
  }

  private static Optional<String> shut(Doors doors) {
    List<String> shut = doors.shut();
    return shut.isEmpty()
        ? Optional.empty()
        : Optional.of("nobody is heard at " + String.join(", ", shut));
  }

  private static Optional<String> closed(Spool spool) {
    return switch (spool.door()) {
      case SpoolStatus.Door.Open _ -> Optional.empty();
      case SpoolStatus.Door.Closed(var why) -> Optional.of("no message is taken: " + why);
    };
  }

  private static Optional<String> unwritable(Books books) throws Exception {
    books.accounts().probe(); // says why not
    return Optional.empty();
  }

  private static Optional<String> ended(Parts parts) {
    Instant now = parts.clock().instant();
    return ends(parts.keys()).entrySet().stream()
        .filter(each -> !now.isBefore(each.getValue()))
        .map(each -> "that for " + each.getKey() + " has ended on " + each.getValue())
        .reduce((a, b) -> a + ", " + b);
  }

  @Override
  public void close() {
    server.ifPresent(MetricsServer::close);
  }
}
