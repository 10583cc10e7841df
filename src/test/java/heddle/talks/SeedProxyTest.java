package heddle.talks;

import static heddle.hook.Decisions.pass;
import static heddle.hook.Decisions.proxyReply;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.dns.Names;
import heddle.dns.Responder;
import heddle.event.Event;
import heddle.wire.Deadline;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Halon's proxy script, row by row: a hook of the site answers XSEE with what it sees. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeedProxyTest {
  @RegisterExtension
  static final Rows ROWS =
      new Rows(
          Seed.PROXY,
          """
          C1 it runs before a command reaches the state machine
          C2 `$arguments["command"]`, the line as issued
          C3 `$connection["id"]`
          C4 `remoteip` and `remoteport`
          C5 `remoteptr`, the forward-confirmed name, if there is one
          C6 `remoteuid`, the user behind a UNIX socket
          C7 `localip`, `localport`, `serverid`
          C8 `helo`: `verb` and `host`
          C9 `tls`: `protocol`, `cipher`, `keysize`
          C10 `sni`, if there is one
          C11 `peercert`: `x509`
          C12 `peercert`: `error`
          C13 `auth`: `mechanism` and `username`
          C14 `$transaction["id"]`
          C15 `sender`, lower case
          C16 `senderaddress`: `localpart` and `domain`
          C17 `senderparams`, keys in upper case
          C18 `recipients`, those that were accepted, in order
          C19 a recipient's `recipient`, `address`, `params`
          C20 a recipient's `transportid`
          C21 `$context`, the same that the AUTH context has
          C22 `Pass`, with `command` and `next`
          C23 `Reply`, 250 unless said
          C24 an error of the script is 421
          C25 a script that says nothing is Pass
          C26 a command of one's own: XCLIENT
          """);

  private static final String CONFIG =
      """
      [listener.local]
      bind = ["unix:run/s.sock"]
      tls = "none"
      [listener.told]
      bind = ["127.0.0.1:0"]
      tls = "none"
      xclient-from = ["127.0.0.1"]
      [session]
      proxy = [ { if = "listener", eq = "clear", then = "Xclient" }, { else = "Doorman" } ]
      [session.auth]
      mechanisms = ["PLAIN", "X-SITE"]
      hook = "Site"
      [session.auth.errors]
      wait = "1ms"
      [hooks]
      timeout = "2s"
      [route.big]
      if = "size"
      gt = "1000"
      to = "hold"
      """;

  private static final String DOORMAN =
      """
      import static heddle.hook.Decisions.*;
      import heddle.hook.*;
      import java.util.*;

      public class Doorman implements ProxyHook {
        public ProxyDecision command(ProxyCommand command) throws Exception {
          command.attributes().merge("calls", 1, (a, b) -> (Integer) a + (Integer) b);
          String[] words = command.command().split(" ");
          return switch (command.verb()) {
            case "XSEE" -> proxyReply("" + find(command.toMap(), words[1]));
            case "XKEYS" -> proxyReply("" + ((Map<?, ?>) find(command.toMap(), words[1])).keySet());
            case "XTYPE" -> proxyReply(
                ((java.security.cert.X509Certificate) find(command.toMap(), words[1]))
                    .getSubjectX500Principal().getName());
            case "XUSER" -> proxyReply(command.connection().unixPeer().map(p -> p.user()).orElse("none"));
            case "XCREDENTIAL" -> proxyReply(command.connection().auth().get().credential());
            case "XRAW" -> proxyReply(command.command() + ", " + command.octets().size() + " octets");
            case "XNOOP" -> pass().command("NOOP");
            case "XLONG" -> pass().command("NOOP " + "x".repeat(3_000));
            case "XLONGEST" -> pass().command("NOOP " + "x".repeat(12_288));
            case "XINJECT" -> pass().command("NOOP\\r\\nQUIT");
            case "XLINES" -> proxyReply("one", "two");
            case "XOK" -> proxyReply();
            case "XNO" -> proxyReply("No").codes(550, "5.7.1");
            case "XLATER" -> proxyReply("Later").codes(450, "4.7.1");
            case "XBYE" -> proxyReply("Bye").disconnect();
            case "XEND" -> proxyReply("Bye").codes(221, "2.0.0");
            case "X354" -> proxyReply("out of step").codes(354);
            case "XMORE" -> proxyReply("Go on").codes(354).next();
            case "XTHROW" -> throw new IllegalStateException("thrown");
            case "XRECURSE" -> proxyReply("" + deeper(0));
            case "XSLEEP" -> { Thread.sleep(60_000); yield pass(); }
            case "NOOP" -> command.command().equals("NOOP null") ? null : pass();
            case "AUTH" -> command.connection().helo().get().host().equals("watched") ? pass().next() : pass();
            case "BA==" -> proxyReply("a line of the login").next();
            default -> pass();
          };
        }
        static int deeper(int n) { return deeper(n + 1) + 1; }
        static Object find(Object at, String path) {
          for (String key : path.split("\\\\.")) {
            at = at instanceof Map<?, ?> map ? map.get(key)
                : at instanceof List<?> list ? list.get(Integer.parseInt(key)) : null;
          }
          return at;
        }
      }
      """;

  private static final String SITE =
      """
      import static heddle.hook.Decisions.*;
      import heddle.hook.*;

      public class Site implements AuthHook {
        public Decision auth(AuthAttempt attempt) {
          if (attempt.mechanism().equals("PLAIN")) {
            return verify();
          }
          attempt.attributes().put("note", "from the login");
          return attempt.state() == 0
              ? reply("calls " + attempt.attributes().get("calls"))
              : defer("state " + attempt.state() + ", " + attempt.response().get().size() + " octets");
        }
      }
      """;

  private static final String ID = "[0-9A-HJKMNP-TV-Z]{12}";
  private static final String FAILED =
      "421 4.3.0 Something went wrong on our side; closing. Please try again later";

  @TempDir static Path folder;
  private static TestServer server;
  private static Papers papers;

  @BeforeAll
  static void start() throws Exception {
    papers = Papers.in(folder);
    server =
        TestServer.start(
            CONFIG,
            Map.of(
                "etc/hooks/Site.java",
                SITE,
                "etc/hooks/Doorman.java",
                DOORMAN,
                "etc/hooks/Xclient.java",
                Files.readString(Path.of("examples/hooks/Xclient.java"))));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Visitor named(String name, KeyManager... keys) throws Exception {
    return Visitor.named(server, name, keys);
  }

  private static Visitor local() throws Exception {
    return Visitor.local(server.home().root().resolve("run/s.sock"));
  }

  /** Has logged in as anna. */
  private static Visitor anna() throws Exception {
    Visitor client = named("x");
    assertEquals("235 2.7.0 Logged in", client.plain("anna@example.org", "correct horse"));
    return client;
  }

  private static String told(Visitor client, String command) throws Exception {
    return client.ask(command).replaceFirst("^250 2\\.0\\.0 ", "");
  }

  private static String seen(Visitor client, String path) throws Exception {
    return told(client, "XSEE " + path);
  }

  @Test
  @Tag("C1")
  void before_the_state_machine() throws Exception {
    try (Visitor client = anna()) {
      ROWS.shows("C1", "a command nobody knows", "250 2.0.0 OK", client.ask("XOK"));
      ROWS.shows(
          "C1",
          "one in the place of another",
          "250 2.0.0 Nothing done, as asked",
          client.ask("XNOOP"));
      String before = seen(client, "context.calls");
      client.ask("MAIL FROM:<anna@example.org>");
      client.ask("RCPT TO:<anna@example.org>");
      client.ask("DATA");
      client.ask("Subject: x\r\n\r\nXNO\r\nXBYE\r\n.");
      int calls = Integer.parseInt(seen(client, "context.calls")) - Integer.parseInt(before);
      ROWS.shows("C1", "calls for MAIL, RCPT, DATA, the message and XSEE", 4, calls);
    }
    try (Visitor client = named("x")) {
      client.ask("AUTH X-SITE");
      ROWS.shows(
          "C1",
          "a line of a login it did not ask for",
          "454 4.7.0 state 1, 1 octets",
          client.ask("BA=="));
    }
  }

  @Test
  @Tag("C2")
  void command() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows(
          "C2",
          "as it came",
          "250 2.0.0 xRaw  ADDR=1.1.1.1 , 19 octets",
          client.ask("xRaw  ADDR=1.1.1.1 "));
      client.send("XRAW ÿ\r\n".getBytes(StandardCharsets.ISO_8859_1));
      ROWS.shows("C2", "what is not UTF-8", "250 2.0.0 XRAW ÿ, 6 octets", client.hear());
    }
  }

  @Test
  @Tag("C3")
  void connection_id() throws Exception {
    try (Visitor client = named("x")) {
      String id = seen(client, "connection.id");
      ROWS.fits("C3", "of one connection", ID, id);
      ROWS.shows("C3", "the same later", true, id.equals(seen(client, "connection.id")));
      ROWS.shows(
          "C3",
          "the log's own",
          true,
          server.events().stream()
              .anyMatch(e -> e instanceof Event.Connected c && c.connection().value().equals(id)));
    }
  }

  @Test
  @Tag("C4")
  @Tag("C7")
  void both_ends() throws Exception {
    try (Visitor plain = Visitor.at(server, "submissions")) {
      Visitor client = plain.tls();
      client.hear();
      ROWS.shows("C4", "`remoteip`", "127.0.0.1", seen(client, "connection.remoteip"));
      String port = seen(client, "connection.remoteport");
      assertEquals("" + plain.port(), port);
      ROWS.fits("C4", "`remoteport`", "[0-9]+", port);
      ROWS.shows("C7", "`localip`", "127.0.0.1", seen(client, "connection.localip"));
      String own = seen(client, "connection.localport");
      assertEquals("" + server.port("submissions"), own);
      ROWS.fits("C7", "`localport`", "[0-9]+", own);
      ROWS.shows("C7", "`serverid`", "submissions", seen(client, "connection.serverid"));
    }
  }

  @Test
  @Tag("C4")
  @Tag("C5")
  @Tag("C7")
  @Tag("C26")
  void as_a_front_tells() throws Exception {
    try (Visitor client = Visitor.at(server, "told")) {
      client.hear();
      ROWS.shows(
          "C26",
          "built in, from a front that may",
          "220 mail.example.org ESMTP Heddle",
          client.ask(
              "XCLIENT NAME=spike.example.com ADDR=192.0.2.5 PORT=99 DESTADDR=198.51.100.9"
                  + " DESTPORT=465"));
      ROWS.shows("C4", "told by XCLIENT", "192.0.2.5", seen(client, "connection.remoteip"));
      ROWS.shows("C4", "told by XCLIENT", "99", seen(client, "connection.remoteport"));
      ROWS.shows(
          "C5", "told by XCLIENT", "spike.example.com", seen(client, "connection.remoteptr"));
      ROWS.shows("C7", "told by XCLIENT", "198.51.100.9", seen(client, "connection.localip"));
      ROWS.shows("C7", "told by XCLIENT", "465", seen(client, "connection.localport"));
      client.ask("XCLIENT NAME=[UNAVAILABLE] ADDR=192.0.2.6");
      ROWS.shows("C5", "not available", "null", seen(client, "connection.remoteptr"));
      ROWS.shows(
          "C26",
          "who logs in by assertion",
          "501 5.5.4 LOGIN is not taken here; the client has to log in itself",
          client.ask("XCLIENT LOGIN=anna@example.org"));
    }
    try (Visitor client = named("x")) {
      ROWS.shows(
          "C26",
          "from anybody else",
          "550 5.7.0 XCLIENT is not for you; it is for this site's own proxies",
          client.ask("XCLIENT ADDR=1.1.1.1"));
    }
  }

  @Test
  @Tag("C5")
  void remoteptr() throws Exception {
    try (var responder = new Responder()) {
      responder.zone(
          """
          1.2.0.192.in-addr.arpa. 60 IN PTR mail.example.org.
          2.2.0.192.in-addr.arpa. 60 IN PTR mail.example.org.
          mail.example.org. 60 IN A 192.0.2.1
          """);
      Names names = Names.of(List.of(responder.address()), Optional.empty());
      ROWS.shows(
          "C5",
          "the name servers, where the name leads back",
          "Found[value=mail.example.org]",
          verified(names, "192.0.2.1"));
      ROWS.shows("C5", "where it does not", "None[]", verified(names, "192.0.2.2"));
      ROWS.shows("C5", "where there is none", "None[]", verified(names, "192.0.2.3"));
    }
  }

  private static String verified(Names names, String address) {
    return names
        .verifiedName(InetAddress.ofLiteral(address), Deadline.in(Duration.ofSeconds(10)))
        .toString();
  }

  @Test
  @Tag("C6")
  void remoteuid() throws Exception {
    try (Visitor client = local()) {
      String uid = seen(client, "connection.remoteuid");
      assertEquals("" + Files.getAttribute(Path.of("/proc/self"), "unix:uid"), uid);
      ROWS.fits("C6", "behind a UNIX socket, the caller's own", "[0-9]+", uid);
      String user = told(client, "XUSER");
      assertEquals(System.getProperty("user.name"), user);
      ROWS.fits("C6", "and its name", "[^ ]+", user);
    }
    try (Visitor client = named("x")) {
      ROWS.shows("C6", "behind TCP", "null", seen(client, "connection.remoteuid"));
    }
  }

  @Test
  @Tag("C8")
  void helo() throws Exception {
    try (Visitor client = Visitor.at(server, "submission")) {
      client.hear();
      ROWS.shows("C8", "before it", "null", seen(client, "connection.helo"));
      client.ask("EHLO mail.example.com");
      ROWS.shows("C8", "`verb`", "EHLO", seen(client, "connection.helo.verb"));
      ROWS.shows("C8", "`host`", "mail.example.com", seen(client, "connection.helo.host"));
      client.ask("HELO [192.0.2.1]");
      ROWS.shows("C8", "`verb`", "HELO", seen(client, "connection.helo.verb"));
      ROWS.shows("C8", "an address", "[192.0.2.1]", seen(client, "connection.helo.host"));
      client.ask("EHLO my_drücker");
      ROWS.shows("C8", "a printer", "my_drücker", seen(client, "connection.helo.host"));
      client.ask("STARTTLS");
      Visitor secured = client.tls();
      ROWS.shows("C8", "behind STARTTLS", "null", seen(secured, "connection.helo"));
    }
  }

  @Test
  @Tag("C9")
  @Tag("C10")
  void tls() throws Exception {
    try (Visitor plain = Visitor.at(server, "submission")) {
      plain.hear();
      ROWS.shows("C9", "in clear", "null", seen(plain, "connection.tls"));
      plain.ask("EHLO x");
      plain.ask("STARTTLS");
      Visitor client =
          plain.tls(
              "Mail.Example.ORG",
              p -> {
                p.setProtocols(new String[] {"TLSv1.2"});
                p.setCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"});
              });
      ROWS.shows("C9", "`protocol`", "TLSv1.2", seen(client, "connection.tls.protocol"));
      ROWS.shows(
          "C9", "`cipher`", "ECDHE-ECDSA-AES256-GCM-SHA384", seen(client, "connection.tls.cipher"));
      ROWS.shows("C9", "`keysize`", "256", seen(client, "connection.tls.keysize"));
      ROWS.shows(
          "C10",
          "asked for as Mail.Example.ORG",
          "mail.example.org",
          seen(client, "connection.tls.sni"));
    }
    try (Visitor plain = Visitor.at(server, "submissions")) {
      Visitor client = plain.tls("x", p -> p.setServerNames(List.of()));
      client.hear();
      ROWS.shows("C9", "`protocol`", "TLSv1.3", seen(client, "connection.tls.protocol"));
      ROWS.shows("C10", "not asked for", "null", seen(client, "connection.tls.sni"));
    }
  }

  @Test
  @Tag("C11")
  @Tag("C12")
  void peercert() throws Exception {
    try (Visitor client = named("x", papers.keys())) {
      ROWS.shows(
          "C11",
          "an X509Certificate, its subject",
          "CN=anna",
          told(client, "XTYPE connection.tls.peercert.x509"));
      ROWS.shows("C12", "self-signed", "18", seen(client, "connection.tls.peercert.error"));
    }
    try (Visitor client = named("x")) {
      ROWS.shows("C11", "where none was shown", "null", seen(client, "connection.tls.peercert"));
      ROWS.shows(
          "C12",
          "where none was shown there is no `peercert`",
          "[protocol, cipher, keysize, sni]",
          told(client, "XKEYS connection.tls"));
    }
  }

  @Test
  @Tag("C13")
  void auth() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("C13", "before a login", "null", seen(client, "connection.auth"));
      client.ask("auth plain " + Speaker.base64("\0Anna@Example.org\0correct horse"));
      ROWS.shows("C13", "`mechanism`", "PLAIN", seen(client, "connection.auth.mechanism"));
      ROWS.shows("C13", "`username`", "anna@example.org", seen(client, "connection.auth.username"));
      ROWS.shows("C13", "by which credential", "password", told(client, "XCREDENTIAL"));
    }
  }

  @Test
  @Tag("C14")
  void transaction_id() throws Exception {
    try (Visitor client = anna()) {
      String first = seen(client, "transaction.id");
      ROWS.fits("C14", "known before MAIL", ID, first);
      client.ask("MAIL FROM:<anna@example.org>");
      ROWS.shows("C14", "the same behind MAIL", true, first.equals(seen(client, "transaction.id")));
      client.ask("RSET");
      String second = seen(client, "transaction.id");
      ROWS.shows("C14", "another behind RSET", false, first.equals(second));
      client.ask("MAIL FROM:<anna@example.org>");
      client.ask("EHLO x");
      String third = seen(client, "transaction.id");
      ROWS.shows("C14", "another behind EHLO", false, second.equals(third));
      client.ask("MAIL FROM:<anna@example.org>");
      client.ask("RCPT TO:<anna@example.org>");
      client.ask("DATA");
      String queued = client.ask("Subject: x\r\n\r\n.");
      assertEquals("250 2.0.0 Queued as " + third, queued);
      ROWS.fits("C14", "behind DATA the client is told", "250 2\\.0\\.0 Queued as " + ID, queued);
    }
  }

  @Test
  @Tag("C15")
  @Tag("C16")
  void sender() throws Exception {
    try (Visitor client = anna()) {
      ROWS.shows("C15", "before MAIL", "null", seen(client, "transaction.sender"));
      client.ask("MAIL FROM:<Anna@Example.org>");
      ROWS.shows(
          "C15", "of `Anna@Example.org`", "anna@example.org", seen(client, "transaction.sender"));
      ROWS.shows("C16", "`localpart`", "Anna", seen(client, "transaction.senderaddress.localpart"));
      ROWS.shows(
          "C16", "`domain`", "Example.org", seen(client, "transaction.senderaddress.domain"));
      client.ask("RSET");
      client.ask("MAIL FROM:<>");
      ROWS.shows("C15", "of `<>`", "", seen(client, "transaction.sender").strip());
      ROWS.shows("C16", "of `<>`", "", seen(client, "transaction.senderaddress.localpart").strip());
      client.ask("RCPT TO:<\"a b\"@example.com>");
      ROWS.shows(
          "C16",
          "`localpart` of a quoted one",
          "a b",
          seen(client, "transaction.recipients.0.address.localpart"));
    }
  }

  @Test
  @Tag("C17")
  void senderparams() throws Exception {
    try (Visitor client = anna()) {
      client.ask("MAIL FROM:<anna@example.org> size=2048 smtputf8 Envid=a+2Bb");
      ROWS.shows(
          "C17",
          "keys in upper case, a keyword without a value, xtext as it is",
          "{SIZE=2048, SMTPUTF8=, ENVID=a+2Bb}",
          seen(client, "transaction.senderparams"));
      client.ask("RSET");
      ROWS.shows(
          "C17",
          "one given twice",
          "501 5.5.4 The parameter SIZE is given twice",
          client.ask("MAIL FROM:<anna@example.org> SIZE=1 size=2"));
    }
  }

  @Test
  @Tag("C18")
  @Tag("C19")
  void recipients() throws Exception {
    try (Visitor client = anna()) {
      client.ask("MAIL FROM:<anna@example.org>");
      ROWS.shows("C18", "at first", "[]", seen(client, "transaction.recipients"));
      client.ask("RCPT TO:<Carl@Example.com> notify=NEVER orcpt=rfc822;c+2B@example.com");
      String refused = client.ask("RCPT TO:<nobody>");
      assertTrue(refused.startsWith("501 5.1.3 "), refused);
      refused = client.ask("RCPT TO:<ä@example.org>");
      assertTrue(refused.startsWith("553 5.6.7 "), refused);
      client.ask("RCPT TO:<bob@example.org>");
      ROWS.shows(
          "C18",
          "the first",
          "carl@example.com",
          seen(client, "transaction.recipients.0.recipient"));
      ROWS.shows(
          "C18",
          "the second, behind two that were refused",
          "bob@example.org",
          seen(client, "transaction.recipients.1.recipient"));
      ROWS.shows(
          "C19",
          "`recipient` of `Carl@Example.com`",
          "carl@example.com",
          seen(client, "transaction.recipients.0.recipient"));
      ROWS.shows(
          "C19", "`localpart`", "Carl", seen(client, "transaction.recipients.0.address.localpart"));
      ROWS.shows(
          "C19",
          "`params`",
          "{NOTIFY=NEVER, ORCPT=rfc822;c+2B@example.com}",
          seen(client, "transaction.recipients.0.params"));
    }
  }

  @Test
  @Tag("C20")
  void transportid() throws Exception {
    try (Visitor client = anna()) {
      client.ask("MAIL FROM:<anna@example.org>");
      client.ask("RCPT TO:<bob@example.org>");
      ROWS.shows(
          "C20", "the route", "default", seen(client, "transaction.recipients.0.transportid"));
      client.ask("RSET");
      client.ask("MAIL FROM:<anna@example.org> SIZE=1001");
      client.ask("RCPT TO:<bob@example.org>");
      ROWS.shows(
          "C20",
          "the route of large messages",
          "big",
          seen(client, "transaction.recipients.0.transportid"));
    }
  }

  @Test
  @Tag("C21")
  void context() throws Exception {
    try (Visitor client = named("x")) {
      client.ask("AUTH X-SITE");
      client.ask("*");
      ROWS.shows(
          "C21", "what a login has put there", "from the login", seen(client, "context.note"));
      ROWS.shows(
          "C21",
          "what the login sees of the proxy's",
          "calls 4",
          Speaker.prompt(client.ask("AUTH X-SITE")));
    }
    try (Visitor other = named("x")) {
      ROWS.shows("C21", "on another connection", "null", seen(other, "context.note"));
    }
  }

  @Test
  @Tag("C22")
  void pass_on() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("C22", "`pass()`", "250 2.0.0 Nothing done, as asked", client.ask("NOOP x"));
      ROWS.shows(
          "C22",
          "`pass().command(\"NOOP\")`",
          "250 2.0.0 Nothing done, as asked",
          client.ask("XNOOP"));
      ROWS.shows(
          "C22", "one of 3005 octets", "500 5.5.2 Command line too long", client.ask("XLONG"));
    }
    for (String mistake : List.of("XINJECT", "XLONGEST")) {
      String facet = mistake.equals("XINJECT") ? "one with CR LF" : "one of 12293 octets";
      try (Visitor client = named("x")) {
        ROWS.shows("C22", facet, FAILED, client.ask(mistake));
        ROWS.shows("C22", "then", "gone", client.hear());
      }
    }
    ROWS.shows(
        "C22",
        "one with NUL, when it is built",
        "the command holds a CR, LF or NUL",
        assertThrows(IllegalArgumentException.class, () -> pass().command("NOOP\0")).getMessage());
    try (Visitor client = named("watched")) {
      client.ask("AUTH X-SITE");
      ROWS.shows(
          "C22",
          "`next()`, the next line of a login",
          "250 2.0.0 a line of the login",
          client.ask("BA=="));
      ROWS.shows("C22", "a line passed on", "454 4.7.0 state 1, 2 octets", client.ask("AAA="));
    }
  }

  @Test
  @Tag("C23")
  void reply() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows("C23", "`proxyReply()`", "250 2.0.0 OK", client.ask("XOK"));
      ROWS.shows("C23", "with two lines", "250-2.0.0 one|250 2.0.0 two", client.ask("XLINES"));
      ROWS.shows("C23", "with codes", "550 5.7.1 No", client.ask("XNO"));
      ROWS.shows("C23", "with codes", "450 4.7.1 Later", client.ask("XLATER"));
      ROWS.shows("C23", "354 with `next()`", "354 Go on", client.ask("XMORE"));
      ROWS.shows("C23", "`disconnect()`", "250 2.0.0 Bye", client.ask("XBYE"));
      ROWS.shows("C23", "then", "gone", client.hear());
    }
    try (Visitor client = named("x")) {
      ROWS.shows("C23", "221", "221 2.0.0 Bye", client.ask("XEND"));
      ROWS.shows("C23", "then", "gone", client.hear());
    }
    try (Visitor client = named("x")) {
      ROWS.shows("C23", "354 without `next()`, a mistake", FAILED, client.ask("X354"));
    }
    ROWS.shows(
        "C23",
        "another 3xx, when it is built",
        "of the codes 3xx only 334 and 354 are known here",
        assertThrows(IllegalArgumentException.class, () -> proxyReply("x").codes(300))
            .getMessage());
  }

  @Test
  @Tag("C24")
  void an_error_of_the_hook_is_421() throws Exception {
    for (String mistake : List.of("XTHROW", "XRECURSE", "XSLEEP")) {
      try (Visitor client = named("x")) {
        String facet =
            switch (mistake) {
              case "XTHROW" -> "an exception";
              case "XRECURSE" -> "StackOverflowError";
              default -> "no answer in time";
            };
        ROWS.shows("C24", facet, FAILED, client.ask(mistake));
        ROWS.shows("C24", "then", "gone", client.hear());
      }
    }
  }

  @Test
  @Tag("C25")
  void saying_nothing_passes() throws Exception {
    try (Visitor client = named("x")) {
      ROWS.shows(
          "C25", "`return null`", "250 2.0.0 Nothing done, as asked", client.ask("NOOP null"));
    }
  }

  @Test
  @Tag("C26")
  void xclient_by_hand() throws Exception {
    try (Visitor client = Visitor.at(server, "clear")) {
      client.hear();
      ROWS.shows(
          "C26",
          "`examples/hooks/Xclient.java`",
          "250 2.0.0 Noted",
          client.ask("XCLIENT ADDR=1.1.1.1"));
      ROWS.shows(
          "C26",
          "who logs in by assertion",
          "501 5.5.4 XCLIENT NAME=value, and never LOGIN",
          client.ask("XCLIENT LOGIN=anna"));
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_row_was_played_and_the_page_says_so() throws Exception {
    ROWS.compare("C", 1, 26);
  }
}
