package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.Event;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** KumoMTA's event for AUTH PLAIN, row by row: a password hook, and a proxy hook that looks on. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeedPlainTest {
  @RegisterExtension
  static final Rows ROWS =
      new Rows(
          Seed.PLAIN,
          """
          E1 called in response to AUTH PLAIN
          E2 PLAIN only once TLS is on
          E3 `authz`, `authc` and `password`
          E4 `conn_meta`, shared by the handlers of a connection
          E5 an empty `authz` is `authc`
          E6 `true` is 235, and both names go into the message's metadata
          E7 `false` is 535
          E8 the example: a table in the source
          E9 later versions: groups
          """);

  private static final String CONFIG =
      """
      [session]
      proxy = "Looker"
      max-errors = 1000
      [session.auth]
      lookup = [
        { if = "helo", eq = "table", then = ["hook/UserTable", "local"] },
        { if = "helo", eq = "local", then = "local" },
        { else = "hook/Users" } ]
      hook = [ { if = "helo", eq = "hooked", then = "Grouping" }, { else = false } ]
      [session.auth.errors]
      wait = "1ms"
      total = 1000
      [route.kept]
      if = "sender-domain"
      eq = "example.net"
      to = "hold"
      """;

  /** Scott may act as the boss. */
  private static final String USERS =
      """
      import heddle.hook.*;
      import heddle.mail.Secret;
      import java.util.Set;
      import java.util.concurrent.ConcurrentMap;

      public class Users implements PasswordHook {
        public boolean authPlain(String authz, String authc, Secret password, Connection connection,
            ConcurrentMap<String, Object> attributes) {
          attributes.put("asked", authz + " " + authc + " " + password.matches("tiger"));
          attributes.put("seen", "" + attributes.get("noted") + " at " + connection.serverId());
          if (authc.equals("broken")) {
            throw new IllegalStateException("thrown");
          }
          return password.matches("tiger") && authc.equals("scott@example.net")
              && Set.of(authc, "boss@example.net").contains(authz);
        }
        @Override
        public Set<String> groups(String authz, Connection connection) {
          return authz.startsWith("boss") ? Set.of("chiefs") : Set.of("staff");
        }
      }
      """;

  private static final String GROUPING =
      """
      import static heddle.hook.Decisions.*;
      import heddle.hook.*;

      public class Grouping implements AuthHook {
        public Decision auth(AuthAttempt attempt) {
          return accept().groups("staff", "chiefs");
        }
      }
      """;

  private static final String LOOKER =
      """
      import static heddle.hook.Decisions.*;
      import heddle.hook.*;
      import java.util.TreeSet;

      public class Looker implements ProxyHook {
        public ProxyDecision command(ProxyCommand command) {
          return switch (command.verb()) {
            case "XASKED" -> proxyReply("" + command.attributes().get("asked"));
            case "XSEEN" -> proxyReply("" + command.attributes().get("seen"));
            case "XNOTE" -> {
              command.attributes().put("noted", "noted");
              yield proxyReply();
            }
            case "XGROUPS" -> proxyReply(
                "" + command.connection().auth().map(who -> new TreeSet<>(who.groups())));
            default -> pass();
          };
        }
      }
      """;

  private static final String IN = "235 2.7.0 Logged in";
  private static final String NO = "535 5.7.8 Wrong user name or password";
  private static final String SCOTT = "scott@example.net";
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.start(
            CONFIG,
            Map.of(
                "etc/hooks/Users.java",
                USERS,
                "etc/hooks/Grouping.java",
                GROUPING,
                "etc/hooks/Looker.java",
                LOOKER,
                "etc/hooks/UserTable.java",
                Files.readString(Path.of("examples/hooks/UserTable.java"))));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Visitor named(String name) throws Exception {
    return Visitor.named(server, name);
  }

  private static String as(Visitor client, String authz, String password) throws Exception {
    return client.auth("PLAIN", authz + "\0" + SCOTT + "\0" + password);
  }

  private static String told(Visitor client, String command) throws Exception {
    return client.ask(command).replaceFirst("^250 2\\.0\\.0 ", "");
  }

  @Test
  @Tag("E1")
  void called_at_auth_plain() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("E1", "before it", "null", told(client, "XASKED"));
      client.ask("AUTH PLAIN");
      client.answer("\0" + SCOTT + "\0tiger");
      ROWS.shows("E1", "what it was asked", SCOTT + " " + SCOTT + " true", told(client, "XASKED"));
    }
    try (Visitor client = named("x")) {
      client.ask("AUTH LOGIN");
      client.answer(SCOTT);
      ROWS.shows("E1", "LOGIN, too", IN, client.answer("tiger"));
    }
  }

  @Test
  @Tag("E2")
  void under_tls_only() throws Exception {
    try (Visitor plain = Visitor.at(server, "submission")) {
      plain.hear();
      assertFalse(plain.ask("EHLO x").contains("AUTH"));
      ROWS.shows(
          "E2",
          "in clear",
          "538 5.7.11 Turn on TLS first: a password is not taken in clear",
          plain.plain(SCOTT, "tiger"));
      ROWS.shows("E2", "what the hook was asked", "null", told(plain, "XASKED"));
      ROWS.shows(
          "E2",
          "the administrator is told",
          "PLAIN",
          server.events().stream()
              .filter(e -> e instanceof Event.LoginInClear)
              .map(e -> ((Event.LoginInClear) e).mechanism())
              .findFirst()
              .orElse("nothing"));
      plain.ask("STARTTLS");
      Visitor client = plain.tls();
      assertTrue(client.ask("EHLO x").contains("AUTH PLAIN LOGIN"));
      ROWS.shows("E2", "behind STARTTLS", IN, client.plain(SCOTT, "tiger"));
    }
  }

  @Test
  @Tag("E3")
  void three_things() throws Exception {
    try (Visitor client = named("x")) {
      as(client, "boss@example.net", "lion");
      ROWS.shows(
          "E3",
          "`authz`, `authc`, whether the password is tiger",
          "boss@example.net " + SCOTT + " false",
          told(client, "XASKED"));
    }
  }

  @Test
  @Tag("E4")
  void conn_meta() throws Exception {
    try (Visitor client = named("x")) {
      client.ask("XNOTE");
      as(client, "", "lion");
      ROWS.shows(
          "E4",
          "what the password hook sees of the proxy's",
          "noted at submissions",
          told(client, "XSEEN"));
    }
    try (Visitor other = named("x")) {
      as(other, "", "lion");
      ROWS.shows("E4", "on another connection", "null at submissions", told(other, "XSEEN"));
    }
  }

  @Test
  @Tag("E5")
  void empty_authz() throws Exception {
    try (Visitor client = named("x")) {
      as(client, "", "lion");
      ROWS.shows(
          "E5", "what the hook sees", SCOTT + " " + SCOTT + " false", told(client, "XASKED"));
      ROWS.shows(
          "E5", "an `authz` that it does not let", NO, as(client, "anna@example.org", "tiger"));
      ROWS.shows("E5", "one that it lets", IN, as(client, "boss@example.net", "tiger"));
    }
    try (Visitor client = named("local")) {
      ROWS.shows(
          "E5",
          "a local account as another",
          NO,
          client.auth("PLAIN", "bob@example.org\0anna@example.org\0correct horse"));
      ROWS.shows(
          "E5",
          "as itself, by name",
          IN,
          client.auth("PLAIN", "anna@example.org\0anna@example.org\0correct horse"));
    }
  }

  @Test
  @Tag("E6")
  void true_logs_in() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("E6", "`true`", IN, as(client, "boss@example.net", "tiger"));
      ROWS.shows(
          "E6",
          "the rights are those of `authz`",
          "550 5.7.1 <" + SCOTT + "> is not an address of boss@example.net; send as your own",
          client.ask("MAIL FROM:<" + SCOTT + ">"));
      ROWS.shows(
          "E6",
          "its own address",
          "250 2.1.0 Sender OK",
          client.ask("MAIL FROM:<boss@example.net>"));
      client.ask("RCPT TO:<anna@example.org>");
      client.ask("DATA");
      String queued = client.ask("Subject: x\r\n\r\n.");
      assertTrue(queued.startsWith("250 2.0.0 Queued as "), queued);
      ROWS.shows(
          "E6",
          "the message's metadata",
          "\"authn_id\":\"scott@example.net\",\"authz_id\":\"boss@example.net\"",
          kept(queued.substring("250 2.0.0 Queued as ".length())));
    }
  }

  /** Both names, of the message that waits in the spool. */
  private static String kept(String id) throws Exception {
    try (var files = Files.walk(server.home().root().resolve("var/spool"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        Matcher names =
            Pattern.compile(
                    "\"id\":\"" + id + "\".*?(\"authn_id\":\"[^\"]*\",\"authz_id\":\"[^\"]*\")")
                .matcher(text);
        if (names.find()) {
          return names.group(1);
        }
      }
    }
    return "nothing";
  }

  @Test
  @Tag("E7")
  void false_does_not() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("E7", "`false`", NO, as(client, "", "lion"));
      ROWS.shows(
          "E7",
          "an exception",
          "454 4.7.0 Logins cannot be checked at the moment; try again later",
          client.plain("broken", "tiger"));
    }
  }

  @Test
  @Tag("E8")
  void a_table_in_the_source() throws Exception {
    try (Visitor client = named("table")) {
      ROWS.shows("E8", "a wrong password", NO, client.plain("scott", "lion"));
      ROWS.shows("E8", "nobody of the table", NO, client.plain("nobody", "tiger"));
      ROWS.shows(
          "E8",
          "an empty password",
          "501 5.5.2 This is not how the mechanism is spoken; name and password needed",
          client.plain("scott", ""));
      ROWS.shows("E8", "`examples/hooks/UserTable.java`", IN, client.plain("scott", "tiger"));
    }
  }

  @Test
  @Tag("E9")
  void groups() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("E9", "before a login", "Optional.empty", told(client, "XGROUPS"));
      as(client, "boss@example.net", "tiger");
      ROWS.shows(
          "E9",
          "what later hooks see of `groups(authz, …)`",
          "Optional[[chiefs]]",
          told(client, "XGROUPS"));
    }
    try (Visitor client = named("hooked")) {
      client.plain("carl@example.org", "any");
      ROWS.shows(
          "E9",
          "of `accept().groups(\"staff\", \"chiefs\")`",
          "Optional[[chiefs, staff]]",
          told(client, "XGROUPS"));
    }
    try (Visitor client = named("local")) {
      client.plain("anna@example.org", "correct horse");
      ROWS.shows("E9", "of a local account", "Optional[[]]", told(client, "XGROUPS"));
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_row_was_played_and_the_page_says_so() throws Exception {
    ROWS.compare("E", 1, 9);
  }
}
