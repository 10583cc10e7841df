package heddle.remote;

import static heddle.remote.Questions.ask;
import static heddle.remote.Questions.told;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.dial.Security;
import heddle.dial.Target;
import heddle.dial.Trust;
import heddle.dns.Names;
import heddle.mail.Secret;
import heddle.real.Postgres;
import heddle.tls.ClientKeys;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Stored passwords that a PostgreSQL database gives. */
class SqlAskerIT {
  private static final String QUERY = "SELECT hash FROM people WHERE address = {user}";
  private static Postgres postgres;

  @BeforeAll
  static void start() throws Exception {
    postgres = Postgres.withTls();
    fill(postgres);
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  private static void fill(Postgres into) throws Exception {
    into.run(
        """
        CREATE TABLE people (address text, hash text, raw bytea, words text, list text[]);
        INSERT INTO people VALUES
          ('anna@example.org', '$6$anna', '\\x2435', 'staff, vip,,', '{staff,NULL,vip}'),
          ('bob@example.org', NULL, NULL, NULL, NULL),
          ('twin@example.org', 'one', NULL, NULL, NULL),
          ('twin@example.org', 'two', NULL, NULL, NULL),
          ('anna', 'local', NULL, NULL, NULL);
        GRANT SELECT ON people TO heddle;
        CREATE TABLE closed (address text, hash text);
        """);
  }

  private static SqlAsker asker(String query) throws Exception {
    return asker(postgres, query, Security.STARTTLS, "localhost", site());
  }

  private static Trust site() throws Exception {
    return new Trust.Site(ClientKeys.authorities(postgres.authority()));
  }

  private static SqlAsker asker(
      Postgres of, String query, Security security, String host, Trust trust) {
    return asker(Target.of(host, of.port(), security, trust), query, Postgres.PASSWORD);
  }

  private static SqlAsker asker(Target target, String query, String password) {
    return new SqlAsker(
        new SqlSettings(
            target,
            false,
            Postgres.DATABASE,
            new ServiceLogin(Postgres.USER, () -> Secret.ofUtf8(password)),
            query,
            Duration.ofSeconds(2),
            2),
        Names.system());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      quoteCharacter = '`',
      value = {
        "SELECT hash FROM people WHERE address = {user} | anna@example.org | kept $6$anna",
        "SELECT hash FROM people WHERE address = {user} | bob@example.org | kept -",
        "SELECT hash FROM people WHERE address = {user} | nobody | no UNKNOWN",
        "SELECT hash FROM people WHERE address = {user} | twin@example.org"
            + " | unavailable: several rows fit this name",
        "SELECT raw FROM people WHERE address = {user} | anna@example.org | kept $5",
        "SELECT hash, words FROM people WHERE address = {user} | anna@example.org"
            + " | kept $6$anna [staff, vip]",
        "SELECT hash, list FROM people WHERE address = {user} | anna@example.org"
            + " | kept $6$anna [staff, vip]",
        "SELECT hash, words FROM people WHERE address = {user} | bob@example.org | kept -",
        "SELECT hash, list FROM people WHERE address = {user} | bob@example.org | kept -",
        "SELECT hash FROM people WHERE address = {local-part} | anna@example.org | kept local",
        "SELECT hash FROM people WHERE address = {local-part} || '@' || {domain}"
            + " | anna@example.org | kept $6$anna",
        "SELECT hash FROM people WHERE lower({user}) = address AND {domain} = ''"
            + " | anna | kept local",
        "SELECT hash FROM people WHERE address = {user} AND '{\"a\":1}'::jsonb ? 'a'"
            + " | anna | kept local",
        "SELECT hash FROM nowhere WHERE address = {user} | anna"
            + " | unavailable: the query is wrong, or may not be asked (SQLSTATE 42P01)",
        "SELECT hash FROM closed WHERE address = {user} | anna"
            + " | unavailable: the query is wrong, or may not be asked (SQLSTATE 42501)",
        "SELECT hash FROM people WHERE length(address) = {user} | anna"
            + " | unavailable: trouble at the query (SQLSTATE 22P02)",
        "SELECT pg_sleep(60)::text FROM people WHERE address = {user} | anna"
            + " | unavailable: the database stopped at the query (SQLSTATE 57014)",
        "INSERT INTO people VALUES ({user}) RETURNING hash | anna"
            + " | unavailable: trouble at the query (SQLSTATE 25006)"
      })
  void the_first_column_is_what_is_kept(String query, String name, String verdict)
      throws Exception {
    try (SqlAsker asker = asker(query)) {
      assertEquals(verdict, told(ask(asker, name, "any")));
    }
  }

  @Test
  void a_user_of_our_own_who_is_refused_makes_nobody_wrong() throws Exception {
    var target = Target.of("localhost", postgres.port(), Security.STARTTLS, site());
    try (SqlAsker asker = asker(target, QUERY, "stale")) {
      assertEquals(
          "unavailable: our own user is refused (SQLSTATE 28P01)",
          told(ask(asker, "anna@example.org", "any")));
    }
  }

  @Test
  void the_certificate_has_to_name_the_host_as_it_is_configured() throws Exception {
    try (SqlAsker asker = asker(QUERY)) {
      assertEquals("kept $6$anna", told(ask(asker, "anna@example.org", "any")));
      assertEquals("t", secured());
    }
    try (SqlAsker asker = asker(postgres, QUERY, Security.STARTTLS, "127.0.0.1", site())) {
      assertEquals(
          "unavailable: certificate refused: it is for another host",
          told(ask(asker, "anna@example.org", "any")));
    }
    try (SqlAsker asker =
        asker(postgres, QUERY, Security.STARTTLS, "localhost", new Trust.Public())) {
      assertEquals(
          "unavailable: certificate refused: its issuer is not trusted",
          told(ask(asker, "anna@example.org", "any")));
    }
    Trust pinned = new Trust.Pinned(Set.of(postgres.fingerprint()));
    try (SqlAsker asker = asker(postgres, QUERY, Security.STARTTLS, "127.0.0.1", pinned)) {
      assertEquals("kept $6$anna", told(ask(asker, "anna@example.org", "any")));
    }
  }

  private static String secured() throws Exception {
    return postgres.run(
        "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'heddle'");
  }

  @Test
  void our_own_certificate_is_shown() throws Exception {
    var key = ClientKeys.read(postgres.client("crt"), postgres.client("key"));
    var target =
        new Target("localhost", postgres.port(), Security.STARTTLS, site(), Optional.of(key));
    try (SqlAsker asker = asker(target, QUERY, Postgres.PASSWORD)) {
      assertEquals("kept $6$anna", told(ask(asker, "anna@example.org", "any")));
      assertEquals(
          "/CN=client",
          postgres.run(
              "SELECT max(client_dn) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                  + " WHERE usename = 'heddle'"));
    }
  }

  @Test
  void a_server_without_tls_on_this_machine_is_asked_in_clear() throws Exception {
    try (Postgres bare = Postgres.withoutTls()) {
      fill(bare);
      try (SqlAsker asker = asker(bare, QUERY, Security.STARTTLS, "localhost", site())) {
        assertEquals("kept $6$anna", told(ask(asker, "anna@example.org", "any")));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "STARTTLS"})
  void a_line_is_kept_and_a_restart_of_the_server_is_not_noticed(Security security)
      throws Exception {
    try (Postgres own = Postgres.withTls()) {
      fill(own);
      Trust trust = new Trust.Pinned(Set.of(own.fingerprint()));
      try (SqlAsker asker = asker(own, QUERY, security, "localhost", trust)) {
        for (int i = 0; i < 5; i++) {
          assertEquals("kept $6$anna", told(ask(asker, "anna@example.org", "any")));
        }
        assertEquals(1, logins(own));
        own.stop();
        String gone = told(ask(asker, "anna@example.org", "any"));
        assertTrue(gone.startsWith("unavailable: no connection to "), gone);
        own.start();
        assertEquals("kept $6$anna", told(ask(asker, "anna@example.org", "any")));
        own.stop();
        own.start();
        assertEquals("kept $6$anna", told(ask(asker, "anna@example.org", "any")));
        assertEquals(3, logins(own));
        own.run("ALTER TABLE people ALTER COLUMN hash TYPE varchar(99)");
        assertEquals("kept $6$anna", told(ask(asker, "anna@example.org", "any")));
        assertEquals(3, logins(own));
      }
    }
  }

  @Test
  void a_kept_line_that_dies_under_the_question_is_replaced_once() throws Exception {
    String query =
        "SELECT pg_terminate_backend(pg_backend_pid())::text WHERE {user} = 'kill'"
            + " UNION ALL SELECT 'alive' WHERE {user} <> 'kill'";
    try (SqlAsker asker = asker(query)) {
      assertEquals("kept alive", told(ask(asker, "anna", "any")));
      long before = logins(postgres);
      assertEquals(
          "unavailable: the database stopped at the query (SQLSTATE 57P01)",
          told(ask(asker, "kill", "any")));
      assertEquals(before + 1, logins(postgres));
      assertEquals("kept alive", told(ask(asker, "anna", "any")));
    }
  }

  private static long logins(Postgres of) throws Exception {
    return of.log().stream().filter(l -> l.contains("connection authorized: user=heddle ")).count();
  }

  @Test
  void a_query_that_takes_too_long_ends_by_the_deadline() throws Exception {
    String query = "SELECT pg_sleep(CASE {user} WHEN 'slow' THEN 60 ELSE 0 END)::text";
    try (SqlAsker asker = asker(query)) {
      assertEquals("kept ", told(ask(asker, "quick", "any")));
      long before = System.nanoTime();
      assertEquals(
          "unavailable: no answer in time at the query",
          told(ask(asker, "slow", "any", Duration.ofMillis(700))));
      assertTrue(System.nanoTime() - before < 1_700_000_000L);
    }
  }

  @Test
  void many_ask_at_once_on_virtual_threads() throws Exception {
    try (SqlAsker asker = asker(QUERY);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> one = () -> told(ask(asker, "anna@example.org", "any"));
      for (int round = 0; round < 3; round++) {
        for (var each : threads.invokeAll(java.util.Collections.nCopies(12, one))) {
          assertEquals("kept $6$anna", each.get());
        }
      }
      // A backend takes its time to end.
      String count = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'heddle'";
      long until = System.nanoTime() + 5_000_000_000L;
      while (Integer.parseInt(postgres.run(count)) > 2) {
        assertTrue(System.nanoTime() < until, "more than two are kept");
        Thread.sleep(50);
      }
    }
  }

  private static final List<String> PIECES =
      List.of(
          "'",
          "\"",
          "''",
          "\\",
          ";",
          "--",
          "/*",
          "*/",
          "$1",
          "$$",
          "$a$",
          "?",
          "??",
          "%",
          "_",
          " OR 1=1",
          "anna@example.org",
          "ü",
          "\ud83d\ude00",
          "{user}",
          "{domain}",
          "\n",
          "\t",
          "E'",
          "\\'",
          "') OR ('1'='1",
          "'; DROP TABLE people; --",
          "@",
          "\u007f",
          "\u0001");

  @Test
  void whatever_name_is_asked_about_finds_no_other_row() throws Exception {
    var random = new Random(4711);
    var names = new LinkedHashSet<String>(List.of("' OR '1'='1", "anna@example.org'--", "%"));
    while (names.size() < 300) {
      var name = new StringBuilder();
      for (int i = random.nextInt(4); i >= 0; i--) {
        name.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      names.add(name.toString());
    }
    names.remove("anna@example.org");
    String own = "SELECT {user} || '!' WHERE {user} = {user}";
    try (SqlAsker asker = asker(QUERY);
        SqlAsker echo = asker(own)) {
      for (String name : names) {
        assertEquals("no UNKNOWN", told(ask(asker, name, "any")), name);
        assertEquals("kept " + name + "!", told(ask(echo, name, "any")));
      }
      assertEquals("kept $6$anna", told(ask(asker, "anna@example.org", "any")));
    }
  }
}
