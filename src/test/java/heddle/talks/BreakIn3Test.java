package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import heddle.control.Answer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BreakIn3Test {
  private static final String ANNA = "anna@example.org";
  private static final String CAROL = "carol@example.org";
  private static final String OFFICE =
      """
      [listener.office]
      bind = ["127.0.0.1:0"]
      tls = "none"
      plain-auth-from = ["127.0.0.0/8"]
      """;

  private static Answer ask(TestServer server, String verb, String... args) {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      all.put(args[i], args[i + 1]);
    }
    Answer answer = TestHome.ask(server.heddle(), verb, all);
    assertTrue(answer.ok(), answer.toString());
    return answer;
  }

  private static String sendsAs(TestServer server, String who) throws Exception {
    try (Visitor visitor = Visitor.at(server, "office")) {
      visitor.hear();
      visitor.ask("EHLO printer.example");
      return visitor.ask("MAIL FROM:<" + who + ">").substring(0, 3);
    }
  }

  @Test
  void the_narrower_network_is_the_device_whatever_else_changes() throws Exception {
    try (TestServer server = TestServer.start(OFFICE)) {
      ask(server, "user.add", "address", CAROL, "password", "a b c d");
      ask(server, "device.add", "address", CAROL, "label", "printer", "network", "127.0.0.1");
      ask(server, "device.add", "address", ANNA, "label", "floor", "network", "127.0.0.0/8");
      assertEquals("250", sendsAs(server, CAROL));
      ask(server, "user.password", "address", CAROL, "password", "e f g h");
      assertEquals("250", sendsAs(server, CAROL), "behind a change of Carol's own password");
    }
  }

  @Test
  void that_a_device_was_there_is_remembered() throws Exception {
    try (TestServer server = TestServer.start(OFFICE)) {
      ask(server, "device.add", "address", ANNA, "label", "printer", "network", "127.0.0.1");
      try (Visitor visitor = Visitor.at(server, "office")) {
        visitor.hear();
        visitor.ask("EHLO printer.example");
        visitor.ask("MAIL FROM:<" + ANNA + ">");
        visitor.ask("RCPT TO:<x@example.net>");
        visitor.ask("DATA");
        visitor.say("Subject: scan", "", "scan");
        assertEquals("250", visitor.ask(".").substring(0, 3));
      }
      assertNotEquals(
          "never", ask(server, "device.list", "address", ANNA).rows().getFirst().get("last-login"));
    }
  }

  @Test
  void who_is_forgotten_leaves_no_logins_behind() throws Exception {
    try (TestServer server = TestServer.start("")) {
      try (Visitor visitor = Visitor.named(server, "client.example")) {
        visitor.plain(ANNA, "correct horse");
      }
      ask(server, "user.remove", "address", ANNA, "forget", "true");
      assertEquals(0, ask(server, "login.list", "who", ANNA).rows().size());
    }
  }
}
