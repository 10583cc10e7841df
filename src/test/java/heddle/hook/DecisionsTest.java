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

  // ---- limits

  /** RFC 4954 §4: 12288 octets with the code and the line end; in base64 four for three. */
  @Test
  @Tag("A19")
  void a_challenge_fits_a_line_to_the_octet() {
    int most = (12_288 - 4 - 2) / 4 * 3;
    assertEquals(most, reply(Octets.of(new byte[most])).prompt().size());
    mistake(() -> reply(Octets.of(new byte[most + 1])));
  }

  @Test
  void a_reply_has_a_hundred_lines_of_496_octets() {
    String[] hundred = java.util.Collections.nCopies(100, "x").toArray(String[]::new);
    assertEquals(100, proxyReply(hundred).reply().lines().size());
    String[] more = java.util.Collections.nCopies(101, "x").toArray(String[]::new);
    mistake(() -> proxyReply(more));
    String line = "x".repeat(512 - "250 5.999.999 ".length() - 2);
    assertEquals(List.of(line), reject(line).reply().lines());
    mistake(() -> reject(line + "x"));
  }

  @Test
  void a_command_in_its_place_is_as_long_as_any() {
    String longest = "x".repeat(ProxyDecision.LONGEST_COMMAND);
    assertEquals(longest.length(), pass().command(longest).line().orElseThrow().size());
    mistake(() -> pass().command(longest + "x"));
  }

  @Test
  void of_3xx_two_are_known() {
    assertEquals(334, proxyReply("x").codes(334).reply().code());
    assertEquals(354, proxyReply("x").codes(354).reply().code());
    mistake(() -> proxyReply("x").codes(300));
    assertTrue(proxyReply("x").disconnect().closes());
    assertFalse(proxyReply("x").closes());
    assertFalse(proxyReply("x").codes(550, "5.7.1").closes());
    assertFalse(proxyReply("x").disconnect().wantsNext());
  }

  @Test
  void what_a_hook_adds_to_its_yes_or_no_is_kept() {
    assertEquals(Optional.of(Octets.ofUtf8("v=x")), accept().last(Octets.ofUtf8("v=x")).last());
    assertEquals(java.util.Set.of("staff"), accept("a").groups("staff").groups());
    assertTrue(defer("x").disconnect().closes());
    assertTrue(Decisions.verify() instanceof Decision.Verify);
  }

  @Test
  void nothing_that_a_client_said_is_printed() {
    var command =
        new ProxyCommand(
            Octets.ofUtf8(" secret"),
            Sample.secured(),
            new Transaction(Sample.NEXT, Optional.empty(), java.util.Map.of(), List.of()));
    assertEquals("ProxyCommand[7 octets]", command.toString());
    assertEquals("", command.verb());
    assertEquals("AuthAttempt[18C190A393F0, PLAIN, state 0]", Sample.plain().toString());
    assertEquals(Optional.of("mailuser"), Sample.plain().authzid());
    assertTrue(Sample.plain().channelBinding().types().isEmpty());
    assertTrue(Sample.secured().peer().isPresent());
  }

  @Test
  void a_uid_that_nobody_knows_is_not_told() {
    var socket = Sample.connection(Optional.empty(), Optional.empty());
    assertEquals(106L, socket.toMap().get("remoteuid"));
    var nameless =
        new Connection(
            socket.id(),
            socket.serverId(),
            socket.remote(),
            socket.local(),
            socket.helo(),
            new heddle.peer.Presence(
                Optional.empty(),
                Optional.of(new heddle.peer.UnixPeer("x", "x", java.util.OptionalLong.empty()))),
            Optional.empty(),
            socket.pointer(),
            socket.attributes());
    assertFalse(nameless.toMap().containsKey("remoteuid"));
  }

  @Test
  void an_attempt_is_seen_with_its_connection() {
    var id = new heddle.mail.Id("000000000000");
    var attempt =
        new heddle.sasl.Attempt(
            id,
            id,
            "submission",
            Sample.secured().remote(),
            Sample.secured().local(),
            Optional.of("client"),
            heddle.peer.Presence.NONE,
            java.util.Set.of(),
            "X",
            0,
            Optional.empty());
    Connection seen = Connection.of(attempt);
    assertEquals(Optional.of(new Helo("EHLO", "client")), seen.helo());
    assertEquals("submission", seen.serverId());
    assertEquals(attempt.tls(), seen.tls());
  }
}
