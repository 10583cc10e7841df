package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import heddle.app.Heddle;
import heddle.app.Home;
import heddle.app.TestHome;
import heddle.control.Answer;
import heddle.event.EventBus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ways in that there should not be, and ways out that there should. */
class BreakInTest {
  private static final String ANNA = "anna@example.org";
  private static final String OFFICE =
      """
      [listener.office]
      bind = ["127.0.0.1:0"]
      tls = "none"
      plain-auth-from = ["127.0.0.0/8"]
      """;

  private static String app(TestServer server, String... terms) {
    Map<String, String> args = new java.util.HashMap<>(Map.of("address", ANNA, "label", "x"));
    for (int i = 0; i < terms.length; i += 2) {
      args.put(terms[i], terms[i + 1]);
    }
    Answer answer = TestHome.ask(server.heddle(), "app.add", args);
    assertTrue(answer.ok(), answer.toString());
    return String.valueOf(answer.rows().getFirst().get("password"));
  }

  @Test
  void nobody_whom_another_server_knows_logs_in_without_tls() throws Exception {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    web.start();
    String config =
        """
        [session.auth]
        mechanisms = ["PLAIN"]
        lookup = ["local", "remote/web"]
        %s
        [remote.web]
        protocol = "http"
        url = "http://127.0.0.1:%d/"
        """
            .formatted(OFFICE, web.getAddress().getPort());
    try (TestServer server = TestServer.start(config);
        Visitor visitor = Visitor.at(server, "office")) {
      visitor.hear();
      visitor.ask("EHLO client.example");
      String reply = visitor.plain("carol@example.org", "a person's password");
      assertTrue(reply.startsWith("535"), reply);
    } finally {
      web.stop(0);
    }
  }

  @Test
  void a_credential_of_one_message_a_day_sends_one_message_a_day() throws Exception {
    try (TestServer server = TestServer.start("")) {
      String password = app(server, "per-day", "1");
      List<Visitor> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Visitor visitor = Visitor.named(server, "client.example");
        assertEquals("235", visitor.plain(ANNA, password).substring(0, 3));
        visitor.ask("MAIL FROM:<" + ANNA + ">");
        visitor.ask("RCPT TO:<x@example.net>");
        visitor.ask("DATA");
        all.add(visitor);
      }
      int taken = 0;
      for (Visitor visitor : all) {
        visitor.say("Subject: one", "", "a day");
        taken += visitor.ask(".").startsWith("250") ? 1 : 0;
        visitor.close();
      }
      assertEquals(1, taken);
    }
  }

  @Test
  void a_rate_that_means_no_limit_does_not_break_every_login() throws Exception {
    String config =
        """
        [limit.login]
        failures-per-account = "999999999/1h"
        """;
    try (TestServer server = TestServer.start(config);
        Visitor visitor = Visitor.named(server, "client.example")) {
      assertEquals("235", visitor.plain(ANNA, "correct horse").substring(0, 3));
    }
  }

  @Test
  void a_damaged_history_does_not_keep_the_mail_from_flowing() throws Exception {
    Home home =
        TestHome.make(
            TestHome.LISTENERS + "[route.default]\nto = \"maildir\"\npath = \"var/mail\"\n");
    TestHome.addUser(home, ANNA, "correct horse");
    Files.writeString(home.var().resolve("events.db"), "this is no database, not at all");
    try (Heddle heddle = TestHome.start(home, new EventBus(e -> {}))) {
      assertTrue(heddle.address("submissions").getPort() > 0);
    } finally {
      TestHome.delete(home.root());
    }
  }

  @Test
  void what_a_disabled_user_was_sending_is_held_too() throws Exception {
    int loose = 0;
    for (int round = 0; round < 2; round++) {
      try (TestServer server = TestServer.start("")) {
        // Nothing can be delivered, so all of it stays in the queue.
        Path mail = server.home().var().resolve("mail");
        Files.writeString(mail, "in the way");
        List<Visitor> all = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
          Visitor visitor = Visitor.named(server, "client.example");
          visitor.plain(ANNA, "correct horse");
          visitor.ask("MAIL FROM:<" + ANNA + ">");
          visitor.ask("RCPT TO:<x@example.net>");
          visitor.ask("DATA");
          visitor.send("Subject: spam\r\n\r\nspam\r\n".getBytes(StandardCharsets.UTF_8));
          all.add(visitor);
        }
        for (Visitor visitor : all) {
          visitor.send(".\r\n".getBytes(StandardCharsets.UTF_8));
        }
        TestHome.ask(server.heddle(), "user.disable", Map.of("address", ANNA));
        Thread.sleep(500);
        for (Map<String, Object> row : TestHome.ask(server.heddle(), "queue.list").rows()) {
          loose += row.get("next").equals("held") ? 0 : 1;
        }
        for (Visitor visitor : all) {
          visitor.close();
        }
      }
    }
    assertEquals(0, loose, "messages that go out although their user is disabled");
  }
}
