package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import heddle.control.Answer;
import heddle.event.Event;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The doctor and a real server in one process. */
class DoctorTest {
  private static final String SCRAM =
      "[session.auth]\nmechanisms = [\"PLAIN\", \"SCRAM-SHA-256\"]\n";

  private static Map<String, Object> row(TestServer server, String check) {
    Answer answer = TestHome.ask(server.heddle(), "doctor.run");
    return answer.rows().stream()
        .filter(r -> check.equals(r.get("check")))
        .findFirst()
        .orElseThrow(() -> new AssertionError(answer.toString()));
  }

  private static void says(TestServer server, String check, String state, String words) {
    Map<String, Object> row = row(server, check);
    assertEquals(state, row.get("state"), row.toString());
    assertTrue(row.get("says").toString().contains(words), row.toString());
  }

  @Test
  void it_logs_in_by_scram_through_both_doors_and_leaves_no_login_in_the_history()
      throws Exception {
    try (var server = TestServer.start(SCRAM)) {
      says(server, "submit", "ok", "by SCRAM-SHA-256");
      assertEquals(
          2, server.events().stream().filter(e -> e instanceof Event.LoginAccepted).count());
      Answer logins =
          TestHome.ask(
              server.heddle(), "login.list", Map.of("who", "", "last", "9", "failed", "false"));
      assertEquals(0, logins.rows().size(), logins.toString());
      for (String listener : new String[] {"submission", "submissions"}) {
        says(server, "listen." + listener, "ok", "TLSv1.3");
      }
      says(server, "listen.clear", "ok", "in clear");
      says(server, "cert", "WARN", "self-signed");
    }
  }

  @Test
  void where_only_a_password_can_be_proved_it_says_a_password() throws Exception {
    try (var server = TestServer.start("[session.auth]\nmechanisms = [\"LOGIN\"]\n")) {
      says(server, "submit", "ok", "by password");
    }
  }

  @Test
  void where_no_login_can_be_tried_it_is_skipped_and_nobody_is_called_well() throws Exception {
    try (var server = TestServer.start("[session.auth]\nlookup = false\n")) {
      says(server, "submit", "skipped", "offers no mechanism for a password");
    }
    try (var server = TestServer.start("[session.auth]\nmechanisms = [\"CRAM-MD5\"]\n")) {
      says(server, "submit", "skipped", "offers no mechanism for a password");
    }
    String proxied =
        "[listener.behind]\nbind = [\"127.0.0.1:0\"]\nproxy-protocol-from = [\"127.0.0.0/8\"]\n";
    try (var server = TestServer.start(proxied)) {
      says(server, "listen.behind", "skipped", "a PROXY header is required");
    }
    String hook =
        "import heddle.hook.*; public final class Own implements AuthHook {"
            + " public Decision auth(AuthAttempt a) { return Decisions.verify(); } }";
    try (var server =
        TestServer.start("[session.auth]\nhook = \"Own\"\n", Map.of("etc/hooks/Own.java", hook))) {
      says(server, "submit", "skipped", "a hook of the site's decides");
    }
  }

  @Test
  void whoever_shuts_out_this_machine_is_told() throws Exception {
    try (var server = TestServer.start(SCRAM)) {
      TestHome.ask(server.heddle(), "block.add", Map.of("subject", "127.0.0.1"));
      assertEquals("ERR", row(server, "listen.submission").get("state"));
      Map<String, Object> submit = row(server, "submit");
      assertEquals("ERR", submit.get("state"), submit.toString());
      assertFalse(submit.get("remedy").toString().isEmpty());
    }
  }

  @Test
  void changed_shows_each_thing_once() throws Exception {
    try (var server = TestServer.start(SCRAM)) {
      var changed = Map.of("changed", "true");
      assertTrue(TestHome.ask(server.heddle(), "doctor.run", changed).rows().size() > 0);
      assertEquals(0, TestHome.ask(server.heddle(), "doctor.run", changed).rows().size());
      assertTrue(TestHome.ask(server.heddle(), "doctor.run").rows().size() > 10);
    }
  }

  @Test
  void what_a_route_holds_is_held_and_keeps_nobody_waiting() throws Exception {
    String hold = "[route.later]\nto = \"hold\"\nif = \"recipient-domain\"\neq = \"example.net\"\n";
    try (var server = TestServer.start(SCRAM + hold)) {
      TestHome.ask(server.heddle(), "send.test", Map.of("to", "bob@example.net"));
      says(server, "queue", "ok", "nothing waits; besides 1 held");
    }
  }

  @Test
  void it_is_content_with_one_connection_from_an_address() throws Exception {
    try (var server = TestServer.start(SCRAM + "[limit]\nconnections-per-address = 2\n")) {
      Answer answer = TestHome.ask(server.heddle(), "doctor.run");
      assertTrue(
          answer.rows().stream().noneMatch(r -> r.get("state").equals("ERR")), answer.toString());
      assertEquals("ok", row(server, "listen.submission").get("state"));
    }
  }
}
