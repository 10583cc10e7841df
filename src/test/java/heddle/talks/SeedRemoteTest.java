package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.OperationType;
import heddle.app.TestHome;
import heddle.dial.Peer;
import heddle.event.Event;
import heddle.remote.DovecotPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where Halon's page has a name and a password looked up, row by row; the name of EHLO chooses who
 * is asked.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeedRemoteTest {
  @RegisterExtension
  static final Rows ROWS =
      new Rows(
          Seed.LOOKUPS,
          """
          D1 by logging in to an SMTP server
          D2 by an LDAP bind
          D3 by a web service
          D4 by Dovecot's AUTH
          D5 by a list of one's own
          """);

  private static final String IN = "235 2.7.0 Logged in";
  private static final String NO = "535 5.7.8 Wrong user name or password";
  private static final String LATER =
      "454 4.7.0 Logins cannot be checked at the moment; try again later";
  private static final String SYNTAX =
      "501 5.5.2 This is not how the mechanism is spoken; name and password needed";
  private static final String ANNA = "anna@example.org";
  private static final String PASSWORD = "over the hills";
  private static final String LIST = "correct horse";

  private static final List<String> LOGINS = new CopyOnWriteArrayList<>();
  private static final List<String> QUESTIONS = new CopyOnWriteArrayList<>();
  private static final List<DovecotPeer.Auth> AUTHS = new CopyOnWriteArrayList<>();
  private static Peer smtp;
  private static InMemoryDirectoryServer ldap;
  private static HttpServer http;
  private static DovecotPeer dovecot;
  private static ServerSocket mirror;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    smtp = Peer.playing(SeedRemoteTest::smtp);
    ldap = ldap();
    http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    http.createContext(
        "/check",
        exchange -> {
          String asked =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          QUESTIONS.add(asked);
          exchange.sendResponseHeaders(status(asked), -1);
          exchange.close();
        });
    http.start();
    dovecot = DovecotPeer.onPort(SeedRemoteTest::dovecot);
    mirror = new ServerSocket(0, 10, InetAddress.ofLiteral("127.0.0.1"));
    server = TestServer.start(config());
    Thread.startVirtualThread(SeedRemoteTest::mirror);
  }

  /** Whoever calls here is led back to us. */
  private static void mirror() {
    while (true) {
      try {
        Socket caller = mirror.accept();
        Socket here = new Socket(mirror.getInetAddress(), server.port("submission"));
        Thread.startVirtualThread(() -> lead(caller, here));
        Thread.startVirtualThread(() -> lead(here, caller));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void lead(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException gone) {
      // So is the conversation.
    }
  }

  private static String config() throws IOException {
    List<String> names = List.of("smtp", "itself", "nobody", "bind", "search", "http", "dovecot");
    String lookups =
        names.stream()
            .map(n -> "  { if = \"helo\", eq = \"%s\", then = \"remote/%s\" },\n".formatted(n, n))
            .collect(Collectors.joining());
    String caches =
        names.stream()
            .map(n -> "[remote.%s.cache]\nentries = 0\n".formatted(n))
            .collect(Collectors.joining());
    return """
    [session]
    max-errors = 1000
    [session.auth]
    mechanisms = ["PLAIN", "LOGIN", "X-DOVECOT"]
    lookup = [
    %s  { else = "local" } ]
    [session.auth.errors]
    total = 1000
    wait = "1ms"
    [remote.smtp]
    protocol = "smtp"
    port = %d
    [remote.itself]
    protocol = "smtp"
    port = %d
    [remote.itself.tls]
    allow-invalid-certs = true
    [remote.nobody]
    protocol = "smtp"
    port = 1
    [remote.bind]
    protocol = "ldap"
    port = %d
    user-dn = "uid={local-part},ou=people,dc=example,dc=org"
    [remote.search]
    protocol = "ldap"
    port = %d
    base = "ou=people,dc=example,dc=org"
    [remote.http]
    protocol = "http"
    url = "http://127.0.0.1:%d/check"
    [remote.dovecot]
    protocol = "dovecot"
    port = %d
    %s
    """
        .formatted(
            lookups,
            smtp.port(),
            mirror.getLocalPort(),
            ldap.getListenPort(),
            ldap.getListenPort(),
            http.getAddress().getPort(),
            dovecot.port(),
            caches);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    dovecot.close();
    http.stop(0);
    ldap.shutDown(true);
    smtp.close();
    mirror.close();
  }

  private static void smtp(Peer.Wire wire) throws Exception {
    wire.say("220 smtp.example ESMTP");
    for (String line = wire.hear(); line != null; line = wire.hear()) {
      if (line.startsWith("EHLO ")) {
        wire.say("250-smtp.example\r\n250 AUTH PLAIN");
      } else if (line.startsWith("AUTH PLAIN ")) {
        String[] said =
            new String(Base64.getDecoder().decode(line.substring(11)), StandardCharsets.UTF_8)
                .split("\0", -1);
        LOGINS.add(said[1] + " / " + said[2]);
        wire.say(
            switch (said[1]) {
              case "later@example.org" -> "454 4.7.0 later";
              case "closing@example.org" -> "421 4.3.2 closing";
              case "weak@example.org" -> "534 5.7.9 too weak";
              default -> said[2].equals(PASSWORD) ? "235 2.7.0 in" : "535 5.7.8 no";
            });
      } else {
        wire.say("221 2.0.0 so long");
        return;
      }
    }
  }

  private static InMemoryDirectoryServer ldap() throws Exception {
    var settings = new InMemoryDirectoryServerConfig("dc=example,dc=org");
    settings.setSchema(null);
    settings.setListenerConfigs(
        new InMemoryListenerConfig(
            "ldap", InetAddress.ofLiteral("127.0.0.1"), 0, null, null, null));
    settings.setAuthenticationRequiredOperationTypes(EnumSet.noneOf(OperationType.class));
    var made = new InMemoryDirectoryServer(settings);
    made.add("dn: dc=example,dc=org", "objectClass: domain", "dc: example");
    made.add("dn: ou=people,dc=example,dc=org", "objectClass: organizationalUnit", "ou: people");
    for (String uid : List.of("anna", "bea")) {
      made.add(
          "dn: uid=" + uid + ",ou=people,dc=example,dc=org",
          "objectClass: inetOrgPerson",
          "uid: " + uid,
          "cn: " + uid,
          "sn: " + uid,
          "mail: " + uid + "@example.org",
          "userPassword: " + PASSWORD);
    }
    made.startListening();
    return made;
  }

  private static int status(String asked) {
    Map<?, ?> question = new JsonMapper().readValue(asked, Map.class);
    return switch (String.valueOf(question.get("username"))) {
      case "later@example.org" -> 503;
      case "moved@example.org" -> 302;
      case "forbidden@example.org" -> 403;
      default -> PASSWORD.equals(question.get("password")) ? 200 : 401;
    };
  }

  private static void dovecot(DovecotPeer.Wire wire) throws Exception {
    wire.greet(2, List.of("PLAIN\tplaintext", "X-DOVECOT\tactive"));
    while (true) {
      DovecotPeer.Auth auth = wire.auth();
      AUTHS.add(auth);
      if (auth.mechanism().equals("X-DOVECOT")) {
        wire.say("CONT\t" + auth.id() + "\t" + DovecotPeer.base64("who?"));
        List<String> answer = wire.expect("CONT");
        boolean right = answer.get(2).equals(DovecotPeer.base64("me"));
        wire.say((right ? "OK\t" : "FAIL\t") + auth.id() + "\tuser=anna@example.org");
        continue;
      }
      String name = auth.plain().get(1);
      wire.say(
          switch (name) {
            case "later@example.org" -> "FAIL\t" + auth.id() + "\tuser=" + name + "\ttemp";
            case "left@example.org" ->
                "FAIL\t" + auth.id() + "\tuser=" + name + "\tcode=user_disabled";
            default ->
                (auth.plain().get(2).equals(PASSWORD) ? "OK\t" : "FAIL\t")
                    + auth.id()
                    + "\tuser="
                    + name;
          });
    }
  }

  private static String login(String name, String user, String password) throws Exception {
    try (Visitor client = Visitor.named(server, name)) {
      return client.plain(user, password);
    }
  }

  @Test
  @Tag("D1")
  void by_logging_in_to_an_smtp_server() throws Exception {
    ROWS.shows("D1", "235, Halon's 1", IN, login("smtp", ANNA, PASSWORD));
    ROWS.shows("D1", "what it heard", ANNA + " / " + PASSWORD, LOGINS.getLast());
    ROWS.shows("D1", "535, Halon's 0", NO, login("smtp", ANNA, "wrong"));
    ROWS.shows("D1", "454, Halon's -1", LATER, login("smtp", "later@example.org", PASSWORD));
    ROWS.shows("D1", "421", LATER, login("smtp", "closing@example.org", PASSWORD));
    ROWS.shows(
        "D1",
        "534 speaks of the mechanism, not of the password",
        LATER,
        login("smtp", "weak@example.org", PASSWORD));
    ROWS.shows("D1", "nobody there", LATER, login("nobody", ANNA, PASSWORD));
    ROWS.shows("D1", "we ourselves are there", LATER, login("itself", ANNA, PASSWORD));
    ROWS.shows(
        "D1",
        "the administrator is told",
        "the directory leads back to this server",
        server.events().stream()
            .filter(e -> e instanceof Event.DirectoryDown d && d.directory().endsWith("itself"))
            .map(e -> ((Event.DirectoryDown) e).why())
            .findFirst()
            .orElse("nothing"));
    ROWS.elsewhere("D1", "Postfix, with STARTTLS and under TLS", "real/SmtpAskerIT");
    ROWS.elsewhere("D1", "every reply", "remote/SmtpAskerTest");
  }

  @Test
  @Tag("D2")
  void by_an_ldap_bind() throws Exception {
    for (String way : List.of("bind", "search")) {
      String how = way.equals("bind") ? "a DN made of the name" : "an entry that is searched for";
      ROWS.shows("D2", how + ", the right password", IN, login(way, ANNA, PASSWORD));
      ROWS.shows("D2", how + ", a wrong one", NO, login(way, ANNA, "wrong"));
      ROWS.shows("D2", how + ", none", SYNTAX, login(way, ANNA, ""));
      ROWS.shows("D2", how + ", nobody", NO, login(way, "nobody@example.org", PASSWORD));
    }
    for (String name : List.of("*@example.org", "a*@example.org", "*)(uid=anna")) {
      ROWS.shows("D2", "searched for `" + name + "`", NO, login("search", name, PASSWORD));
    }
    String other = "anna,ou=people@example.org";
    ROWS.shows("D2", "a DN of `" + other + "`", NO, login("bind", other, PASSWORD));
    ldap.shutDown(true);
    ROWS.shows("D2", "while it is away", LATER, login("bind", ANNA, PASSWORD));
    ldap.startListening();
    ROWS.shows("D2", "when it is back", IN, login("bind", ANNA, PASSWORD));
    ROWS.elsewhere("D2", "OpenLDAP, with StartTLS and under TLS", "remote/LdapAskerIT");
    ROWS.elsewhere("D2", "an expired password, and every result", "remote/LdapVerdictsTest");
  }

  @Test
  @Tag("D3")
  void by_a_web_service() throws Exception {
    ROWS.shows("D3", "200", IN, login("http", ANNA, PASSWORD));
    var told = new TreeMap<>(new JsonMapper().readValue(QUESTIONS.getLast(), Map.class));
    ROWS.shows(
        "D3",
        "what it is told",
        "[address, connection, hello, listener, mechanism, password, secured, username]",
        told.keySet().toString());
    ROWS.shows(
        "D3",
        "name and password",
        ANNA + " / " + PASSWORD,
        told.get("username") + " / " + told.get("password"));
    ROWS.shows("D3", "401", NO, login("http", ANNA, "wrong"));
    ROWS.shows("D3", "403", NO, login("http", "forbidden@example.org", PASSWORD));
    ROWS.shows("D3", "503", LATER, login("http", "later@example.org", PASSWORD));
    ROWS.shows("D3", "302 is not followed", LATER, login("http", "moved@example.org", PASSWORD));
    ROWS.elsewhere("D3", "over HTTPS, with a token or our certificate", "remote/HttpAskerTest");
  }

  @Test
  @Tag("D4")
  void by_dovecots_auth() throws Exception {
    ROWS.shows("D4", "`OK`", IN, login("dovecot", ANNA, PASSWORD));
    DovecotPeer.Auth asked = AUTHS.getLast();
    ROWS.shows("D4", "what it is asked", "PLAIN", asked.mechanism());
    assertTrue(asked.fields().containsAll(List.of("service=smtp", "secured", "rip=127.0.0.1")));
    ROWS.shows("D4", "with a tab in the password", NO, login("dovecot", ANNA, "a\tb"));
    String came = AUTHS.getLast().plain().get(2).replace("\t", "TAB");
    ROWS.shows("D4", "as it came there", "aTABb", came);
    ROWS.shows("D4", "`FAIL`", NO, login("dovecot", ANNA, "wrong"));
    ROWS.shows("D4", "`FAIL`, `user_disabled`", NO, login("dovecot", "left@example.org", "x"));
    ROWS.shows("D4", "`FAIL`, `temp`", LATER, login("dovecot", "later@example.org", PASSWORD));
    try (Visitor client = Visitor.named(server, "dovecot")) {
      ROWS.shows(
          "D4",
          "a mechanism that Dovecot speaks",
          "334 " + DovecotPeer.base64("who?"),
          client.ask("AUTH X-DOVECOT"));
      ROWS.shows("D4", "a wrong answer", NO, client.answer("you"));
      client.ask("AUTH X-DOVECOT");
      ROWS.shows("D4", "the right answer", IN, client.answer("me"));
    }
    ROWS.elsewhere("D4", "Dovecot, SCRAM among its mechanisms", "real/DovecotAskerIT");
    ROWS.elsewhere("D4", "lines that break, a hundred at once", "remote/DovecotAskerTest");
  }

  @Test
  @Tag("D5")
  void by_a_list_of_ones_own() throws Exception {
    ROWS.shows("D5", "the right password", IN, login("x", ANNA, LIST));
    ROWS.shows("D5", "a wrong one", NO, login("x", ANNA, "wrong"));
    ROWS.shows("D5", "nobody", NO, login("x", "nobody@example.org", LIST));
    ROWS.shows("D5", "somebody disabled", NO, login("x", "bob@example.org", "battery staple"));
    String carl = "carl@example.org";
    var args = Map.of("address", carl, "password", "a long way");
    assertTrue(TestHome.ask(server.heddle(), "user.add", args).ok());
    ROWS.shows("D5", "somebody added just now", IN, login("x", carl, "a long way"));
    List<String> holding = new ArrayList<>();
    try (Stream<Path> files = Files.walk(server.home().root())) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (text.contains("a long way")) {
          holding.add(file.toString());
        }
      }
    }
    ROWS.shows("D5", "files that hold the password", List.of(), holding);
    ROWS.elsewhere("D5", "lists of other servers", "real/ImportIT");
    ROWS.elsewhere("D5", "another's list, by SQL, from PostgreSQL", "remote/SqlAskerIT");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_row_was_played_and_the_page_says_so() throws Exception {
    ROWS.compare("D", 1, 5);
  }
}
