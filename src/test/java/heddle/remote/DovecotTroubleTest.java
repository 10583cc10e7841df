package heddle.remote;

import static heddle.remote.DovecotPeer.base64;
import static heddle.remote.DovecotSite.CALLER;
import static heddle.remote.DovecotSite.UNBOUND;
import static heddle.remote.DovecotSite.asked;
import static heddle.remote.DovecotSite.question;
import static heddle.remote.DovecotSite.soon;
import static heddle.remote.DovecotSite.verdict;
import static heddle.remote.DovecotSite.why;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Octets;
import heddle.wire.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that are away, late, wrong or in the middle of a restart. */
class DovecotTroubleTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private DovecotSite site;

  @BeforeEach
  void open() throws Exception {
    site = new DovecotSite();
  }

  @AfterEach
  void close() throws Exception {
    site.close();
  }

  static Deadline shortly() {
    return Deadline.in(SHORT);
  }

  /** Milliseconds that it took, and what came of it. */
  private record Timed<T>(long millis, T result) {
    static <T> Timed<T> of(Callable<T> work) throws Exception {
      long began = System.nanoTime();
      T result = work.call();
      return new Timed<>((System.nanoTime() - began) / 1_000_000, result);
    }
  }

  private static void assertOnTime(long millis) {
    assertTrue(millis >= SHORT.toMillis() - 5 && millis < 2000, millis + " ms");
  }

  @Test
  void nobody_at_home_is_waited_for_until_the_deadline_and_no_longer() throws Exception {
    var ask = Timed.of(() -> site.asker.ask(question("anna", "secret"), shortly()));
    assertOnTime(ask.millis());
    assertTrue(why(ask.result()).startsWith("no connection to Dovecot at "), why(ask.result()));
    assertFalse(why(ask.result()).contains("secret"));
    var begin =
        Timed.of(() -> site.asker.begin("LOGIN", Optional.empty(), CALLER, UNBOUND, shortly()));
    assertOnTime(begin.millis());
    assertTrue(why(verdict(begin.result())).contains("no connection"));
    assertEquals(Set.of(), site.asker.mechanisms());
  }

  @Test
  void who_comes_home_in_the_meantime_is_asked() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Verdict> verdict = threads.submit(() -> site.ask("anna", "secret"));
      Thread.sleep(200);
      try (DovecotPeer peer =
          site.greeting(wire -> wire.say("OK\t" + wire.auth().id() + "\tuser=anna"))) {
        assertInstanceOf(Verdict.Yes.class, verdict.get());
      }
    }
  }

  /** The pauses between attempts have grown to more than a second by then. */
  @Test
  void who_was_away_for_long_is_asked_as_soon_as_he_is_back() throws Exception {
    Thread.sleep(1700);
    try (DovecotPeer peer =
        site.greeting(wire -> wire.say("OK\t" + wire.auth().id() + "\tuser=anna"))) {
      Deadline soon = Deadline.in(Duration.ofMillis(700));
      assertInstanceOf(Verdict.Yes.class, site.asker.ask(question("anna", "secret"), soon));
    }
  }

  @Test
  void a_restart_in_the_middle_costs_an_exchange_and_not_a_question() throws Exception {
    var asking = new CountDownLatch(2);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Verdict> question;
      Future<Relay.Turn> exchange;
      Relay.Turn.Asked idle;
      try (DovecotPeer first =
          site.greeting(
              wire -> {
                wire.say("CONT\t" + wire.auth().id() + "\t");
                while (true) {
                  wire.auth();
                  asking.countDown();
                }
              })) {
        idle = asked(site.begin("LOGIN", Optional.empty()));
        question = threads.submit(() -> site.ask("anna", "secret"));
        exchange = threads.submit(() -> site.begin("CRAM-MD5", Optional.empty()));
        asking.await();
      }
      assertEquals("Dovecot hung up", why(verdict(exchange.get())));
      assertEquals("Dovecot hung up", why(verdict(idle.next().answer(Octets.EMPTY, soon()))));
      assertEquals(4, site.asker.mechanisms().size(), "kept while it is away");
      List<DovecotPeer.Auth> again = Collections.synchronizedList(new ArrayList<>());
      try (DovecotPeer second =
          site.playing(
              wire -> {
                wire.greet(2, List.of("PLAIN"));
                again.add(wire.auth());
                wire.say("OK\t1\tuser=anna");
                wire.stay();
              })) {
        assertInstanceOf(Verdict.Yes.class, question.get());
        assertEquals(List.of("PLAIN"), again.stream().map(DovecotPeer.Auth::mechanism).toList());
        assertEquals(Set.of("PLAIN"), site.asker.mechanisms());
      }
    }
  }

  @Test
  void a_question_that_breaks_two_connections_is_not_asked_a_third_time() throws Exception {
    var asked = new AtomicInteger();
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              wire.auth();
              asked.incrementAndGet();
            })) {
      assertEquals("Dovecot hung up", why(site.ask("anna", "secret")));
      assertEquals(2, asked.get());
    }
  }

  @Test
  void a_late_answer_is_cancelled_and_comes_to_nobody() throws Exception {
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              DovecotPeer.Auth first = wire.auth();
              wire.expect("CANCEL");
              wire.say("OK\t" + first.id() + "\tuser=anna");
              DovecotPeer.Auth second = wire.auth();
              wire.say("OK\t" + first.id() + "\tuser=anna", "FAIL\t" + second.id());
            })) {
      var ask = Timed.of(() -> site.asker.ask(question("anna", "secret"), shortly()));
      assertOnTime(ask.millis());
      assertEquals("no answer from Dovecot in time", why(ask.result()));
      assertInstanceOf(Verdict.No.class, site.ask("bob", "secret"));
      peer.played();
    }
  }

  @Test
  void a_server_that_reads_nothing_makes_nobody_late() throws Exception {
    try (DovecotPeer peer = site.greeting(wire -> Thread.sleep(3000));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      DovecotSite.await("a greeting", () -> site.asker.mechanisms().isEmpty() ? null : true);
      List<Callable<Timed<Verdict>>> many =
          Collections.nCopies(
              200,
              () ->
                  Timed.of(() -> site.asker.ask(question("anna", "x".repeat(12_000)), shortly())));
      for (Future<Timed<Verdict>> each : threads.invokeAll(many)) {
        assertEquals("no answer from Dovecot in time", why(each.get().result()));
        assertOnTime(each.get().millis());
      }
    }
  }

  @Test
  void a_server_that_has_fallen_silent_is_called_again() throws Exception {
    var times =
        new DovecotAsker.Times(
            Duration.ofMillis(200), Duration.ofMinutes(1), Duration.ofMinutes(1));
    try (var quick = new DovecotSite(times)) {
      var calls = new AtomicInteger();
      try (DovecotPeer peer =
          quick.greeting(
              wire -> {
                if (calls.incrementAndGet() == 1) {
                  wire.stay();
                }
                wire.say("OK\t" + wire.auth().id() + "\tuser=anna");
              })) {
        assertEquals(
            "no answer from Dovecot in time",
            why(quick.asker.ask(question("anna", "secret"), shortly())));
        assertInstanceOf(Verdict.Yes.class, quick.ask("anna", "secret"));
      }
    }
  }

  @Test
  void a_connection_is_replaced_in_time_and_serves_its_exchanges_to_the_end() throws Exception {
    var times =
        new DovecotAsker.Times(
            Duration.ofMinutes(1), Duration.ofMillis(300), Duration.ofSeconds(3));
    try (var quick = new DovecotSite(times)) {
      var calls = new AtomicInteger();
      try (DovecotPeer peer =
          quick.greeting(
              wire -> {
                String user = "user" + calls.incrementAndGet();
                for (var line = wire.hear(); line != null; line = wire.hear()) {
                  wire.say(
                      line.getFirst().equals("AUTH")
                          ? "CONT\t" + line.get(1) + "\t"
                          : "OK\t" + line.get(1) + "\tuser=" + user);
                }
              })) {
        Relay.Turn.Asked first = asked(quick.begin("LOGIN", Optional.empty()));
        DovecotSite.await(
            "an exchange on the second connection",
            () -> end(asked(quick.begin("LOGIN", Optional.empty()))).equals("user2") ? true : null);
        assertEquals("user1", end(first));
        peer.played();
      }
    }
  }

  private static String end(Relay.Turn.Asked turn) throws InterruptedException {
    Verdict verdict = verdict(turn.next().answer(Octets.EMPTY, soon()));
    return assertInstanceOf(Verdict.Yes.class, verdict).name().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OK\n",
        "OK\tnine\tuser=anna\n",
        "OK\t-1\tuser=anna\n",
        "OK\t99999999999999999999\tuser=anna\n",
        "CONT\tID\n",
        "CONT\tID\tno base64\n",
        "CONT\tID\t#\n",
        "OK\tID\tuser=anna\tresp=!!!\n",
        "FAIL\tID\tresp=YQ\n",
        "OK\tID\tuser=an",
        "\n",
        "LONG",
      })
  void nonsense_and_halves_end_the_connection_and_are_no_verdict(String nonsense) throws Exception {
    var asked = new AtomicInteger();
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              String id = wire.auth().id();
              asked.incrementAndGet();
              wire.raw(
                  nonsense.equals("LONG")
                      ? "OK\t" + id + "\tuser=" + "x".repeat(70_000)
                      : nonsense.replace("ID", id));
            })) {
      String why = why(site.ask("anna", "secret"));
      assertTrue(
          why.equals("Dovecot hung up") || why.startsWith("Dovecot was not understood: "), why);
      assertEquals(2, asked.get(), "asked once more, and no more");
    }
  }

  @Test
  void what_we_do_not_know_of_is_passed_over() throws Exception {
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              wire.say("NEWS\tof\ttomorrow", "OK\t77\tuser=bob", "FAIL\t0", "CONT\t78\t");
              wire.say("OK\t" + wire.auth().id() + "\tuser=anna");
              wire.stay();
            })) {
      assertInstanceOf(Verdict.Yes.class, site.ask("anna", "secret"));
      assertEquals(1, peer.calls());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "220 mail.example ESMTP\r\n",
        "VERSION\t2\t0\nDONE\n",
        "VERSION\t1\n",
        "VERSION\tone\ttwo\n",
        "MECH\tPLAIN\nVERSION\t1\t2\nDONE\n",
        "VERSION\t1\t2\nMECH\tPLAIN\n",
        "LINES",
      })
  void who_is_no_dovecot_is_told_nothing_and_not_called_too_often(String greeting)
      throws Exception {
    var heard = Collections.synchronizedList(new ArrayList<String>());
    try (DovecotPeer peer =
        site.playing(
            wire -> {
              wire.raw(
                  greeting.equals("LINES")
                      ? "VERSION\t1\t2\n" + "MECH\tPLAIN\n".repeat(1000) + "DONE\n"
                      : greeting);
              for (var line = wire.hear(); line != null; line = wire.hear()) {
                heard.add(line.getFirst());
                if (heard.size() % 2 == 0) {
                  return;
                }
              }
            })) {
      Deadline second = Deadline.in(Duration.ofSeconds(1));
      String why = why(site.asker.ask(question("anna", "secret"), second));
      assertTrue(why.startsWith("no connection to Dovecot"), why);
      assertTrue(Set.of("VERSION", "CPID").containsAll(heard), heard.toString());
      // 50, 100, 200, 400 ms, and so on.
      assertTrue(peer.calls() >= 2 && peer.calls() <= 7, peer.calls() + " calls");
    }
  }

  @Test
  void one_more_than_a_thousand_at_once_are_too_many() throws Exception {
    var all = new CountDownLatch(1000);
    var enough = new CountDownLatch(1);
    try (DovecotPeer peer =
            site.greeting(
                wire -> {
                  for (int i = 0; i < 1000; i++) {
                    wire.auth();
                    all.countDown();
                  }
                  enough.await();
                  for (int i = 1; i <= 1000; i++) {
                    wire.say("FAIL\t" + i);
                  }
                  wire.stay();
                });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Verdict>> crowd = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        crowd.add(threads.submit(() -> site.ask("anna", "secret")));
      }
      all.await();
      assertEquals("too many questions at once", why(site.ask("bob", "secret")));
      enough.countDown();
      for (Future<Verdict> each : crowd) {
        assertInstanceOf(Verdict.No.class, each.get());
      }
    }
  }

  @Test
  void an_interrupted_asker_leaves_the_connection_to_the_others() throws Exception {
    var asking = new CountDownLatch(2);
    var go = new CountDownLatch(1);
    try (DovecotPeer peer =
            site.greeting(
                wire -> {
                  for (int i = 0; i < 2; i++) {
                    DovecotPeer.Auth auth = wire.auth();
                    asking.countDown();
                    if (auth.plain().get(1).equals("anna")) {
                      Thread.ofVirtual()
                          .start(
                              () -> {
                                try {
                                  go.await();
                                  wire.say("OK\t" + auth.id() + "\tuser=anna");
                                } catch (Exception gone) {
                                  throw new AssertionError(gone);
                                }
                              });
                    }
                  }
                  wire.expect("CANCEL");
                  go.countDown();
                  wire.stay();
                });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Verdict> anna = threads.submit(() -> site.ask("anna", "secret"));
      Future<Verdict> bob = threads.submit(() -> site.ask("bob", "secret"));
      asking.await();
      bob.cancel(true);
      assertInstanceOf(Verdict.Yes.class, anna.get());
      assertEquals(1, peer.calls());
    }
  }

  @Test
  void closing_ends_every_thread_and_every_wait() throws Exception {
    var asking = new CountDownLatch(1);
    try (DovecotPeer peer =
            site.greeting(
                wire -> {
                  wire.auth();
                  asking.countDown();
                  wire.stay();
                });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Verdict> waiting = threads.submit(() -> site.ask("anna", "secret"));
      asking.await();
      site.asker.close();
      var after = Timed.of(waiting::get);
      assertTrue(why(after.result()).contains("closed"), why(after.result()));
      assertTrue(after.millis() < 1000, after.millis() + " ms");
      assertTrue(why(site.ask("anna", "secret")).contains("closed"));
      assertEquals(3, site.threads.size());
      for (Thread each : site.threads) {
        assertTrue(each.join(Duration.ofSeconds(2)), each.toString());
      }
      assertEquals(1, peer.calls());
    }
  }

  @Test
  void closing_ends_the_thread_that_waits_for_a_server() throws Exception {
    site.asker.close();
    assertTrue(site.threads.getFirst().join(Duration.ofSeconds(2)));
  }

  /** Twice as many as there would be carriers to hold, if a waiting reader held one. */
  @Test
  void connections_that_wait_hold_no_carrier() throws Exception {
    try (DovecotPeer peer =
        site.greeting(
            wire -> {
              wire.say("OK\t" + wire.auth().id() + "\tuser=" + base64("x"));
              wire.stay();
            })) {
      List<DovecotAsker> many = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        many.add(new DovecotAsker(new DovecotAsker.Unix(site.socket), "smtp", false));
      }
      try {
        for (DovecotAsker each : many) {
          assertInstanceOf(Verdict.Yes.class, each.ask(question("anna", "secret"), soon()));
        }
        Thread fresh = Thread.ofVirtual().start(() -> {});
        assertTrue(fresh.join(Duration.ofSeconds(2)));
      } finally {
        many.forEach(DovecotAsker::close);
      }
    }
  }
}
