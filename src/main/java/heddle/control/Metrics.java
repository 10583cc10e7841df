package heddle.control;

import heddle.event.Event;
import heddle.event.Events;
import heddle.sasl.Refusal;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Counts what happens, and looks at the rest when it is asked. Counting takes no lock. No text of a
 * client's becomes a label's value, except a user's name behind a successful login, where the site
 * wants it. Safe to share.
 */
public final class Metrics implements Events {
  /**
   * What is counted.
   *
   * @param mechanisms that may be offered, in upper case
   * @param perUser whether users are counted by name
   */
  public record Settings(String version, Set<String> mechanisms, boolean perUser) {
    public Settings {
      mechanisms = Set.copyOf(mechanisms);
    }
  }

  /** Takes down a value. */
  @FunctionalInterface
  public interface Point {
    /**
     * @param labels in the order of the measure's
     */
    void at(double value, String... labels);
  }

  private static final String OK = "ok";

  /** Seconds. */
  private static final double[] OF_OUR_OWN = {
    .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30
  };

  private static final double[] OF_OTHERS = {.01, .05, .1, .5, 1, 5, 10, 20, 30, 60, 120};

  /** More routes or hooks no site has; more users are counted as others. */
  private static final int NAMES = 1_000;

  private static final int USERS = 10_000;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter writer =
      PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build();

  private final Counter logins = counter(Measure.LOGINS);
  private final Histogram loginTime = histogram(Measure.LOGIN_TIME, OF_OUR_OWN);
  private final Counter accepted = counter(Measure.ACCEPTED);
  private final Counter rejected = counter(Measure.REJECTED);
  private final Counter attempts = counter(Measure.ATTEMPTS);
  private final Histogram deliveryTime = histogram(Measure.DELIVERY_TIME, OF_OTHERS);
  private final Counter tls = counter(Measure.TLS);
  private final Histogram hookTime = histogram(Measure.HOOK_TIME, OF_OUR_OWN);
  private final Counter hookFailures = counter(Measure.HOOK_FAILURES);
  private final Optional<Users> users;

  private final Bounded mechanisms;
  private final Bounded results = Bounded.to(results());
  private final Bounded listeners = Bounded.first(NAMES);
  private final Bounded kinds = Bounded.to(Set.of("login", "device", "guest"));
  private final Bounded stages = Bounded.to(Set.of("mail", "rcpt", "data"));
  private final Bounded relays = Bounded.first(NAMES);
  private final Bounded versions = Bounded.to(Set.of("TLSv1.2", "TLSv1.3"));
  private final Bounded hooks = Bounded.first(NAMES);

  public Metrics(Settings settings) {
    this.mechanisms = Bounded.to(settings.mechanisms());
    this.users = settings.perUser() ? Optional.of(new Users()) : Optional.empty();
    var build =
        Info.builder()
            .name(Measure.BUILD.title())
            .help(Measure.BUILD.meaning())
            .labelNames(Measure.BUILD.labelNames())
            .register(registry);
    build.setLabelValues(settings.version());
  }

  private static Set<String> results() {
    Set<String> results = new HashSet<>(Set.of(OK));
    for (Refusal.Reason reason : Refusal.Reason.values()) {
      results.add(reason.toString());
    }
    return results;
  }

  private Counter counter(Measure measure) {
    return Counter.builder()
        .name(measure.title())
        .help(measure.meaning())
        .labelNames(measure.labelNames())
        .withoutExemplars()
        .register(registry);
  }

  private Histogram histogram(Measure measure, double[] bounds) {
    return Histogram.builder()
        .name(measure.title())
        .help(measure.meaning())
        .labelNames(measure.labelNames())
        .classicOnly()
        .classicUpperBounds(bounds)
        .withoutExemplars()
        .register(registry);
  }

  /**
   * A measure that is looked at whenever somebody asks.
   *
   * @param look tells its values; two for the same labels: the last counts
   */
  public void gauge(Measure measure, Consumer<Point> look) {
    GaugeWithCallback.builder()
        .name(measure.title())
        .help(measure.meaning())
        .labelNames(measure.labelNames())
        .callback(callback -> values(measure, look).forEach((l, v) -> callback.call(v, words(l))))
        .register(registry);
  }

  private static String[] words(List<String> labels) {
    return labels.toArray(String[]::new);
  }

  /** What cannot be looked at is left out: it must not hide the others. */
  private static Map<List<String>, Double> values(Measure measure, Consumer<Point> look) {
    Map<List<String>, Double> values = new LinkedHashMap<>();
    try {
      look.accept((value, labels) -> values.put(List.copyOf(Arrays.asList(labels)), value));
    } catch (RuntimeException mistake) {
      System.getLogger("heddle.control")
          .log(System.Logger.Level.WARNING, measure.title() + " cannot be looked at", mistake);
      values.clear();
    }
    return values;
  }

  // ---- counting

  @Override
  public void tell(Event event) {
    switch (event) {
      case Event.LoginAccepted e -> {
        login(e.mechanism(), OK, e.listener(), e.took());
        users.ifPresent(each -> each.login(e.user()));
      }
      case Event.LoginFailed e -> login(e.mechanism(), e.reason(), e.listener(), e.took());
      case Event.LoginDeferred e -> login(e.mechanism(), e.reason(), e.listener(), e.took());
      case Event.Accepted e -> {
        accepted.labelValues(listeners.of(e.listener()), kinds.of(e.kind())).inc();
        users.ifPresent(
            each -> e.user().ifPresent(user -> each.message(user, e.recipients().size())));
      }
      case Event.Refused e -> rejected.labelValues(stage(e.command()), code(e.reply())).inc();
      case Event.Delivered e -> {
        attempted(e.route(), "delivered");
        deliveryTime.labelValues(relays.of(e.route())).observe(seconds(e.took()));
      }
      case Event.Deferred e -> attempted(e.route(), "deferred");
      case Event.Failed e -> attempted(e.route(), "failed");
      case Event.TlsStarted e ->
          tls.labelValues(versions.of(e.tls().protocol()), listeners.of(e.listener())).inc();
      case Event.HookFailed e -> hookFailures.labelValues(hooks.of(e.hook())).inc();
      case Event.HooksLoaded e ->
          e.inUse().forEach(hook -> hookFailures.initLabelValues(hooks.of(hook)));
      default -> {} // most of what happens is told and not counted
    }
  }

  /**
   * What may happen there is 0 from now on: of a series that begins with its first event Prometheus
   * does not see that event.
   */
  public void relay(String relay) {
    for (String result : List.of("delivered", "deferred", "failed")) {
      attempts.initLabelValues(relays.of(relay), result);
    }
  }

  private void login(String mechanism, String result, String listener, Duration took) {
    logins.labelValues(mechanisms.of(mechanism), results.of(result), listeners.of(listener)).inc();
    loginTime.observe(seconds(took));
  }

  private String stage(String command) {
    return stages.of(
        switch (command) {
          case "MAIL" -> "mail";
          case "RCPT" -> "rcpt";
          case "DATA" -> "data";
          default -> Bounded.OTHER;
        });
  }

  /** Of {@code 550 5.7.1} the first three digits. */
  private static String code(String reply) {
    boolean digits =
        reply.length() >= 3
            && reply.charAt(0) >= '2'
            && reply.charAt(0) <= '5'
            && isDigit(reply.charAt(1))
            && isDigit(reply.charAt(2));
    return digits ? reply.substring(0, 3) : Bounded.OTHER;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void attempted(String relay, String result) {
    attempts.labelValues(relays.of(relay), result).inc();
  }

  /** A call of a hook of the site's. */
  public void hook(String name, Duration took) {
    hookTime.labelValues(hooks.of(name)).observe(seconds(took));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  /** Those who have logged in, each by name. */
  private final class Users {
    private final Counter logins = counter(Measure.USER_LOGINS);
    private final Counter messages = counter(Measure.USER_MESSAGES);
    private final Counter recipients = counter(Measure.USER_RECIPIENTS);
    private final Bounded names = Bounded.first(USERS);

    void login(String user) {
      logins.labelValues(names.of(user)).inc();
    }

    void message(String user, int to) {
      messages.labelValues(names.of(user)).inc();
      recipients.labelValues(names.of(user)).inc(to);
    }
  }

  // ---- telling

  /** The type of {@link #text}. */
  String contentType() {
    return writer.getContentType();
  }

  /** All figures as they stand, in Prometheus' text format. */
  String text() {
    var text = new ByteArrayOutputStream();
    try {
      writer.write(text, registry.scrape());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
