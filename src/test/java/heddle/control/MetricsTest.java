package heddle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.AnyEvent;
import heddle.event.Event;
import heddle.mail.Id;
import heddle.peer.RemoteAddress;
import heddle.peer.TlsInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A server's day as events, and the figures in the evening. */
class MetricsTest {
  private static final Id SESSION = new Id("7Q4K2M9XTVC3");
  private static final Id MESSAGE = new Id("7Q4K2M9XTVC4");
  private static final RemoteAddress CLIENT = AnyEvent.CLIENT;
  private static final Optional<String> ANNA = Optional.of("anna@example.org");

  private static Metrics metrics(boolean perUser) {
    return new Metrics(new Metrics.Settings("1.2.3", Set.of("PLAIN", "SCRAM-SHA-256"), perUser));
  }

  private static Event in(String mechanism, long millis) {
    return new Event.LoginAccepted(
        SESSION,
        "submission",
        ANNA.get(),
        ANNA.get(),
        mechanism,
        Optional.empty(),
        "password",
        "local",
        Duration.ofMillis(millis),
        CLIENT);
  }

  private static Event out(String mechanism, String reason, String name) {
    return new Event.LoginFailed(
        SESSION,
        "submission",
        Optional.of(name),
        mechanism,
        reason,
        "local",
        Duration.ofMillis(60),
        CLIENT);
  }

  private static Event message(String kind, int recipients) {
    return new Event.Accepted(
        MESSAGE,
        SESSION,
        "submission",
        kind,
        "anna@example.org",
        java.util.Collections.nCopies(recipients, "bob@example.net"),
        1000,
        Optional.empty(),
        kind.equals("guest") ? Optional.empty() : ANNA,
        CLIENT);
  }

  private static Event refused(String command, String reply) {
    return new Event.Refused(SESSION, MESSAGE, command, reply, ANNA, CLIENT);
  }

  private static final String RELAY = "smtp.provider.example:587";

  private static final List<Event> DAY =
      List.of(
          new Event.TlsStarted(
              SESSION,
              "submission",
              new TlsInfo("TLSv1.3", "TLS_AES_128_GCM_SHA256", Optional.empty(), false, true),
              CLIENT),
          in("PLAIN", 4),
          in("PLAIN", 61),
          in("SCRAM-SHA-256", 2),
          out("PLAIN", "badpassword", "anna@example.org"),
          out("PLAIN", "baduser", "client=198.51.100.1:25"),
          out("x\" evil", "baduser", "x"),
          new Event.LoginDeferred(
              SESSION,
              "submission",
              ANNA,
              "PLAIN",
              "unavailable",
              "remote/imap",
              Duration.ofSeconds(40),
              CLIENT),
          message("login", 3),
          message("login", 1),
          message("guest", 1),
          refused("MAIL", "550 5.7.1"),
          refused("RCPT", "452 4.5.3"),
          refused("DATA", "552 5.3.4"),
          refused("DATA", "552 5.3.4"),
          new Event.Delivered(
              MESSAGE,
              "bob@example.com",
              RELAY,
              "250 ok",
              Duration.ofHours(3),
              Duration.ofMillis(200)),
          new Event.Deferred(MESSAGE, "carol@example.com", RELAY, "451 later", "soon"),
          new Event.Failed(MESSAGE, "dave@example.com", RELAY, "550 no", Optional.empty()),
          new Event.HookFailed(Optional.of(SESSION), "Bosses", "no answer within 5.0 s"),
          new Event.RouteUp("default", RELAY));

  private static Scrape evening(Metrics metrics) {
    DAY.forEach(metrics::tell);
    metrics.hook("Bosses", Duration.ofMillis(5000));
    metrics.hook("Bosses", Duration.ofMillis(3));
    return Scrape.of(metrics.text());
  }

  @Test
  void each_thing_is_counted_once_where_it_belongs() {
    Scrape evening = evening(metrics(false));
    assertEquals(
        Map.of(
            "{mechanism=\"PLAIN\",result=\"ok\",listener=\"submission\"}", 2.0,
            "{mechanism=\"SCRAM-SHA-256\",result=\"ok\",listener=\"submission\"}", 1.0,
            "{mechanism=\"PLAIN\",result=\"badpassword\",listener=\"submission\"}", 1.0,
            "{mechanism=\"PLAIN\",result=\"baduser\",listener=\"submission\"}", 1.0,
            "{mechanism=\"other\",result=\"baduser\",listener=\"submission\"}", 1.0,
            "{mechanism=\"PLAIN\",result=\"unavailable\",listener=\"submission\"}", 1.0),
        ordered(evening.of(Measure.LOGINS), "mechanism", "result", "listener"));
    assertEquals(
        Map.of(
            "{listener=\"submission\",kind=\"login\"}", 2.0,
            "{listener=\"submission\",kind=\"guest\"}", 1.0),
        ordered(evening.of(Measure.ACCEPTED), "listener", "kind"));
    assertEquals(
        Map.of(
            "{stage=\"mail\",code=\"550\"}", 1.0,
            "{stage=\"rcpt\",code=\"452\"}", 1.0,
            "{stage=\"data\",code=\"552\"}", 2.0),
        ordered(evening.of(Measure.REJECTED), "stage", "code"));
    assertEquals(
        Map.of(
            "{relay=\"" + RELAY + "\",result=\"delivered\"}", 1.0,
            "{relay=\"" + RELAY + "\",result=\"deferred\"}", 1.0,
            "{relay=\"" + RELAY + "\",result=\"failed\"}", 1.0),
        ordered(evening.of(Measure.ATTEMPTS), "relay", "result"));
    assertEquals(
        Map.of("{version=\"TLSv1.3\",listener=\"submission\"}", 1.0),
        ordered(evening.of(Measure.TLS), "version", "listener"));
    assertEquals(Map.of("{hook=\"Bosses\"}", 1.0), evening.of(Measure.HOOK_FAILURES));
    assertEquals(Map.of("{version=\"1.2.3\"}", 1.0), evening.of(Measure.BUILD));
  }

  /** The library puts labels in an order of its own. */
  private static Map<String, Double> ordered(Map<String, Double> samples, String... names) {
    Map<String, Double> ordered = new java.util.TreeMap<>();
    samples.forEach(
        (labels, value) -> {
          var text = new StringBuilder("{");
          for (String name : names) {
            var label =
                java.util.regex.Pattern.compile("[{,]" + name + "=(\"(?:[^\"\\\\]|\\\\.)*\")")
                    .matcher(labels);
            assertTrue(label.find(), labels);
            text.append(text.length() > 1 ? "," : "")
                .append(name)
                .append('=')
                .append(label.group(1));
          }
          ordered.put(text.append('}').toString(), value);
        });
    return ordered;
  }

  @Test
  void a_time_is_in_its_bucket_and_in_all_above() {
    Scrape evening = evening(metrics(false));
    Map<String, Double> samples = evening.samples();
    assertEquals(7, samples.get("heddle_auth_seconds_count"));
    assertEquals(1, samples.get("heddle_auth_seconds_bucket{le=\"0.0025\"}"));
    assertEquals(2, samples.get("heddle_auth_seconds_bucket{le=\"0.005\"}"));
    assertEquals(6, samples.get("heddle_auth_seconds_bucket{le=\"0.1\"}"));
    assertEquals(6, samples.get("heddle_auth_seconds_bucket{le=\"30.0\"}"));
    assertEquals(7, samples.get("heddle_auth_seconds_bucket{le=\"+Inf\"}"));
    assertEquals(40.247, samples.get("heddle_auth_seconds_sum"), 0.0001);
    String relay = "relay=\"" + RELAY + "\"";
    // The attempt, not the three hours that the message waited for it.
    assertEquals(0.2, samples.get("heddle_delivery_seconds_sum{" + relay + "}"), 0.0001);
    assertEquals(0, samples.get("heddle_delivery_seconds_bucket{" + relay + ",le=\"0.1\"}"));
    assertEquals(1, samples.get("heddle_delivery_seconds_bucket{" + relay + ",le=\"0.5\"}"));
    assertEquals(2, samples.get("heddle_hook_seconds_count{hook=\"Bosses\"}"));
    assertEquals(1, samples.get("heddle_hook_seconds_bucket{hook=\"Bosses\",le=\"0.005\"}"));
    List<String> bounds =
        samples.keySet().stream()
            .filter(s -> s.startsWith("heddle_delivery_seconds_bucket"))
            .map(s -> s.replaceFirst(".*le=\"(.*)\"}", "$1"))
            .toList();
    assertEquals(
        "[0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, +Inf]", bounds.toString());
  }

  @Test
  void nobody_is_counted_by_name_unless_the_site_wants_it() {
    Scrape evening = evening(metrics(false));
    assertTrue(
        evening.samples().keySet().stream().noneMatch(s -> s.contains("anna")), evening.toString());
    assertTrue(evening.names().stream().noneMatch(n -> n.startsWith("heddle_user")));
  }

  @Test
  void where_it_does_those_who_are_in_are_and_no_others() {
    Scrape evening = evening(metrics(true));
    String anna = "{user=\"anna@example.org\"}";
    assertEquals(Map.of(anna, 3.0), evening.of(Measure.USER_LOGINS));
    assertEquals(Map.of(anna, 2.0), evening.of(Measure.USER_MESSAGES));
    assertEquals(Map.of(anna, 4.0), evening.of(Measure.USER_RECIPIENTS));
  }

  /** Of a series that begins with 1 Prometheus does not see how it came to that. */
  @Test
  void what_may_happen_is_zero_before_it_does() {
    Metrics metrics = metrics(false);
    metrics.tell(new Event.HooksLoaded(List.of("Bosses"), List.of("Other")));
    metrics.relay("maildir");
    Scrape morning = Scrape.of(metrics.text());
    assertEquals(Map.of("{hook=\"Bosses\"}", 0.0), morning.of(Measure.HOOK_FAILURES));
    assertEquals(List.of(0.0, 0.0, 0.0), List.copyOf(morning.of(Measure.ATTEMPTS).values()));
  }

  @Test
  void what_is_looked_at_is_as_it_is_when_somebody_asks() {
    Metrics metrics = metrics(false);
    double[] waiting = {3};
    metrics.gauge(Measure.QUEUE, point -> point.at(waiting[0], "new"));
    assertEquals(Map.of("{state=\"new\"}", 3.0), Scrape.of(metrics.text()).of(Measure.QUEUE));
    waiting[0] = 5;
    assertEquals(Map.of("{state=\"new\"}", 5.0), Scrape.of(metrics.text()).of(Measure.QUEUE));
  }

  @Test
  void what_cannot_be_looked_at_does_not_hide_the_rest() {
    Metrics metrics = metrics(false);
    metrics.gauge(
        Measure.QUEUE,
        point -> {
          point.at(1, "new");
          throw new IllegalStateException("no spool");
        });
    metrics.gauge(
        Measure.CERTIFICATE,
        point -> {
          point.at(1, "mail.example.org");
          point.at(2, "mail.example.org"); // the same name again must not be a sample twice
        });
    Scrape evening = evening(metrics);
    assertEquals(Map.of(), evening.of(Measure.QUEUE));
    assertEquals(Map.of("{name=\"mail.example.org\"}", 2.0), evening.of(Measure.CERTIFICATE));
    assertFalse(evening.of(Measure.LOGINS).isEmpty());
  }

  @Test
  void what_many_threads_count_at_once_is_all_there() throws Exception {
    Metrics metrics = metrics(true);
    int threads = 8;
    int each = 5_000;
    var all = new CountDownLatch(threads);
    for (int t = 0; t < threads; t++) {
      Thread.ofPlatform()
          .start(
              () -> {
                for (int i = 0; i < each; i++) {
                  metrics.tell(in("PLAIN", 1));
                  if (i % 1000 == 0) {
                    Scrape.of(metrics.text());
                  }
                }
                all.countDown();
              });
    }
    all.await();
    Scrape scrape = Scrape.of(metrics.text());
    double sum = scrape.of(Measure.LOGINS).values().stream().mapToDouble(v -> v).sum();
    assertEquals(threads * each, sum);
    assertEquals(threads * each, scrape.samples().get("heddle_auth_seconds_count"));
    assertEquals(threads * each, scrape.samples().get("heddle_auth_seconds_bucket{le=\"0.001\"}"));
  }
}
