package heddle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.AnyEvent;
import heddle.event.Event;
import heddle.mail.Id;
import heddle.sasl.Refusal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/** Whatever is said to the server, its figures stay few and can be read. */
class MetricsProperties {
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** What a client may choose has these values and no others. */
  private static final Map<String, Set<String>> CLOSED = closed();

  private static Map<String, Set<String>> closed() {
    Set<String> results = new HashSet<>(Set.of("ok", "other", "delivered", "deferred", "failed"));
    Arrays.stream(Refusal.Reason.values()).map(Object::toString).forEach(results::add);
    return Map.of(
        "mechanism", Set.of("PLAIN", "other"),
        "result", results,
        "kind", Set.of("login", "device", "guest", "other"),
        "stage", Set.of("mail", "rcpt", "data", "other"),
        "version", Set.of("TLSv1.2", "TLSv1.3", "other", "x"));
  }

  @Provide
  Arbitrary<Event> events() {
    return AnyEvent.events();
  }

  private static Map<String, Set<String>> labels(Scrape scrape) {
    Map<String, Set<String>> labels = new HashMap<>();
    for (String sample : scrape.samples().keySet()) {
      Matcher label = LABEL.matcher(sample);
      while (label.find()) {
        labels.computeIfAbsent(label.group(1), _ -> new HashSet<>()).add(label.group(2));
      }
    }
    return labels;
  }

  @Property(tries = 200)
  void no_word_of_a_client_becomes_a_series(
      @ForAll @Size(min = 1, max = 60) List<@From("events") Event> events) {
    var metrics = new Metrics(new Metrics.Settings("x", Set.of("PLAIN"), false));
    events.forEach(metrics::tell);
    Scrape scrape = Scrape.of(metrics.text()); // every line is one of the format
    Map<String, Set<String>> labels = labels(scrape);
    CLOSED.forEach(
        (label, known) ->
            assertTrue(known.containsAll(labels.getOrDefault(label, Set.of())), labels.toString()));
    for (String code : labels.getOrDefault("code", Set.of())) {
      assertTrue(code.matches("[2-5][0-9][0-9]|other"), code);
    }
    Statistics.label("counted").collect(!scrape.of(Measure.LOGINS).isEmpty());
    Statistics.label("counted").coverage(coverage -> coverage.check(true).percentage(p -> p > 20));
  }

  @Example
  void names_that_others_choose_come_to_an_end() {
    var metrics = new Metrics(new Metrics.Settings("x", Set.of("PLAIN"), true));
    var id = new Id("7Q4K2M9XTVC3");
    for (int i = 0; i < 20_000; i++) {
      metrics.tell(
          new Event.Accepted(
              id,
              id,
              "listener " + i,
              "login",
              "",
              List.of("bob@example.net"),
              1,
              Optional.empty(),
              Optional.of("user " + i),
              AnyEvent.CLIENT));
      metrics.tell(new Event.Failed(id, "", "relay " + i, "", Optional.empty()));
      metrics.tell(new Event.HookFailed(Optional.empty(), "hook " + i, ""));
    }
    Scrape scrape = Scrape.of(metrics.text());
    Map<String, Set<String>> labels = labels(scrape);
    assertEquals(10_001, labels.get("user").size());
    assertEquals(10_000, scrape.of(Measure.USER_MESSAGES).get("{user=\"other\"}"));
    for (String label : List.of("listener", "relay", "hook")) {
      assertEquals(1_001, labels.get(label).size(), label);
    }
  }
}
