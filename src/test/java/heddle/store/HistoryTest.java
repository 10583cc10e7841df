package heddle.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.Event;
import heddle.mail.Id;
import heddle.peer.RemoteAddress;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happened is found again, and forgotten when its time has come. */
class HistoryTest {
  private static final Id CONNECTION = new Id("CCCCCCCCCCCC");
  private static final Id MESSAGE = new Id("7Q4K2M9XTVC3");
  private static final RemoteAddress CLIENT =
      new RemoteAddress(InetAddress.ofLiteral("192.0.2.7"), 4711);

  @TempDir private Path home;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-25T12:00:00Z"));

  private History open(History.Keep keep) throws Exception {
    return History.open(home.resolve("events.db"), now::get, keep);
  }

  private static Event accepted(Id id, List<String> to) {
    return new Event.Accepted(
        id,
        CONNECTION,
        "submission",
        "login",
        "Anna@example.org",
        to,
        1000,
        Optional.of("<CAF=x91@mail.example.org>"),
        Optional.of("anna@example.org"),
        CLIENT);
  }

  private static List<String> names(List<History.Entry> entries) {
    return entries.stream().map(History.Entry::name).toList();
  }

  @Test
  void an_event_is_found_by_each_of_its_words() throws Exception {
    try (History history = open(History.Keep.ALL)) {
      List<String> to = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        to.add("r" + i + "@example.net");
      }
      history.tell(accepted(MESSAGE, to));
      history.tell(
          new Event.Deferred(MESSAGE, "r7@example.net", "default", "451 4.7.28 later", "soon"));
      history.tell(new Event.Administered("root", "queue.retry", MESSAGE.value()));
      var newest = History.Question.newest(10);
      for (String word :
          List.of(
              "id:CCCCCCCCCCCC",
              "user:anna@example.org",
              "from:anna@example.org",
              "to:r29@example.net",
              "msgid:caf=x91@mail.example.org",
              "ip:192.0.2.7")) {
        assertEquals(List.of("accepted"), names(history.ask(newest.about(word))), word);
      }
      assertEquals(
          List.of("admin", "deferred", "accepted"),
          names(history.ask(newest.beginning("id:7Q4K"))));
      assertEquals(
          List.of("accepted", "deferred", "admin"),
          names(history.ask(newest.about("id:" + MESSAGE).inOrder())));
      assertEquals(
          List.of("deferred"),
          names(history.ask(newest.about("to:r7@example.net").named(Set.of("deferred")))));
      assertEquals(List.of(), history.ask(newest.about("to:nobody@example.net")));
      assertEquals(1, history.count(newest.named(Set.of("accepted"))));
      assertEquals(0, history.count(newest.since(now.get().plusSeconds(1))));
      String shown = history.ask(newest.named(Set.of("accepted"))).getFirst().field("to");
      assertEquals(
          "r0@example.net,r1@example.net,r2@example.net,r3@example.net,r4@example.net,…", shown);
    }
  }

  @Test
  void whoever_waits_for_news_gets_them_and_no_others() throws Exception {
    try (History history = open(History.Keep.ALL)) {
      history.tell(new Event.RouteUp("default", "relay"));
      long seen = history.last();
      assertFalse(history.awaitBeyond(seen, Duration.ofMillis(1)));
      Thread teller = Thread.ofVirtual().start(() -> history.tell(new Event.SpoolOpened()));
      assertTrue(history.awaitBeyond(seen, Duration.ofSeconds(20)));
      teller.join();
      assertEquals(
          List.of("spool-opened"),
          names(history.ask(History.Question.newest(9).after(seen).inOrder())));
    }
  }

  private static Event dialogue(int number) {
    return new Event.Dialogue(
        new Id(String.format("D%011d", number)),
        "office",
        "gone",
        List.of("0 > 220 x", "3 < QUIT"),
        Optional.empty(),
        new RemoteAddress(InetAddress.ofLiteral("10.0." + number / 3 + ".7"), 1));
  }

  @Test
  void of_the_conversations_the_newest_are_kept_and_of_one_address_a_few() throws Exception {
    try (History history = open(new History.Keep(Duration.ofDays(1), Duration.ofDays(1), 20))) {
      for (int i = 0; i < 90; i++) {
        history.tell(dialogue(i));
      }
      var all = History.Question.newest(100).named(Set.of("dialogue"));
      List<History.Entry> kept = history.ask(all);
      assertEquals(20, kept.size());
      assertEquals("D00000000089", kept.getFirst().id().orElseThrow().value());
      for (int i = 0; i < 30; i++) {
        history.tell(
            new Event.Dialogue(
                Id.draw(new Random(i)), "x", "gone", List.of("0 > 220"), Optional.empty(), CLIENT));
      }
      List<History.Entry> then = history.ask(all);
      long ofOne = then.stream().filter(e -> e.field("client").equals("192.0.2.7:4711")).count();
      assertEquals(5, ofOne, "a guesser does not push out the printer's");
      assertEquals(20, then.size());
    }
  }

  @Test
  void what_is_old_is_forgotten_logins_later_than_the_rest() throws Exception {
    var keep = new History.Keep(Duration.ofDays(30), Duration.ofDays(90), 5);
    try (History history = open(keep)) {
      history.tell(accepted(MESSAGE, List.of("bob@example.net")));
      history.tell(
          new Event.LoginFailed(
              CONNECTION,
              "submission",
              Optional.of("anna"),
              "PLAIN",
              "badpassword",
              "local",
              Duration.ofMillis(3),
              CLIENT));
      assertEquals(2, history.ask(History.Question.newest(9)).size());
      now.set(now.get().plus(Duration.ofDays(31)));
      history.forgetOld();
      assertEquals(List.of("auth-failed"), names(history.ask(History.Question.newest(9))));
      assertEquals(List.of(), history.ask(History.Question.newest(9).about("to:bob@example.net")));
      now.set(now.get().plus(Duration.ofDays(60)));
      history.forgetOld();
      assertEquals(List.of(), history.ask(History.Question.newest(9)));
    }
  }

  @Test
  void whoever_is_forgotten_is_nowhere_in_the_file() throws Exception {
    try (History history = open(History.Keep.ALL)) {
      history.tell(accepted(MESSAGE, List.of("bob@example.net")));
      history.tell(
          new Event.Delivered(
              MESSAGE,
              "Anna@Example.org",
              "default",
              "250 ok",
              Duration.ofMillis(3),
              Duration.ofMillis(2)));
      history.tell(dialogue(1));
      history.forget("anna@example.org");
      assertEquals(List.of("dialogue"), names(history.ask(History.Question.newest(9))));
    }
    try (var files = java.nio.file.Files.list(home)) {
      for (Path file : files.toList()) {
        String octets =
            java.nio.file.Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertFalse(
            octets.toLowerCase(java.util.Locale.ROOT).contains("anna@example.org"), file + "");
      }
    }
  }

  @Test
  void a_history_of_the_version_before_is_taken_over() throws Exception {
    Path file = home.resolve("events.db");
    try (var c = DriverManager.getConnection("jdbc:sqlite:" + file);
        var s = c.createStatement()) {
      for (String sql : EventRows.STEPS.getFirst()) {
        s.execute(sql);
      }
      s.execute("PRAGMA application_id=1212433484");
      s.execute("PRAGMA user_version=1");
      s.execute(
          "INSERT INTO event VALUES (7, 1764000000000, 'auth-ok', 'CCCCCCCCCCCC', 'anna@example.org', '192.0.2.7', '{\"user\":\"anna@example.org\",\"client\":\"192.0.2.7:1\"}')");
    }
    try (History history = open(History.Keep.ALL)) {
      assertEquals(7, history.last());
      for (String word : List.of("user:anna@example.org", "ip:192.0.2.7", "id:CCCCCCCCCCCC")) {
        assertEquals(
            List.of("auth-ok"), names(history.ask(History.Question.newest(5).about(word))), word);
      }
      history.tell(new Event.SpoolOpened());
      assertEquals(8, history.last());
    }
  }
}
