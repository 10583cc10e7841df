package heddle.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import heddle.mail.Octets;
import heddle.mail.Reply;
import heddle.wire.Flaw;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RepliesTest {
  private static List<Reply> constants() throws Exception {
    var replies = new ArrayList<Reply>();
    for (var field : Replies.class.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == Reply.class) {
        replies.add((Reply) field.get(null));
      }
    }
    return replies;
  }

  @Test
  void each_reply_stands_there_once() throws Exception {
    var seen = new HashSet<String>();
    for (Reply reply : constants()) {
      assertTrue(seen.add(reply.toString()), "twice: " + reply);
    }
    assertTrue(seen.size() > 50);
  }

  @Test
  void each_refusal_has_a_status_and_fits_on_a_line() throws Exception {
    for (Reply reply : constants()) {
      assertTrue(reply.code() == 354 || reply.status().isPresent(), reply.toString());
      for (String line : reply.wire().split("\r\n")) {
        assertTrue(line.length() <= 510, line); // RFC 5321 §4.5.3.1.5
        assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 0x7f), line);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void each_flaw_is_refused_by_its_own_name(Flaw flaw) {
    assertEquals("500 5.5.2", start(Replies.flawedLine(flaw)));
    assertEquals("550 5.6.0", start(Replies.flawedMessage(flaw)));
  }

  private static String start(Reply reply) {
    return reply.toString().substring(0, 9);
  }

  @Test
  void a_challenge_is_base64_and_nothing_else() {
    assertEquals("334 VXNlcm5hbWU6\r\n", Replies.challenge(Octets.ofUtf8("Username:")).wire());
    assertEquals("334 \r\n", Replies.challenge(Octets.EMPTY).wire());
  }

  @Test
  void a_queued_message_is_named() {
    assertEquals(
        "250 2.0.0 Queued as 0123456789AB\r\n", Replies.queued(new Id("0123456789AB")).wire());
  }

  @Test
  void ehlo_lists_what_is_to_be_had_and_starttls_and_auth_only_then() {
    var clear = new Offer(25_000_000, true, List.of(), 100, false, Optional.empty());
    assertEquals(
        """
        250-mail.example.org greets client
        250-PIPELINING
        250-SIZE 25000000
        250-8BITMIME
        250-SMTPUTF8
        250-CHUNKING
        250-DSN
        250-ENHANCEDSTATUSCODES
        250-STARTTLS
        250-LIMITS RCPTMAX=100
        250 HELP
        """
            .replace("\n", "\r\n"),
        Extension.greeting("mail.example.org", "client", clear).wire());
    var safe = new Offer(1, false, List.of("SCRAM-SHA-256", "PLAIN"), 1, true, Optional.of("X"));
    List<String> lines = Extension.greeting("mail.example.org", "client", safe).lines();
    assertTrue(lines.contains("AUTH SCRAM-SHA-256 PLAIN"));
    assertTrue(!lines.contains("STARTTLS"));
    assertEquals("XLOOP X", lines.getLast());
  }

  @Test
  void a_client_beyond_ascii_is_greeted_without_its_name() {
    assertEquals(
        "250 mail.example.org\r\n", Extension.plainGreeting("mail.example.org", "bücher").wire());
  }
}
