package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import heddle.control.Answer;
import heddle.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The life of a credential: made, used, limited, taken away; and of the sessions that it opened.
 */
class CredentialsTest {
  private static final String ANNA = "anna@example.org";
  private static final String CONFIG =
      """
      [session.auth]
      mechanisms = ["PLAIN", "LOGIN", "SCRAM-SHA-256", "CRAM-MD5"]
      [listener.office]
      bind = ["127.0.0.1:0"]
      tls = "none"
      plain-auth-from = ["127.0.0.0/8"]
      """;

  private TestServer server;

  @BeforeEach
  void a_server_with_anna() throws Exception {
    server = TestServer.start(CONFIG);
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

  /** Makes one and tells its password. */
  private String app(String label, String... terms) {
    List<String> args = new ArrayList<>(List.of("address", ANNA, "label", label));
    args.addAll(List.of(terms));
    Answer answer = ask("app.add", args.toArray(String[]::new));
    assertTrue(answer.ok(), answer.toString());
    return String.valueOf(answer.rows().getFirst().get("password"));
  }

  private Visitor visitor() throws Exception {
    return Visitor.named(server, "client.example");
  }

  private String plain(String password) throws Exception {
    try (Visitor visitor = visitor()) {
      return visitor.plain(ANNA, password).substring(0, 3);
    }
  }

  /** Logged in by PLAIN, and still there. */
  private Visitor in(String password) throws Exception {
    Visitor visitor = visitor();
    assertEquals("235", visitor.plain(ANNA, password).substring(0, 3));
    return visitor;
  }

  private static void assertEnded(Visitor visitor) throws Exception {
    long began = System.nanoTime();
    assertEquals(
        "421 4.7.0 Your login is not valid any more; closing. Please log in again", visitor.hear());
    assertEquals("gone", visitor.hear());
    long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
    assertTrue(took < 1000, "took " + took + " ms");
  }

  private static void await(String what, BooleanSupplier there) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < until, what);
      Thread.sleep(10);
    }
  }

  @Test
  void a_changed_password_ends_the_sessions_of_the_old_one_and_is_refused_at_once()
      throws Exception {
    String phone = app("phone");
    try (Visitor old = in("correct horse");
        Visitor byApp = in(phone)) {
      assertTrue(ask("user.password", "address", ANNA, "password", "new horse").ok());
      assertEnded(old);
      assertEquals("535", plain("correct horse"));
      assertEquals("235", plain("new horse"));
      assertEquals("250", byApp.ask("NOOP").substring(0, 3));
    }
    assertTrue(
        server.events().stream()
            .anyMatch(
                e ->
                    e instanceof Event.LoginEnded ended
                        && ended.user().equals(ANNA)
                        && ended.credential().equals("password")));
  }

  @Test
  void an_app_password_that_is_taken_away_ends_its_own_sessions_only() throws Exception {
    String phone = app("phone");
    String laptop = app("laptop");
    try (Visitor one = in(phone);
        Visitor two = in(laptop);
        Visitor main = in("correct horse")) {
      assertTrue(ask("app.remove", "address", ANNA, "label", "phone").ok());
      assertEnded(one);
      assertEquals("250", two.ask("NOOP").substring(0, 3));
      assertEquals("250", main.ask("NOOP").substring(0, 3));
      assertEquals("535", plain(phone));
      assertEquals("235", plain(laptop));
    }
  }

  @Test
  void another_credential_of_the_same_label_does_not_bring_old_sessions_back() throws Exception {
    String phone = app("phone");
    try (Visitor old = in(phone)) {
      ask("app.remove", "address", ANNA, "label", "phone");
      String again = app("phone");
      assertEnded(old);
      assertFalse(again.equals(phone));
      assertEquals("235", plain(again));
    }
  }

  @Test
  void scram_and_cram_work_with_each_of_three_app_passwords() throws Exception {
    for (String label : List.of("phone", "laptop", "tablet")) {
      String password = app(label);
      try (Visitor visitor = visitor()) {
        assertEquals("235", ScramVisitor.login(visitor, ANNA, password), label);
      }
      await(
          "the last use of " + label,
          () ->
              String.valueOf(
                      ask("app.show", "address", ANNA, "label", label)
                          .rows()
                          .getFirst()
                          .get("last-mechanism"))
                  .equals("SCRAM-SHA-256"));
    }
    try (Visitor visitor = visitor()) {
      assertEquals("235", ScramVisitor.login(visitor, ANNA, "correct horse"));
    }
    try (Visitor visitor = visitor()) {
      assertEquals("535", ScramVisitor.login(visitor, ANNA, "another horse"));
    }
  }

  @Test
  void a_session_in_the_midst_of_a_message_ends_too_and_the_message_comes_to_nothing()
      throws Exception {
    String phone = app("phone");
    try (Visitor visitor = in(phone)) {
      visitor.ask("MAIL FROM:<anna@example.org>");
      visitor.ask("RCPT TO:<bob@example.org>");
      assertEquals("354", visitor.ask("DATA").substring(0, 3));
      visitor.say("Subject: not yet whole", "", "and never");
      ask("app.remove", "address", ANNA, "label", "phone");
      assertEnded(visitor);
    }
    assertFalse(server.events().stream().anyMatch(e -> e instanceof Event.Accepted));
  }

  @Test
  void the_terms_of_an_app_password_hold() throws Exception {
    String elsewhere = app("elsewhere", "network", "192.0.2.0/24");
    assertEquals("535", plain(elsewhere));
    String other = app("other", "listener", "submission");
    assertEquals("535", plain(other));
    String here =
        app(
            "here",
            "network",
            "127.0.0.1",
            "listener",
            "submissions",
            "recipient",
            "@example.org",
            "per-day",
            "1");
    try (Visitor visitor = in(here)) {
      assertEquals("250", visitor.ask("MAIL FROM:<anna@example.org>").substring(0, 3));
      assertEquals(
          "550 5.7.1 By this login only certain addresses can be written to",
          visitor.ask("RCPT TO:<x@example.net>"));
      assertEquals("250", visitor.ask("RCPT TO:<bob@example.org>").substring(0, 3));
      visitor.ask("DATA");
      visitor.say("Subject: one", "", "a day");
      assertEquals("250", visitor.ask(".").substring(0, 3));
      assertEquals(
          "450 4.7.1 Only 1 messages within 24 hours by this login; try again later",
          visitor.ask("MAIL FROM:<anna@example.org>"));
    }
    String asNobodyElse = app("sender", "sender", "sales@example.org");
    try (Visitor visitor = in(asNobodyElse)) {
      assertEquals("550", visitor.ask("MAIL FROM:<anna@example.org>").substring(0, 3));
    }
  }

  @Test
  void an_app_password_ends_with_its_time_and_so_does_what_its_sessions_may() throws Exception {
    String soon = app("soon", "expires", "2s");
    try (Visitor visitor = in(soon)) {
      assertEquals("250", visitor.ask("MAIL FROM:<anna@example.org>").substring(0, 3));
      visitor.ask("RSET");
      Thread.sleep(2100);
      assertEquals("535", plain(soon));
      assertEquals(
          "421 4.7.0 Your login is not valid any more; closing. Please log in again",
          visitor.ask("MAIL FROM:<anna@example.org>"));
    }
  }

  @Test
  void the_main_password_may_be_kept_out() throws Exception {
    String phone = app("phone");
    try (Visitor main = in("correct horse");
        Visitor byApp = in(phone)) {
      assertTrue(ask("user.set", "address", ANNA, "main-password", "off").ok());
      assertEnded(main);
      assertEquals("250", byApp.ask("NOOP").substring(0, 3));
      assertEquals("535", plain("correct horse"));
      assertEquals("235", plain(phone));
    }
    assertTrue(ask("user.set", "address", ANNA, "main-password", "on").ok());
    assertEquals("235", plain("correct horse"));
  }

  @Test
  void a_disabled_user_is_out_and_what_they_have_in_the_queue_is_held() throws Exception {
    server.close();
    server =
        TestServer.start(
            CONFIG
                + "[route.later]\nif = \"recipient-domain\"\neq = \"example.net\"\nto = \"hold\"\n");
    try (Visitor visitor = in("correct horse")) {
      visitor.ask("MAIL FROM:<anna@example.org>");
      visitor.ask("RCPT TO:<x@example.net>");
      visitor.ask("DATA");
      visitor.say("Subject: later", "", "perhaps");
      assertEquals("250", visitor.ask(".").substring(0, 3));
      Answer answer = ask("user.disable", "address", ANNA, "reason", "spam");
      assertTrue(answer.ok(), answer.toString());
      assertEquals(1, answer.rows().getFirst().get("held"));
      assertEnded(visitor);
    }
    assertEquals("held", ask("queue.list").rows().getFirst().get("next"));
    assertEquals("the user is disabled", ask("queue.list").rows().getFirst().get("why"));
    assertEquals("535", plain("correct horse"));
    assertTrue(ask("user.enable", "address", ANNA).ok());
    assertEquals("held", ask("queue.list").rows().getFirst().get("next"));
    assertEquals(1, ask("queue.release", "id", "user:" + ANNA).rows().size());
    assertEquals("235", plain("correct horse"));
  }

  @Test
  void a_blocked_user_and_a_blocked_network_are_out_until_it_is_over() throws Exception {
    try (Visitor visitor = in("correct horse")) {
      assertTrue(
          ask("block.add", "subject", "user:" + ANNA, "reason", "stolen", "expires", "1h").ok());
      assertEnded(visitor);
    }
    assertEquals("535", plain("correct horse"));
    assertEquals("user:" + ANNA, ask("block.list").rows().getFirst().get("subject"));
    assertTrue(ask("block.remove", "subject", ANNA).ok());
    assertEquals("235", plain("correct horse"));
    try (Visitor visitor = in("correct horse")) {
      assertTrue(ask("block.add", "subject", "127.0.0.0/8", "expires", "2s").ok());
      assertEnded(visitor);
    }
    try (Visitor visitor = Visitor.at(server, "submission")) {
      assertEquals(
          "421 4.7.0 Your network is shut out for a while; please try again later", visitor.hear());
      assertEquals("gone", visitor.hear());
    }
    Thread.sleep(2000);
    assertEquals("235", plain("correct horse"));
    assertTrue(ask("block.add", "subject", "127.0.0.1").ok());
    try (Visitor visitor = Visitor.at(server, "submission")) {
      assertEquals("554 5.7.1 There is no service for your network here", visitor.hear());
    }
    assertTrue(ask("block.remove", "subject", "127.0.0.1/32").ok());
    assertEquals("235", plain("correct horse"));
  }

  @Test
  void a_device_sends_by_where_it_is_and_may_write_where_it_is_let() throws Exception {
    try (Visitor stranger = Visitor.at(server, "office")) {
      stranger.hear();
      stranger.ask("EHLO NPIF65E56");
      assertEquals("530", stranger.ask("MAIL FROM:<anna@example.org>").substring(0, 3));
    }
    assertTrue(
        ask(
                "device.add",
                "address",
                ANNA,
                "label",
                "scanner",
                "network",
                "127.0.0.1",
                "recipient",
                "@example.org")
            .ok());
    try (Visitor scanner = Visitor.at(server, "office")) {
      scanner.hear();
      scanner.ask("EHLO NPIF65E56");
      assertEquals("250", scanner.ask("MAIL FROM:<anna@example.org>").substring(0, 3));
      assertEquals("550", scanner.ask("RCPT TO:<x@example.net>").substring(0, 3));
      assertEquals("250", scanner.ask("RCPT TO:<bob@example.org>").substring(0, 3));
      assertEquals("550", noted(scanner.ask("RSET"), scanner.ask("MAIL FROM:<bob@example.org>")));
      ask("device.remove", "address", ANNA, "label", "scanner");
      assertEnded(scanner);
    }
    // Nowhere else is the network a credential.
    assertTrue(ask("device.add", "address", ANNA, "label", "again", "network", "127.0.0.1").ok());
    try (Visitor visitor = visitor()) {
      assertEquals("530", visitor.ask("MAIL FROM:<anna@example.org>").substring(0, 3));
    }
  }

  private static String noted(String reset, String reply) {
    assertEquals("250", reset.substring(0, 3));
    return reply.substring(0, 3);
  }

  @Test
  void without_tls_a_device_with_a_password_may_log_in_and_nobody_else() throws Exception {
    Answer made =
        ask(
            "device.add",
            "address",
            ANNA,
            "label",
            "printer",
            "network",
            "127.0.0.1",
            "with-password",
            "true");
    String password = String.valueOf(made.rows().getFirst().get("password"));
    try (Visitor printer = Visitor.at(server, "office")) {
      printer.hear();
      String offer = printer.ask("EHLO printer");
      assertTrue(offer.contains("AUTH PLAIN LOGIN") && !offer.contains("SCRAM"), offer);
      assertEquals("530", printer.ask("MAIL FROM:<anna@example.org>").substring(0, 3));
      assertEquals("535", printer.plain(ANNA, "correct horse").substring(0, 3));
      assertEquals("235", printer.plain(ANNA, password).substring(0, 3));
      assertEquals("250", printer.ask("MAIL FROM:<anna@example.org>").substring(0, 3));
    }
    try (Visitor clear = Visitor.at(server, "clear")) {
      clear.hear();
      assertFalse(clear.ask("EHLO printer").contains("AUTH"));
      assertEquals("538", clear.plain(ANNA, password).substring(0, 3));
    }
  }

  @Test
  void each_login_is_in_the_history_with_how_and_from_where() throws Exception {
    String phone = app("phone");
    plain("wrong");
    plain(phone);
    List<Map<String, Object>> rows = new ArrayList<>(ask("login.list", "who", ANNA).rows());
    assertEquals("ok", rows.get(0).get("result"));
    assertEquals("app:phone", rows.get(0).get("by"));
    assertEquals("PLAIN", rows.get(0).get("how"));
    assertTrue(String.valueOf(rows.get(0).get("from")).startsWith("127.0.0.1:"));
    assertEquals("badpassword", rows.get(1).get("result"));
    assertEquals(1, ask("login.list", "who", "127.0.0.1", "failed", "true").rows().size());
    Answer shown = ask("app.show", "address", ANNA, "label", "phone");
    assertEquals("client.example", shown.rows().getFirst().get("last-client"));
    assertTrue(
        String.valueOf(shown.rows().getFirst().get("last-login")).endsWith("from 127.0.0.1"));
  }

  @Test
  void whoever_is_removed_and_forgotten_is_in_no_history() throws Exception {
    plain("correct horse");
    plain("wrong");
    assertEquals(2, ask("login.list", "who", ANNA).rows().size());
    assertTrue(ask("user.remove", "address", ANNA, "forget", "true").ok());
    assertEquals(0, ask("login.list", "who", ANNA).rows().size());
  }

  @Test
  void a_history_that_cannot_be_read_is_set_aside_and_the_server_starts() throws Exception {
    plain("correct horse");
    server.heddle().stop("test");
    java.nio.file.Path file = server.home().history();
    java.nio.file.Files.writeString(file, "this is no database, and never was one at all");
    var events = new java.util.concurrent.ConcurrentLinkedQueue<Event>();
    try (var again = TestHome.start(server.home(), new heddle.event.EventBus(events::add))) {
      assertEquals(0, TestHome.ask(again, "login.list").rows().size());
      assertTrue(
          events.stream()
              .anyMatch(
                  e ->
                      e instanceof Event.Warning warning
                          && warning.what().equals("the history begins anew")));
    }
  }

  @Test
  void what_cannot_be_terms_is_told_and_changes_nothing() {
    for (List<String> bad :
        List.of(
            List.of("network", "10.0.0.300"),
            List.of("sender", "nobody"),
            List.of("per-day", "0"),
            List.of("expires", "yesterday"),
            List.of("expires", "2001-01-01"))) {
      Answer answer = ask("app.add", "address", ANNA, "label", "x", bad.get(0), bad.get(1));
      assertEquals(Answer.USAGE, answer.exit(), bad.toString());
    }
    assertEquals(Answer.USAGE, ask("device.add", "address", ANNA, "label", "x").exit());
    assertEquals(0, ask("app.list", "address", ANNA).rows().size());
    app("once");
    assertEquals(Answer.USAGE, ask("app.add", "address", ANNA, "label", "once").exit());
    assertEquals(Answer.NOT_FOUND, ask("app.remove", "address", ANNA, "label", "twice").exit());
  }
}
