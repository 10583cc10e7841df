package heddle.directory;

import static heddle.directory.House.verdict;
import static heddle.directory.House.words;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Secret;
import heddle.sasl.Claim;
import heddle.sasl.Decision;
import heddle.sasl.Identity;
import heddle.sasl.Refusals;
import heddle.store.Outcome;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDirectoryTest {
  private static final String ANNA = "anna@example.org";
  @TempDir private Path home;
  private House house;

  @BeforeEach
  void a_house_with_anna() throws Exception {
    house = new House(home, "example.org", "example.net");
    house.add(ANNA, "fun");
  }

  @AfterEach
  void closed() {
    house.close();
  }

  @Test
  void the_right_password_is_let_in_under_the_accounts_name() throws Exception {
    var accept = assertInstanceOf(Decision.Accept.class, house.login("Anna@EXAMPLE.org", "fun"));
    var credential = house.accounts.snapshot().find(ANNA).get().password().get();
    assertEquals(
        new Identity(
            ANNA,
            ANNA,
            "Anna@EXAMPLE.org",
            Optional.of(ANNA),
            credential.shown(),
            "PLAIN",
            Set.of(),
            Optional.empty()),
        accept.who());
    assertEquals("password", accept.who().credential());
    assertEquals("198.51.100.7", house.accounts.lastUse(credential.id()).orElseThrow().ip());
  }

  @Test
  void inside_the_house_each_no_has_its_reason() throws Exception {
    house.add("gone@example.org", "fun");
    house.accounts.disable("gone@example.org", "left");
    assertEquals("reject badpassword", verdict(house.login(ANNA, "sad")));
    assertEquals("reject baduser", verdict(house.login("nobody@example.org", "fun")));
    assertEquals("reject baduser", verdict(house.login("no such\u0007name", "fun")));
    assertEquals("reject baduser", verdict(house.login("", "fun")));
    assertEquals("reject disabled", verdict(house.login("gone@example.org", "fun")));
    assertEquals("reject badpassword", verdict(house.login("gone@example.org", "sad")));
    assertEquals(
        "reject notallowed", verdict(house.login("bob@example.org", ANNA, "fun", "192.0.2.1")));
  }

  @Test
  void outside_every_no_is_the_same() throws Exception {
    house.add("gone@example.org", "fun");
    house.accounts.disable("gone@example.org", "left");
    var wrong = words(house.login(ANNA, "sad")).reply();
    assertEquals(535, wrong.code());
    assertEquals(wrong, words(house.login("nobody@example.org", "fun")).reply());
    assertEquals(wrong, words(house.login("gone@example.org", "fun")).reply());
    assertEquals(wrong, words(house.login(ANNA, "")).reply());
  }

  @Test
  void every_failure_costs_exactly_one_argon2_run() throws Exception {
    house.add("gone@example.org", "fun");
    house.login("gone@example.org", "fun"); // a yes that is remembered
    house.accounts.disable("gone@example.org", "left");
    long before = house.passwords.runs();
    List<String> names =
        List.of(ANNA, "nobody", "nobody@example.org", "\u0007", "gone@example.org");
    int tries = 0;
    for (int round = 0; round < 3; round++) {
      for (String name : names) {
        house.login(name, name.startsWith("gone") ? "fun" : "sad");
        assertEquals(before + ++tries, house.passwords.runs(), name);
      }
    }
  }

  @Test
  void the_dummy_costs_what_a_new_password_costs() throws Exception {
    var none = PreparedPassword.of(Secret.ofUtf8("x")).orElseThrow();
    assertEquals(Passwords.Checked.WRONG, house.passwords.check(none, Optional.empty(), false));
    var material = house.accounts.snapshot().find(ANNA).get().password().get().material();
    assertEquals(House.CHEAP, Argon2id.parse(material.hash()).get().cost());
    assertEquals(new Argon2id.Cost(19_456, 2, 1), Argon2id.Cost.USUAL);
  }

  @Test
  void a_second_login_is_answered_from_memory_and_a_wrong_one_never() throws Exception {
    house.login(ANNA, "fun");
    long before = house.passwords.runs();
    assertEquals("accept", verdict(house.login(ANNA, "fun")));
    assertEquals(before, house.passwords.runs());
    assertEquals("reject badpassword", verdict(house.login(ANNA, "fun ")));
    assertEquals("reject badpassword", verdict(house.login(ANNA, "fun ")));
    assertEquals(before + 2, house.passwords.runs());
  }

  @Test
  void what_memory_holds_still_comes_through_the_gate() throws Exception {
    house.login(ANNA, "fun");
    house.accounts.disable(ANNA, "left");
    assertEquals("reject disabled", verdict(house.login(ANNA, "fun")));
    house.accounts.enable(ANNA);
    assertEquals("accept", verdict(house.login(ANNA, "fun")));
    house.accounts.remove(ANNA, true);
    assertEquals("reject baduser", verdict(house.login(ANNA, "fun")));
  }

  @Test
  void an_old_password_proves_nothing_once_changed() throws Exception {
    house.login(ANNA, "fun");
    assertInstanceOf(
        Outcome.Done.class, house.enrolment.setPassword(ANNA, Secret.ofUtf8("more fun")));
    assertEquals("reject badpassword", verdict(house.login(ANNA, "fun")));
    assertEquals("accept", verdict(house.login(ANNA, "more fun")));
  }

  @Test
  void a_password_is_no_password_of_another_account() throws Exception {
    house.add("bob@example.org", "bobs");
    house.login(ANNA, "fun");
    assertEquals("reject badpassword", verdict(house.login("bob@example.org", "fun")));
  }

  @Test
  void an_expired_password_is_refused_like_a_wrong_one() throws Exception {
    house.login(ANNA, "fun");
    house.accounts.close();
    try (var c = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("heddle.db"));
        var statement = c.createStatement()) {
      statement.execute("UPDATE credential SET expires='2026-11-21T09:00:00Z'");
    }
    try (var again = new House(home)) {
      assertEquals("accept", verdict(again.login(ANNA, "fun")));
      again.now = again.now.plusSeconds(3600);
      Decision late = again.login(ANNA, "fun");
      assertEquals("reject disabled", verdict(late));
      assertEquals(Refusals.WRONG.reply(), words(late).reply());
    }
  }

  @Test
  void a_short_name_means_the_one_account_it_can_mean() throws Exception {
    assertEquals("accept", verdict(house.login("anna", "fun")));
    house.add("anna@example.net", "other");
    assertEquals("reject baduser", verdict(house.login("anna", "fun")));
    house.add("anna", "third");
    assertEquals("accept", verdict(house.login("ANNA", "third")));
    assertEquals("reject badpassword", verdict(house.login("anna", "fun")));
  }

  @Test
  void acting_as_oneself_under_another_spelling_is_allowed() throws Exception {
    assertEquals("accept", verdict(house.login("ANNA", ANNA, "fun", "192.0.2.1")));
  }

  @Test
  void empty_passwords_and_nul_are_refused_even_where_set() throws Exception {
    assertInstanceOf(Outcome.Refused.class, house.enrolment.add("b", Secret.ofUtf8("")));
    assertInstanceOf(Outcome.Refused.class, house.enrolment.add("b", Secret.ofUtf8("a\0b")));
    assertInstanceOf(Outcome.Refused.class, house.enrolment.setPassword(ANNA, Secret.ofUtf8("")));
    assertEquals("reject badpassword", verdict(house.login(ANNA, "")));
    assertEquals("reject badpassword", verdict(house.login(ANNA, "fun\0")));
  }

  @Test
  void one_password_in_two_unicode_spellings_is_one_password() throws Exception {
    house.add("zoe@example.org", "caf\u00e9");
    assertEquals("accept", verdict(house.login("zoe@example.org", "cafe\u0301")));
  }

  @Test
  void a_password_beyond_saslprep_works_by_its_octets_and_has_no_scram_keys() throws Exception {
    byte[] odd = {(byte) 0xff, 'x', 7};
    house.enrolment.add("odd@example.org", Secret.of(odd));
    var claim = new Claim.Password("odd@example.org", "odd@example.org", Secret.of(odd));
    assertEquals("accept", verdict(house.directory.check(claim, House.attempt("192.0.2.1"))));
    var material =
        house.accounts.snapshot().find("odd@example.org").get().password().get().material();
    assertTrue(material.scramSha256().isEmpty() && material.scramSha512().isEmpty());
    house.add("soft@example.org", "\u00ad"); // SASLprep would leave nothing of it
    assertEquals("accept", verdict(house.login("soft@example.org", "\u00ad")));
    house.add("moon@example.org", "\ud83c\udf19 newer than Unicode 3.2");
    assertEquals(
        "accept", verdict(house.login("moon@example.org", "\ud83c\udf19 newer than Unicode 3.2")));
  }

  @Test
  void where_the_workers_are_full_a_login_is_deferred_and_never_refused() throws Exception {
    var held = new CountDownLatch(1);
    try (var workers = new HashWorkers(1, 4, Duration.ofMillis(200));
        var tight = new House(home.resolve("b"), workers, House.CHEAP)) {
      Thread holder = holding(workers, held);
      assertEquals("defer unavailable", verdict(tight.login(ANNA, "fun")));
      assertEquals(454, words(tight.login(ANNA, "fun")).reply().code());
      held.countDown();
      holder.join();
      assertEquals("reject baduser", verdict(tight.login(ANNA, "fun")));
    }
  }

  @Test
  void a_password_changed_while_it_was_being_checked_is_not_accepted() throws Exception {
    var until = new CountDownLatch(1);
    try (var workers = new HashWorkers(1, 4, Duration.ofSeconds(20));
        var one = new House(home.resolve("d"), workers, House.CHEAP)) {
      one.add(ANNA, "fun");
      Thread holder = holding(workers, until);
      var answer = new CompletableFuture<Decision>();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  answer.complete(one.login(ANNA, "fun"));
                } catch (Exception e) {
                  answer.completeExceptionally(e);
                }
              });
      while (workers.waiting() < 1) {
        Thread.sleep(1);
      }
      var anna = one.accounts.snapshot().find(ANNA).orElseThrow();
      one.accounts.setPassword(
          ANNA, anna.id(), one.passwords.newId(), anna.password().get().material());
      until.countDown();
      holder.join();
      assertEquals("reject badpassword", verdict(answer.get()));
      assertEquals("accept", verdict(one.login(ANNA, "fun")), "the material was the same");
    }
  }

  /** Returns when the worker is busy; it stays so until the latch falls. */
  private static Thread holding(HashWorkers workers, CountDownLatch until) throws Exception {
    var busy = new CountDownLatch(1);
    Thread holder =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    workers.run(
                        false,
                        () -> {
                          busy.countDown();
                          until.await();
                          return 1;
                        });
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    busy.await();
    return holder;
  }

  @Test
  void nothing_said_holds_the_password() throws Exception {
    String said = house.login(ANNA, "s3cr3t").toString() + house.login(ANNA, "fun");
    assertFalse(said.contains("s3cr3t") || said.contains("fun"), said);
    assertFalse(
        house.accounts.snapshot().find(ANNA).toString().contains("argon2id"), "material printed");
  }

  /** Each change ends before the next begins; an accept is judged by what was current around it. */
  @Test
  void no_old_password_is_accepted_after_a_change_returned() throws Exception {
    var settled = new AtomicInteger(); // passwords below this number were replaced, durably
    var current = new AtomicInteger(); // passwords up to this number may have been set
    house.enrolment.setPassword(ANNA, Secret.ofUtf8("p0"));
    var over = new AtomicBoolean();
    var lies = new ConcurrentLinkedQueue<String>();
    var accepted = new AtomicInteger();
    var refused = new AtomicInteger();
    List<Future<?>> people = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        int back = i % 2;
        people.add(
            threads.submit(
                () -> {
                  while (!over.get()) {
                    int mine = Math.max(0, current.get() - back);
                    int before = settled.get();
                    String verdict = verdict(house.login(ANNA, "p" + mine));
                    if (verdict.equals("accept")) {
                      accepted.incrementAndGet();
                      if (mine < before) {
                        lies.add("p" + mine + " accepted after p" + before + " was set");
                      }
                    } else {
                      refused.incrementAndGet();
                    }
                  }
                  return null;
                }));
      }
      for (int i = 1; i <= 25; i++) {
        current.set(i);
        house.enrolment.setPassword(ANNA, Secret.ofUtf8("p" + i));
        settled.set(i);
        Thread.sleep(10);
      }
      over.set(true);
      for (Future<?> person : people) {
        person.get();
      }
    }
    assertEquals(List.of(), List.copyOf(lies));
    assertTrue(accepted.get() > 0 && refused.get() > 0, accepted + " and " + refused);
  }

  @Test
  void a_known_and_an_unknown_name_take_like_time() throws Exception {
    var cost = new Argon2id.Cost(4096, 1, 1);
    try (var workers = new HashWorkers(1, 10, Duration.ofSeconds(30));
        var slow = new House(home.resolve("c"), workers, cost)) {
      slow.add(ANNA, "fun");
      List<Long> known = new ArrayList<>();
      List<Long> unknown = new ArrayList<>();
      for (int i = 0; i < 80; i++) { // in turns, so that both meet the same weather
        known.add(nanos(slow, ANNA));
        unknown.add(nanos(slow, "nobody@example.org"));
      }
      double ratio = median(known) / median(unknown);
      assertTrue(ratio > 0.6 && ratio < 1.7, "known / unknown = " + ratio);
    }
  }

  private static long nanos(House house, String name) throws Exception {
    long start = System.nanoTime();
    house.login(name, "wrong");
    return System.nanoTime() - start;
  }

  private static double median(List<Long> times) {
    return times.stream().skip(20).sorted().skip(30).findFirst().orElseThrow();
  }
}
