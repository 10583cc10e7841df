package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import heddle.control.Answer;
import heddle.event.Event;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hooks in a real server, over a real TLS socket; EHLO's name chooses what the hook does. */
class HooksTest {
  private static final String CONFIG =
      """
      [session]
      proxy = "Doorman"
      [session.auth]
      mechanisms = ["PLAIN", "LOGIN", "CRAM-MD5", "X-SITE"]
      hook = "Site"
      [session.auth.errors]
      wait = "1ms"
      total = 9
      """;

  private static final String SITE =
      """
      import static heddle.hook.Decisions.*;
      import heddle.hook.*;

      public class Site implements AuthHook {
        public Decision auth(AuthAttempt attempt) {
          return switch (attempt.connection().helo().get().host()) {
            case "says-nothing" -> null;
            case "verifies" -> verify();
            case "accepts" -> accept();
            case "accepts-bob" -> accept("bob@example.org");
            case "accepts-as" -> accept().actingAs(attempt.authzid().get());
            case "accepts-none" -> accept("");
            case "last-words" -> accept("anna@example.org").last(heddle.mail.Octets.ofUtf8("v=x"));
            case "rejects" -> reject("No", "never").codes(534, "5.7.9").disconnect();
            case "defers" -> defer("Later").codes(432, "4.7.12");
            case "hangs-up" -> reply("so long").disconnect();
            case "second-factor" ->
                attempt.state() == 0
                    ? reply("Code?")
                    : attempt.text().equals("42") && attempt.password().get().matches("pw")
                        ? accept()
                        : reject();
            case "folds", "watched" ->
                attempt.state() < 3
                    ? reply(attempt.state() + " " + attempt.response().map(r -> "" + r.size()).orElse("none"))
                    : attempt.state() == 3 ? verify() : reject();
            case "remembers" -> accept("" + attempt.attributes().get("note"));
            default -> reject("Who are you?");
          };
        }
      }
      """;

  private static final String DOORMAN =
      """
      import static heddle.hook.Decisions.*;
      import heddle.hook.*;

      public class Doorman implements ProxyHook {
        public ProxyDecision command(ProxyCommand command) {
          String seen = (String) command.attributes().getOrDefault("seen", "");
          command.attributes().put("seen", seen + command.verb() + " ");
          return switch (command.verb()) {
            case "XNULL" -> null;
            case "XNOOP" -> pass().command("NOOP really");
            case "XLINES" -> proxyReply("one", "two");
            case "BDAT" -> command.command().endsWith("7") ? pass().command("NOOP")
                : proxyReply("No chunks").codes(550, "5.7.1");
            case "XBYE" -> proxyReply("Bye").codes(221, "2.0.0");
            case "XNO" -> proxyReply("No").codes(550, "5.7.1");
            case "XINJECT" -> pass().command("NOOP\\r\\nQUIT");
            case "X354" -> proxyReply("out of step").codes(354);
            case "XSEEN" -> proxyReply(seen.strip());
            case "XTRANS" -> proxyReply("" + command.transaction().toMap().get("recipients"));
            case "XNOTE" -> {
              command.attributes().put("note", "anna@example.org");
              yield pass().command("NOOP");
            }
            case "AUTH" ->
                command.connection().helo().get().host().equals("watched")
                    ? pass().next()
                    : pass();
            case "BA==" -> proxyReply("a line of its own").next();
            case "BQ==" -> pass().command("AA==");
            case "BG==" -> proxyReply("enough").disconnect();
            default -> pass();
          };
        }
      }
      """;

  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        TestServer.start(
            CONFIG,
            Map.of(
                "etc/hooks/Site.java",
                SITE,
                "etc/hooks/Doorman.java",
                DOORMAN,
                "etc/hooks/Spare.java",
                "public class Spare implements heddle.hook.AuthHook {"
                    + " public heddle.hook.Decision auth(heddle.hook.AuthAttempt a)"
                    + " { return null; } }"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Speaker named(String name) throws Exception {
    return Speaker.named(server, name);
  }

  private static String plain(String name, String user, String password) throws Exception {
    try (Speaker client = named(name)) {
      return client.plain(user, password);
    }
  }

  private static String custom(String name) throws Exception {
    try (Speaker client = named(name)) {
      return client.ask("AUTH X-SITE");
    }
  }

  @Test
  @Tag("A31")
  void null_is_535() throws Exception {
    assertEquals("535 5.7.8 Wrong user name or password", custom("says-nothing"));
    assertEquals(
        "535 5.7.8 Wrong user name or password", plain("says-nothing", "anna", "correct horse"));
  }

  @Test
  @Tag("A1")
  @Tag("A16")
  void accept_without_a_name_means_the_clients_or_is_a_mistake() throws Exception {
    assertEquals("235 2.7.0 Logged in", plain("accepts", "carl@example.org", "anything"));
    assertTrue(custom("accepts").startsWith("454 4.7.0 "));
    assertTrue(custom("accepts-none").startsWith("454 4.7.0 "));
  }

  @Test
  void an_accepted_name_may_send_as_itself_and_nobody_else() throws Exception {
    try (Speaker client = named("accepts")) {
      client.plain("carl@example.org", "anything");
      assertTrue(client.ask("MAIL FROM:<anna@example.org>").startsWith("550 5.7.1 "));
      assertTrue(client.ask("MAIL FROM:<carl@example.org>").startsWith("250 "));
    }
  }

  @Test
  void the_gate_stands_behind_every_yes() throws Exception {
    assertTrue(custom("accepts-bob").startsWith("535 5.7.8 "));
    assertTrue(plain("accepts", "bob@example.org", "x").startsWith("535 5.7.8 "));
  }

  @Test
  @Tag("E5")
  void another_authorization_identity_needs_the_hooks_word() throws Exception {
    String words = Speaker.base64("boss@example.org\0carl@example.org\0x");
    try (Speaker client = named("accepts")) {
      assertTrue(client.ask("AUTH PLAIN " + words).startsWith("535 "));
    }
    try (Speaker client = named("accepts-as")) {
      assertTrue(client.ask("AUTH PLAIN " + words).startsWith("235 "));
      assertTrue(client.ask("MAIL FROM:<boss@example.org>").startsWith("250 "));
    }
  }

  @Test
  @Tag("A16")
  void words_at_success_go_out_in_a_challenge_first() throws Exception {
    try (Speaker client = named("last-words")) {
      assertEquals("v=x", Speaker.prompt(client.ask("AUTH X-SITE")));
      assertTrue(client.ask("").startsWith("235 "));
    }
  }

  @Test
  @Tag("A17")
  @Tag("A20")
  @Tag("A21")
  void reject_says_its_lines_and_codes_and_hangs_up() throws Exception {
    try (Speaker client = named("rejects")) {
      assertEquals("534-5.7.9 No|534 5.7.9 never", client.ask("AUTH X-SITE"));
      assertEquals("gone", client.reply());
    }
  }

  @Test
  @Tag("A18")
  void defer_says_its_words_and_the_client_may_try_again() throws Exception {
    try (Speaker client = named("defers")) {
      assertEquals("432 4.7.12 Later", client.ask("AUTH X-SITE"));
      assertEquals("432 4.7.12 Later", client.ask("AUTH X-SITE"));
    }
  }

  @Test
  @Tag("A20")
  void a_challenge_may_be_the_last_word() throws Exception {
    try (Speaker client = named("hangs-up")) {
      assertEquals("so long", Speaker.prompt(client.ask("AUTH X-SITE")));
      assertEquals("gone", client.reply());
    }
    assertTrue(
        server.events().stream()
            .anyMatch(e -> e instanceof Event.LoginFailed f && f.reason().equals("aborted")));
  }

  @Test
  @Tag("A14")
  @Tag("A15")
  @Tag("A19")
  @Tag("A32")
  @Tag("D9")
  void each_answer_calls_it_again_with_one_more() throws Exception {
    try (Speaker client = named("folds")) {
      assertEquals("0 none", Speaker.prompt(client.ask("AUTH X-SITE")));
      assertEquals("1 0", Speaker.prompt(client.ask("")));
      assertEquals("2 3", Speaker.prompt(client.answer("abc")));
      // verify() comes too late here: the exchange has begun.
      assertTrue(client.answer("d").startsWith("454 4.7.0 "));
      assertEquals("0 0", Speaker.prompt(client.ask("AUTH X-SITE =")));
      assertTrue(client.ask("*").startsWith("501 5.7.0 "));
      assertEquals("0 2", Speaker.prompt(client.ask("AUTH X-SITE QUI=")));
      assertTrue(client.ask("#").startsWith("501 5.5.2 "));
    }
  }

  @Test
  void plain_may_be_asked_for_more() throws Exception {
    for (String code : List.of("42", "43")) {
      try (Speaker client = named("second-factor")) {
        assertEquals("Code?", Speaker.prompt(client.plain("carl@example.org", "pw")));
        assertTrue(client.answer(code).startsWith(code.equals("42") ? "235 " : "535 "));
      }
    }
  }

  @Test
  @Tag("A1")
  @Tag("D12")
  void verify_leaves_it_to_the_built_in_mechanism_initial_response_and_all() throws Exception {
    assertTrue(plain("verifies", "anna@example.org", "correct horse").startsWith("235 "));
    assertTrue(plain("verifies", "anna@example.org", "wrong").startsWith("535 "));
    try (Speaker client = named("verifies")) {
      assertEquals(
          "Password:",
          Speaker.prompt(client.ask("AUTH LOGIN " + Speaker.base64("anna@example.org"))));
      assertTrue(client.answer("correct horse").startsWith("235 "));
    }
    try (Speaker client = named("verifies")) {
      // The built-in one speaks first, and says so.
      assertTrue(client.ask("AUTH CRAM-MD5 QUI=").startsWith("501 5.7.0 "));
      assertTrue(Speaker.prompt(client.ask("AUTH CRAM-MD5")).endsWith("@mail.example.org>"));
      client.ask("*");
      assertTrue(client.ask("AUTH X-SITE").startsWith("454 4.7.0 "));
    }
  }

  @Test
  @Tag("D10")
  void what_is_not_listed_is_504_and_the_hook_is_not_asked() throws Exception {
    try (Speaker client = new Speaker(server)) {
      String greeting = client.ask("EHLO accepts");
      assertTrue(greeting.contains("AUTH PLAIN LOGIN CRAM-MD5 X-SITE"), greeting);
      assertTrue(client.ask("AUTH X-OTHER").startsWith("504 5.5.4 "));
    }
  }

  // ---- the proxy

  @Test
  @Tag("C25")
  void null_passes() throws Exception {
    try (Speaker client = named("x")) {
      assertTrue(client.ask("XNULL").startsWith("500 5.5.1 "));
    }
  }

  @Test
  @Tag("C1")
  @Tag("C22")
  @Tag("C23")
  void commands_are_changed_or_answered_before_anybody_reads_them() throws Exception {
    try (Speaker client = named("x")) {
      assertTrue(client.ask("XNOOP").startsWith("250 2.0.0 Nothing done"));
      assertEquals("250-2.0.0 one|250 2.0.0 two", client.ask("XLINES"));
      assertEquals("550 5.7.1 No", client.ask("XNO"));
      assertEquals("250 2.0.0 EHLO XNOOP XLINES XNO", client.ask("XSEEN"));
      assertEquals("221 2.0.0 Bye", client.ask("XBYE"));
      assertEquals("gone", client.reply());
    }
  }

  @Test
  @Tag("C22")
  @Tag("C24")
  void a_smuggled_line_is_the_hooks_mistake() throws Exception {
    for (String mistake : List.of("XINJECT", "X354")) {
      try (Speaker client = named("x")) {
        assertTrue(client.ask(mistake).startsWith("421 4.3.0 "));
        assertEquals("gone", client.reply());
      }
    }
  }

  @Test
  @Tag("C1")
  void the_octets_of_a_chunk_are_no_commands_whatever_the_hook_says() throws Exception {
    try (Speaker client = named("x")) {
      client.say("BDAT 6");
      assertEquals("550 5.7.1 No chunks", client.ask("QUIT"));
      assertTrue(client.ask("NOOP").startsWith("250 "));
      // Another command in its place would make commands of them: the hook's mistake.
      assertTrue(client.ask("BDAT 7").startsWith("421 4.3.0 "));
      assertEquals("gone", client.reply());
    }
  }

  @Test
  @Tag("C1")
  @Tag("C22")
  void lines_of_a_login_come_to_it_only_where_it_asked() throws Exception {
    try (Speaker client = named("folds")) {
      assertEquals("0 none", Speaker.prompt(client.ask("AUTH X-SITE")));
      assertEquals("1 1", Speaker.prompt(client.ask("BA==")));
      client.ask("*");
    }
    try (Speaker client = named("watched")) {
      assertEquals("0 none", Speaker.prompt(client.ask("AUTH X-SITE")));
      assertEquals("250 2.0.0 a line of its own", client.ask("BA=="));
      assertEquals("1 1", Speaker.prompt(client.ask("BQ==")));
      assertTrue(client.ask("BG==").startsWith("501 5.5.2 "));
      assertEquals("0 none", Speaker.prompt(client.ask("AUTH X-SITE")));
      assertEquals("250 2.0.0 enough", client.ask("BG=="));
      assertEquals("gone", client.reply());
    }
  }

  @Test
  @Tag("A9")
  @Tag("C21")
  void the_proxy_and_the_login_share_the_connections_attributes() throws Exception {
    try (Speaker client = named("remembers")) {
      client.ask("XNOTE");
      assertTrue(client.ask("AUTH X-SITE").startsWith("235 "));
    }
    try (Speaker other = named("remembers")) {
      assertTrue(other.ask("AUTH X-SITE").startsWith("235 "), "null is a name, too");
      assertTrue(other.ask("MAIL FROM:<anna@example.org>").startsWith("550 "));
    }
  }

  @Test
  @Tag("C18")
  void only_recipients_that_were_taken_are_shown() throws Exception {
    try (Speaker client = named("accepts")) {
      client.plain("carl@example.org", "x");
      client.ask("MAIL FROM:<carl@example.org>");
      client.ask("RCPT TO:<Anna@example.org> NOTIFY=NEVER");
      client.ask("RCPT TO:<>");
      String shown = client.ask("XTRANS");
      assertTrue(shown.contains("recipient=anna@example.org"), shown);
      assertTrue(shown.contains("NOTIFY=NEVER"), shown);
      assertEquals(1, shown.split("recipient=", -1).length - 1, shown);
    }
  }

  @Test
  void hook_list_names_those_in_use_and_those_that_are_not() {
    Answer answer = TestHome.ask(server.heddle(), "hook.list");
    String rows = answer.rows().toString();
    assertTrue(rows.contains("hook=Site, kind=AuthHook, used-by=session.auth.hook"), rows);
    assertTrue(rows.contains("hook=Doorman, kind=ProxyHook, used-by=session.proxy"), rows);
    assertTrue(rows.contains("hook=Spare, kind=AuthHook, used-by=, state=not in use"), rows);
    assertFalse(rows.contains("stuck=1"), rows);
  }
}
