package heddle.hook;

import static heddle.hook.Decisions.accept;
import static heddle.hook.Decisions.defer;
import static heddle.hook.Decisions.pass;
import static heddle.hook.Decisions.proxyReply;
import static heddle.hook.Decisions.reject;
import static heddle.hook.Decisions.reply;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Octets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class DecisionsTest {
  private static void mistake(Executable built) {
    assertThrows(IllegalArgumentException.class, built);
  }

  @Test
  @Tag("A16")
  void accept_takes_a_name_or_leaves_it_to_the_client() {
    assertEquals(Optional.empty(), accept().username());
    assertEquals(Optional.of("anna"), accept("anna").username());
    assertEquals(Optional.of("boss"), accept("anna").actingAs("boss").authzid());
  }

  @Test
  @Tag("A17")
  @Tag("A21")
  void reject_is_535_and_has_lines_and_codes() {
    assertEquals("535 5.7.8 Wrong user name or password", reject().reply().toString());
    assertEquals(List.of("one", "two"), reject("one", "two").reply().lines());
    var coded = reject("Stronger, please").codes(534, "5.7.9").disconnect();
    assertEquals("534 5.7.9 Stronger, please", coded.reply().toString());
    assertTrue(coded.closes());
    mistake(() -> reject().codes(454, "4.7.0"));
    mistake(() -> reject().codes(535, "4.7.8"));
    mistake(() -> reject().codes(535, "5.7"));
    mistake(() -> reject("two\r\nlines"));
    mistake(() -> reject("x".repeat(600)));
  }

  @Test
  @Tag("A18")
  @Tag("A20")
  void defer_is_454_and_421_closes() {
    assertEquals(454, defer().reply().code());
    assertEquals("432 4.7.12 Not yet", defer("Not yet").codes(432, "4.7.12").reply().toString());
    assertTrue(defer().codes(421, "4.7.0").closes());
    assertFalse(defer().closes());
    mistake(() -> defer().codes(535, "5.7.8"));
  }

  @Test
  @Tag("A19")
  void a_challenge_is_334_and_nothing_else() {
    assertEquals(Octets.EMPTY, reply("").codes(334).prompt());
    assertTrue(reply("x").disconnect().closes());
    mistake(() -> reply("x").codes(235));
    mistake(() -> reply(Octets.of(new byte[9300])));
  }

  @Test
  @Tag("C22")
  void a_command_in_its_place_is_one_line() {
    assertEquals(Optional.of(Octets.ofUtf8("NOOP")), pass().command("NOOP").line());
    assertTrue(pass().command("NOOP").next().wantsNext());
    mistake(() -> pass().command("NOOP\r\nMAIL FROM:<x@example.org>"));
    mistake(() -> pass().command("NO\0OP"));
    mistake(() -> pass().command("NOOP " + "x".repeat(12_288)));
  }

  @Test
  @Tag("C23")
  void a_proxy_reply_is_250_and_goes_on_only_with_next() {
    assertEquals("250 2.0.0 OK", proxyReply().reply().toString());
    assertEquals(
        "220 mail.example.org ESMTP",
        proxyReply("mail.example.org ESMTP").codes(220).reply().toString());
    assertFalse(proxyReply("go on").codes(354).inStep());
    assertTrue(proxyReply("go on").codes(354).next().inStep());
    assertTrue(proxyReply("bye").codes(421, "4.3.0").closes());
    mistake(() -> proxyReply().codes(399));
    mistake(() -> proxyReply().codes(550, "2.0.0"));
  }
}
