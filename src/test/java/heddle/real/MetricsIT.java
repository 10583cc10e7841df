package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import heddle.control.Measure;
import heddle.control.Scrape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures of a server at work, and whether the rules and the dashboard that we ship ask for
 * figures that there are. Judged by Prometheus' own tools, and by Prometheus.
 */
class MetricsIT {
  private static final Path RULES = Path.of("examples/prometheus/heddle.rules.yml");
  private static final Path SCRAPING = Path.of("examples/prometheus/prometheus.yml");
  private static final Path DASHBOARD = Path.of("examples/grafana/heddle.json");
  private static final String RULES_OVER_TIME = "src/test/prometheus/heddle.rules.test.yml";

  /** What Prometheus knows by itself. */
  private static final String UP = "up";

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static MeasuredDay day;
  private static Scrape scrape;

  @BeforeAll
  static void live_through_it() throws Exception {
    day = new MeasuredDay();
    scrape = day.evening();
  }

  @AfterAll
  static void stop() throws Exception {
    day.close();
  }

  // ---- the figures

  @Test
  void every_figure_of_the_list_is_there_and_no_other() {
    SortedSet<String> titles = new TreeSet<>();
    Arrays.stream(Measure.values()).map(Measure::title).forEach(titles::add);
    SortedSet<String> found = new TreeSet<>();
    scrape.names().forEach(n -> found.add(n.replaceFirst("_(bucket|count|sum)$", "")));
    assertEquals(titles, found);
  }

  @Test
  void they_are_those_of_what_happened() {
    String login = "heddle_auth_total{listener=\"submissions\",mechanism=\"%s\",result=\"%s\"}";
    assertEquals(2, scrape.sample(login.formatted("PLAIN", "ok")));
    assertEquals(1, scrape.sample(login.formatted("PLAIN", "badpassword")));
    assertEquals(1, scrape.sample(login.formatted("PLAIN", "baduser")));
    assertEquals(1, scrape.sample(login.formatted("PLAIN", "badprotocol")));
    assertEquals(1, scrape.sample(login.formatted("PLAIN", "unavailable")));
    assertEquals(1, scrape.sample(login.formatted("LOGIN", "aborted")));
    assertEquals(7, scrape.sample("heddle_auth_seconds_count"));
    assertEquals(
        5,
        scrape.sample("heddle_messages_accepted_total{kind=\"login\",listener=\"submissions\"}"));
    assertEquals(1, scrape.sample("heddle_messages_rejected_total{code=\"550\",stage=\"mail\"}"));
    assertEquals(1, scrape.sample("heddle_messages_rejected_total{code=\"550\",stage=\"data\"}"));
    assertEquals(3, scrape.sample("heddle_delivery_seconds_count{relay=\"maildir\"}"));
    assertEquals(
        3,
        scrape.sample("heddle_tls_sessions_total{listener=\"submissions\",version=\"TLSv1.3\"}"));
    assertEquals(1, scrape.sample("heddle_sessions{listener=\"submissions\"}"));
    assertEquals(0, scrape.sample("heddle_sessions{listener=\"submission\"}"));
    assertEquals(0, scrape.sample("heddle_queue_messages{state=\"new\"}"));
    assertEquals(1, scrape.sample("heddle_queue_messages{state=\"deferred\"}"));
    assertEquals(1, scrape.sample("heddle_queue_messages{state=\"held\"}"));
    double oldest = scrape.sample("heddle_queue_oldest_seconds");
    assertTrue(oldest > 0 && oldest < 300, "oldest " + oldest);
    assertEquals(1, scrape.sample("heddle_hook_failures_total{hook=\"Bosses\"}"));
    // Its making, thrower, client=…, scott.
    assertEquals(4, scrape.sample("heddle_hook_seconds_count{hook=\"Bosses\"}"));
    assertEquals(1, scrape.sample("heddle_blocked_networks"));
    assertEquals(
        day.ends().getEpochSecond(),
        scrape.sample("heddle_certificate_expiry_timestamp_seconds{name=\"mail.example.org\"}"));
    String anna = "{user=\"" + ServerProcess.USER + "\"}";
    assertEquals(Map.of(anna, 1.0, "{user=\"scott\"}", 1.0), scrape.of(Measure.USER_LOGINS));
    assertEquals(Map.of(anna, 5.0), scrape.of(Measure.USER_MESSAGES));
    assertEquals(Map.of(anna, 5.0), scrape.of(Measure.USER_RECIPIENTS));
    for (String check : List.of("listeners", "spool", "store", "certificate")) {
      assertEquals(1, scrape.sample("heddle_ready{check=\"" + check + "\"}"), check);
    }
  }

  @Test
  void a_client_that_thinks_is_not_our_time() throws Exception {
    try (Client thinker = new Client(day.server().port("submissions"), "127.0.0.9")) {
      thinker.command("EHLO client", 250);
      thinker.command("AUTH LOGIN", 334);
      Thread.sleep(2_000);
      thinker.command("*", 501);
    }
    String line =
        day.server().awaitLog(l -> l.contains("why=aborted") && l.contains("client=127.0.0.9:"));
    double took = Double.parseDouble(line.replaceFirst(".* took=(\\S+) .*", "$1"));
    assertTrue(took < 2, line);
  }

  @Test
  void promtool_finds_nothing_to_say_against_them() throws Exception {
    var said = promtool(Figures.get(day.server(), "/metrics").body(), "check", "metrics");
    assertEquals(0, said.exit(), said.toString());
    assertEquals("", said.out() + said.err());
    var lame = promtool("# TYPE heddle_x counter\nheddle_x 1\n", "check", "metrics");
    assertTrue(lame.err().contains("heddle_x"), "it finds what is wrong: " + lame);
  }

  private static ServerProcess.Result promtool(String input, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(words));
    return ServerProcess.run(command, input, Map.of());
  }

  // ---- the rules

  /** What is asked for and is not there. */
  private static SortedSet<String> missing(List<String> expressions) {
    SortedSet<String> missing = new TreeSet<>();
    expressions.forEach(expression -> missing.addAll(PromQl.metrics(expression)));
    missing.removeAll(scrape.names());
    missing.remove(UP);
    return missing;
  }

  private static List<String> expressionsOf(Path rules) throws Exception {
    // A block of several lines is indented below its key.
    var expression =
        java.util.regex.Pattern.compile("(?m)^ +expr: (?:\\|\n((?:^ {10,}.*\n)+)|(.*)\n)");
    return expression
        .matcher(Files.readString(rules))
        .results()
        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
        .toList();
  }

  @Test
  void the_rules_are_good_and_do_over_time_what_they_say() throws Exception {
    for (String[] words :
        List.of(
            new String[] {"check", "rules", RULES.toString()},
            new String[] {"check", "config", SCRAPING.toString()},
            new String[] {"test", "rules", RULES_OVER_TIME})) {
      var said = promtool("", words);
      assertEquals(0, said.exit(), said.toString());
      assertTrue((said.out() + said.err()).contains("SUCCESS"), said.toString());
    }
    String rules = Files.readString(RULES);
    String tested = Files.readString(Path.of(RULES_OVER_TIME));
    List<String> alerts =
        rules
            .lines()
            .filter(l -> l.contains("- alert: "))
            .map(l -> l.replaceFirst(".*: ", ""))
            .toList();
    assertTrue(alerts.size() > 12, alerts.toString());
    for (String alert : alerts) {
      assertTrue(tested.contains("alertname: " + alert + "\n"), "not tested: " + alert);
    }
  }

  @Test
  void the_rules_ask_for_nothing_that_is_not_there() throws Exception {
    List<String> expressions = expressionsOf(RULES);
    String rules = Files.readString(RULES);
    assertEquals(rules.lines().filter(l -> l.contains("- alert: ")).count(), expressions.size());
    assertEquals(new TreeSet<>(), missing(expressions));
    String misspelt = String.join("\n", expressions).replace("heddle_ready", "heddle_redy");
    assertEquals(new TreeSet<>(List.of("heddle_redy")), missing(List.of(misspelt)));
  }

  // ---- the dashboard

  private static List<String> expressionsOf(JsonNode dashboard) {
    List<String> all = new ArrayList<>();
    for (JsonNode panel : dashboard.path("panels")) {
      panel.path("targets").forEach(target -> all.add(target.path("expr").asString()));
    }
    for (JsonNode annotation : dashboard.path("annotations").path("list")) {
      if (annotation.has("expr")) {
        all.add(annotation.path("expr").asString());
      }
    }
    return all;
  }

  private static JsonNode dashboard() throws Exception {
    return JsonMapper.builder().build().readTree(Files.readString(DASHBOARD));
  }

  @Test
  void the_dashboard_asks_for_nothing_that_is_not_there_and_for_nearly_all_that_is()
      throws Exception {
    List<String> expressions = expressionsOf(dashboard());
    for (JsonNode variable : dashboard().path("templating").path("list")) {
      expressions.add(variable.path("definition").asString(""));
    }
    assertEquals(new TreeSet<>(), missing(expressions));
    String misspelt = String.join("\n", expressions).replace("heddle_sessions", "heddle_session");
    assertEquals(new TreeSet<>(List.of("heddle_session")), missing(List.of(misspelt)));
    SortedSet<String> asked = new TreeSet<>();
    expressions.forEach(e -> asked.addAll(PromQl.metrics(e)));
    for (Measure measure : Measure.values()) {
      boolean shown = asked.stream().anyMatch(name -> name.startsWith(measure.title()));
      assertTrue(shown || measure.title().startsWith("heddle_user_"), measure.title());
    }
  }

  @Test
  void the_dashboard_is_one_that_grafana_can_lay_out() throws Exception {
    JsonNode dashboard = dashboard();
    assertTrue(dashboard.path("schemaVersion").asInt() >= 38, "of Grafana 10");
    assertFalse(dashboard.has("id"), "a new one gets its number where it is imported");
    List<Integer> ids = new ArrayList<>();
    boolean[][] taken = new boolean[200][24];
    for (JsonNode panel : dashboard.path("panels")) {
      ids.add(panel.path("id").asInt());
      JsonNode at = panel.path("gridPos");
      for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
        for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
          assertFalse(taken[y][x], "two panels at " + x + "," + y);
          taken[y][x] = true;
        }
      }
      if (!panel.path("type").asString().equals("row")) {
        assertTrue(panel.path("targets").size() > 0, panel.toString());
        for (JsonNode target : panel.path("targets")) {
          assertEquals("${datasource}", target.path("datasource").path("uid").asString());
          assertFalse(target.path("refId").asString().isEmpty());
        }
      }
    }
    assertEquals(ids.size(), ids.stream().distinct().count(), ids.toString());
  }

  // ---- Prometheus itself

  @Test
  void prometheus_reads_the_figures_and_answers_what_rules_and_dashboard_ask() throws Exception {
    Path folder = Files.createTempDirectory("prometheus");
    Files.copy(RULES, folder.resolve(RULES.getFileName()));
    String scraping =
        Files.readString(SCRAPING)
            .replace("127.0.0.1:9464", "127.0.0.1:" + day.server().port("metrics"))
            .replace("scrape_interval: 15s", "scrape_interval: 1s");
    Files.writeString(folder.resolve("prometheus.yml"), scraping);
    int port = Tools.freePort();
    Process prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    try {
      String base = "http://127.0.0.1:" + port;
      Tools.awaitPort(port);
      Tools.await(
          "Prometheus",
          PATIENCE,
          () -> Figures.get(base + "/-/ready").statusCode() == 200 ? true : null);
      String asking = base + "/api/v1/query?query=";
      // Two looks at least: a rate needs two.
      Tools.await(
          "Prometheus to have looked",
          PATIENCE,
          () -> answer(asking, "count_over_time(heddle_build_info[1m]) >= 4").isEmpty() ? null : 1);
      for (String expression : expressionsOf(RULES)) {
        answer(asking, expression); // a mistake in it is an exception
      }
      for (String expression : expressionsOf(dashboard())) {
        String asked = expression.replace("$instance", ".*").replace("$__rate_interval", "1m");
        boolean seldom = asked.contains(" unless ");
        assertTrue(seldom || !answer(asking, asked).isEmpty(), "nothing for " + asked);
      }
      JsonNode rules =
          JsonMapper.builder().build().readTree(Figures.get(base + "/api/v1/rules").body());
      assertTrue(rules.toString().contains("HeddleNotReady"), rules.toString());
    } finally {
      prometheus.destroy();
      prometheus.waitFor();
      TestHome.delete(folder);
    }
  }

  private static JsonNode answer(String asking, String expression) throws Exception {
    String query = java.net.URLEncoder.encode(expression, StandardCharsets.UTF_8);
    JsonNode answer = JsonMapper.builder().build().readTree(Figures.get(asking + query).body());
    assertEquals("success", answer.path("status").asString(), expression + ": " + answer);
    return answer.path("data").path("result");
  }
}
