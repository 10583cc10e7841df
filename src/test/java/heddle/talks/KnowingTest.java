package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import heddle.control.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An administrator comes by and wants to know what happened, and why. */
class KnowingTest {
  private static final String ANNA = "anna@example.org";
  private TestServer server;

  @BeforeEach
  void a_server_with_anna() throws Exception {
    server =
        TestServer.start(
            """
            [session.auth]
            mechanisms = ["PLAIN", "LOGIN", "SCRAM-SHA-256"]
            """);
  }

  @AfterEach
  void closed() {
    server.close();
  }

  private Answer ask(String verb, String... args) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      all.put(args[i], args[i + 1]);
    }
    return TestHome.ask(server.heddle(), verb, all);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Without the times. */
  private static List<String> lines(Answer answer) {
    assertTrue(answer.ok(), answer.toString());
    return ((List<?>) answer.rows().getFirst().get("lines"))
        .stream().map(l -> String.valueOf(l).replaceFirst("^\\d+ ", "")).toList();
  }

  @Test
  void what_a_printer_said_yesterday_is_there_word_for_word_and_its_password_is_not()
      throws Exception {
    try (Visitor printer = Visitor.named(server, "NPIF65E56")) {
      assertTrue(printer.ask("AUTH LOGIN").startsWith("334"));
      assertTrue(printer.ask(base64(ANNA)).startsWith("334"));
      assertTrue(printer.ask(base64("wrong horse")).startsWith("535"));
      assertTrue(printer.ask("wrong horse").startsWith("500"));
      printer.ask("QUIT");
    }
    TestHome.settled(server.heddle());
    List<String> lines = lines(ask("session.trace", "last", ANNA));
    assertTrue(lines.getFirst().startsWith("* TLSv1.3 TLS_AES_128_GCM_SHA256"), lines + "");
    assertTrue(lines.contains("< EHLO NPIF65E56"), lines + "");
    int auth = lines.indexOf("< AUTH LOGIN");
    assertEquals(
        List.of(
            "< AUTH LOGIN",
            "> 334 <12 characters>",
            "< <24 characters>",
            "> 334 <12 characters>",
            "< <16 characters>",
            "* local: no, badpassword",
            "* not logged in: badpassword, by local",
            "> 535",
            "< <11 octets that are no command>",
            "> 500",
            "< QUIT"),
        lines.subList(auth, auth + 11).stream()
            .map(l -> l.replaceAll("^> (5\\d\\d) .*", "> $1"))
            .toList());
    String all = String.join("\n", lines);
    assertFalse(all.contains("horse") || all.contains(base64("wrong horse")), all);
    String byAddress = String.valueOf(ask("session.trace", "last", "127.0.0.1").rows());
    assertTrue(byAddress.contains("NPIF65E56"), byAddress);
    assertEquals(3, ask("session.trace", "last", "carol@example.org").exit());
    assertEquals(2, ask("session.trace").exit());
  }

  @Test
  void a_session_that_went_well_is_not_kept_and_one_that_goes_on_is_shown() throws Exception {
    try (Visitor client = Visitor.named(server, "client.example")) {
      assertTrue(client.plain(ANNA, "correct horse").startsWith("235"));
      Answer list = ask("session.list", "match", "user:anna phase:ready");
      assertEquals(1, list.rows().size(), list + "");
      Map<String, Object> row = list.rows().getFirst();
      assertEquals("client.example", row.get("helo"));
      assertEquals("submissions", row.get("listener"));
      assertEquals(0, ask("session.list", "match", "user:carol").rows().size());
      List<String> lines = lines(ask("session.trace", "id", String.valueOf(row.get("id"))));
      assertTrue(lines.stream().anyMatch(l -> l.startsWith("< AUTH PLAIN")), lines + "");
      assertFalse(String.join(" ", lines).contains("correct"), lines + "");
      client.ask("QUIT");
    }
    TestHome.settled(server.heddle());
    assertEquals(3, ask("session.trace", "last", ANNA).exit());
  }

  @Test
  void a_connection_is_ended_by_its_id_and_the_login_stays_good() throws Exception {
    try (Visitor client = Visitor.named(server, "client.example")) {
      assertTrue(client.plain(ANNA, "correct horse").startsWith("235"));
      String id = String.valueOf(ask("session.list").rows().getFirst().get("id"));
      assertEquals(4, ask("session.kill").exit());
      assertEquals(
          1, ask("session.kill", "id", id.substring(0, 6), "dry-run", "true").rows().size());
      assertTrue(client.ask("NOOP").startsWith("250"));
      assertEquals(1, ask("session.kill", "match", "user:anna").rows().size());
      assertTrue(client.hear().startsWith("421 4.3.2"));
    }
    try (Visitor again = Visitor.named(server, "client.example")) {
      assertTrue(again.plain(ANNA, "correct horse").startsWith("235"));
    }
    assertEquals(3, ask("session.kill", "id", "ZZZZZ").exit());
  }

  /** The last login as the history has it. */
  private Map<String, Object> lastLogin(String who) {
    return ask("login.list", "who", who, "last", "1").rows().getFirst();
  }

  private String decided(String user, String ip) {
    return ask("auth.explain", "user", user, "ip", ip, "listener", "submissions").rows().stream()
        .filter(r -> List.of("no", "wait").contains(String.valueOf(r.get("verdict"))))
        .map(r -> r.get("step") + "")
        .findFirst()
        .orElse("password");
  }

  @Test
  void who_decided_a_login_is_told_beforehand_and_afterwards_alike() throws Exception {
    assertEquals("password", decided(ANNA, "127.0.0.1"));
    try (Visitor client = Visitor.named(server, "x")) {
      client.plain(ANNA, "wrong");
      assertEquals("local", lastLogin(ANNA).get("step"));
      assertEquals("badpassword", lastLogin(ANNA).get("result"));
      client.plain("carol@example.org", "x");
      assertEquals("local", lastLogin("carol@example.org").get("step"));
      assertEquals("local", decided("carol@example.org", "127.0.0.1"));
    }
    try (Visitor client = Visitor.named(server, "x")) {
      client.plain("bob@example.org", "battery staple");
      assertEquals("gate", lastLogin("bob@example.org").get("step"));
      assertEquals("disabled", lastLogin("bob@example.org").get("result"));
      assertEquals("gate", decided("bob@example.org", "127.0.0.1"));
      client.ask("AUTH PLAIN =====");
      assertEquals("protocol", lastLogin("127.0.0.1").get("step"));
    }
    assertTrue(ask("block.add", "subject", "user:" + ANNA).ok());
    try (Visitor client = Visitor.named(server, "x")) {
      client.plain(ANNA, "correct horse");
      assertEquals("gate", lastLogin(ANNA).get("step"));
      assertEquals("blocked", lastLogin(ANNA).get("result"));
      assertEquals("block", decided(ANNA, "127.0.0.1"));
    }
    assertTrue(ask("block.add", "subject", "198.51.100.0/24").ok());
    assertEquals("block", decided("carol@example.org", "198.51.100.9"));
    assertEquals(2, ask("auth.explain", "user", ANNA, "ip", "nowhere").exit());
    assertEquals(3, ask("auth.explain", "user", ANNA, "listener", "nope").exit());
  }

  @Test
  void a_message_is_traced_from_the_connection_to_the_mailbox_by_whatever_is_known_of_it()
      throws Exception {
    String id;
    try (Visitor client = Visitor.named(server, "client.example")) {
      client.plain(ANNA, "correct horse");
      client.ask("MAIL FROM:<anna@example.org>");
      client.ask("RCPT TO:<Bob@example.net>");
      client.ask("DATA");
      String reply = client.ask("Message-ID: <x1@example.org>\r\nSubject: Invoice\r\n\r\nx\r\n.");
      id = reply.replaceAll("(?s).* (\\w{12})\\s*$", "$1");
      client.ask("QUIT");
    }
    TestHome.delivered(server.heddle());
    for (String what :
        List.of(
            id,
            id.substring(0, 6),
            id.toLowerCase(java.util.Locale.ROOT),
            "<x1@example.org>",
            "bob@example.net",
            "Bob@example.net",
            ANNA)) {
      Answer answer = ask("trace", "what", what);
      assertTrue(answer.ok(), what + ": " + answer);
      assertEquals(
          List.of("connect", "tls", "auth-ok", "accepted", "delivered"),
          answer.rows().stream().map(r -> r.get("event")).toList(),
          what);
      assertEquals(id, answer.rows().getFirst().get("id"));
    }
    assertFalse(String.valueOf(ask("trace", "what", id).rows()).contains("Invoice"));
    assertEquals(3, ask("trace", "what", "nobody@example.net").exit());
  }

  @Test
  void events_are_found_by_what_is_typed_and_waited_for() throws Exception {
    try (Visitor client = Visitor.named(server, "client.example")) {
      client.plain(ANNA, "wrong");
    }
    TestHome.settled(server.heddle());
    assertEquals(1, ask("events.list", "match", "name:auth-failed user:anna").rows().size());
    assertEquals(1, ask("events.list", "match", "name:auth-failed ip:127.0.0.0/8").rows().size());
    assertEquals(0, ask("events.list", "match", "name:auth-failed why~disabled").rows().size());
    assertEquals(2, ask("events.list", "match", "nme:x").exit());
    List<Map<String, Object>> all = ask("events.list", "last", "100").rows();
    assertTrue(all.stream().noneMatch(r -> r.get("event").equals("dialogue")), all + "");
    String seq = String.valueOf(all.getLast().get("seq"));
    Thread later = Thread.ofVirtual().start(() -> ask("block.add", "subject", "203.0.113.9"));
    List<Map<String, Object>> news =
        ask("events.list", "after", seq, "wait", "20", "match", "name:admin").rows();
    later.join();
    assertEquals("admin", news.getFirst().get("event"), news + "");
    assertTrue(String.valueOf(news.getFirst().get("line")).contains("actor=test"), news + "");
  }
}
