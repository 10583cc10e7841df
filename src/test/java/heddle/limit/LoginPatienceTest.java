package heddle.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Secret;
import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many guesses are held; the innocent beside them are not. Time is simulated. */
class LoginPatienceTest {
  private static final LoginPatience.Rate NETWORK =
      new LoginPatience.Rate(20, Duration.ofMinutes(10));
  private static final LoginPatience.Rate ACCOUNT = new LoginPatience.Rate(50, Duration.ofHours(1));

  private long now;
  private final Set<String> known = new HashSet<>();
  private final LoginPatience patience = patience(List.of());

  private LoginPatience patience(List<Network> exempt) {
    return new LoginPatience(
        new LoginPatience.Settings(NETWORK, ACCOUNT, exempt, 100),
        (ip, account) -> known.contains(ip + " " + account),
        () -> now);
  }

  private static RemoteAddress client(String ip) {
    return new RemoteAddress(InetAddress.ofLiteral(ip), 40_000);
  }

  private void after(Duration time) {
    now += time.toNanos();
  }

  /** "yes", "no", or "held" where nobody looked. */
  private String login(String ip, String account, String password, boolean right)
      throws InterruptedException {
    try (var secret = Secret.ofUtf8(password)) {
      return login(ip, account, Optional.of(secret), right);
    }
  }

  private String login(String ip, String account, Optional<Secret> secret, boolean right)
      throws InterruptedException {
    return switch (patience.enter(client(ip), Optional.of(account), secret)) {
      case LoginPatience.Entry.Held _ -> "held";
      case LoginPatience.Entry.Go(var turn) -> {
        if (right) {
          turn.succeeded();
        } else {
          turn.failed();
        }
        yield right ? "yes" : "no";
      }
    };
  }

  @Test
  void an_office_behind_one_address_is_not_punished_for_one_stale_password() throws Exception {
    office(i -> "203.0.113.7");
  }

  @Test
  void nor_is_one_whose_clients_have_addresses_of_their_own() throws Exception {
    office(i -> "203.0.113." + (10 + i));
  }

  /**
   * Fifty clients for ten minutes, the first of them with an old password, by SCRAM or by PLAIN.
   */
  private void office(java.util.function.IntFunction<String> address) throws Exception {
    for (int second = 0; second < 600; second += 5) {
      // Every five seconds, and in both ways: this is the worst that a mail program does.
      login(address.apply(0), "user0@example.org", "the old one", false);
      login(address.apply(0), "user0@example.org", Optional.empty(), false);
      for (int i = 1; i < 50; i++) {
        // Some begin at once, some come back late in the day.
        if (second >= i * 10 && second % 60 == i % 12 * 5) {
          assertEquals(
              "yes",
              login(address.apply(i), "user" + i + "@example.org", "right " + i, true),
              "client " + i + " at second " + second);
        }
      }
      after(Duration.ofSeconds(5));
    }
  }

  @Test
  void guesses_from_a_hundred_networks_are_held_to_the_rate() throws Exception {
    AtomicInteger looked = new AtomicInteger();
    for (int guess = 0; guess < 10_000; guess++) {
      int network = guess % 100;
      String ip = "198.51." + network + "." + (guess / 100 % 200 + 1);
      if (!login(ip, "user" + guess % 977 + "@example.org", "guess " + guess, false)
          .equals("held")) {
        looked.incrementAndGet();
      }
      after(Duration.ofMillis(50)); // 10 000 in 500 seconds: less than the window
    }
    assertEquals(100 * NETWORK.most(), looked.get());
  }

  @Test
  void guesses_at_one_account_are_held_wherever_they_come_from() throws Exception {
    int looked = 0;
    for (int guess = 0; guess < 1000; guess++) {
      String ip = "10." + guess % 250 + "." + guess / 250 + ".1";
      if (!login(ip, "anna@example.org", "guess " + guess, false).equals("held")) {
        looked++;
      }
      after(Duration.ofSeconds(1));
    }
    assertEquals(ACCOUNT.most(), looked);
    // Its owner, who has been here before, comes in all the same.
    known.add("192.0.2.1 anna@example.org");
    assertEquals("yes", login("192.0.2.1", "anna@example.org", "right", true));
    // And somebody who has not may come again when an hour is over.
    assertEquals("held", login("192.0.2.99", "anna@example.org", "right", true));
    after(Duration.ofHours(1));
    assertEquals("yes", login("192.0.2.99", "anna@example.org", "right", true));
  }

  @Test
  void one_right_password_is_no_leave_to_guess_others() throws Exception {
    assertEquals("yes", login("198.51.100.9", "mallory@example.org", "right", true));
    int looked = 0;
    for (int guess = 0; guess < 500; guess++) {
      if (!login("198.51.100.9", "victim" + guess + "@example.org", "123456", false)
          .equals("held")) {
        looked++;
      }
    }
    assertEquals(NETWORK.most(), looked);
    assertEquals("yes", login("198.51.100.9", "mallory@example.org", "right", true));
  }

  @Test
  void at_an_address_that_somebody_came_from_the_failures_of_its_neighbours_do_not_count()
      throws Exception {
    assertEquals("yes", login("198.51.100.9", "anna@example.org", "right", true));
    for (int guess = 0; guess < 50; guess++) {
      login("198.51.100.66", "victim" + guess + "@example.org", "123456", false);
    }
    assertEquals("held", login("198.51.100.67", "bob@example.org", "right", true));
    assertEquals("yes", login("198.51.100.9", "bob@example.org", "right", true));
  }

  @Test
  void whoever_knows_an_account_does_not_get_to_guess_at_it_for_ever() throws Exception {
    assertEquals("yes", login("198.51.100.9", "anna@example.org", "right", true));
    int looked = 0;
    for (int guess = 0; guess < 100; guess++) {
      if (!login("198.51.100.9", "anna@example.org", "guess " + guess, false).equals("held")) {
        looked++;
      }
    }
    assertEquals(NETWORK.most(), looked);
  }

  @Test
  void nothing_is_remembered_of_those_who_are_exempt() throws Exception {
    LoginPatience lenient = patience(List.of(Network.parse("198.51.100.0/24").orElseThrow()));
    for (int guess = 0; guess < 100; guess++) {
      switch (lenient.enter(client("198.51.100.1"), Optional.of("a"), Optional.empty())) {
        case LoginPatience.Entry.Go(var turn) -> turn.failed();
        case LoginPatience.Entry.Held _ -> throw new AssertionError("held at guess " + guess);
      }
      lenient.failed(client("198.51.100.1"));
    }
    assertEquals(
        Duration.ofSeconds(5), lenient.delay(client("198.51.100.1"), Duration.ofSeconds(5)));
  }

  @Test
  void the_wait_grows_with_the_failures_of_the_network_and_has_a_bound() throws Exception {
    List<Long> waits = new ArrayList<>();
    for (int guess = 0; guess < 20; guess++) {
      login("198.51.100.1", "user" + guess, "x", false);
      waits.add(patience.delay(client("198.51.100.1"), Duration.ofSeconds(5)).toSeconds());
    }
    assertEquals(5L, waits.getFirst());
    assertEquals(List.of(5L, 10L, 20L, 40L, 60L), waits.stream().distinct().toList());
    assertEquals(
        Duration.ofSeconds(5), patience.delay(client("203.0.113.1"), Duration.ofSeconds(5)));
    after(Duration.ofMinutes(11));
    assertEquals(
        Duration.ofSeconds(5), patience.delay(client("198.51.100.1"), Duration.ofSeconds(5)));
  }

  @Test
  void a_crowd_of_guesses_at_one_moment_is_held_like_one_after_the_other() throws Exception {
    var looked = new AtomicInteger();
    var start = new CountDownLatch(1);
    List<Thread> guessers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String account = "user" + i;
      guessers.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  start.await();
                  var entry =
                      patience.enter(
                          client("198.51.100.1"), Optional.of(account), Optional.empty());
                  if (entry instanceof LoginPatience.Entry.Go(var turn)) {
                    looked.incrementAndGet();
                    Thread.sleep(50);
                    turn.failed();
                  }
                } catch (InterruptedException stopped) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    start.countDown();
    for (Thread guesser : guessers) {
      guesser.join();
    }
    assertEquals(NETWORK.most(), looked.get());
  }

  @Test
  void a_crowd_of_right_passwords_waits_for_one_another_and_comes_in() throws Exception {
    var in = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String account = "user" + i;
      clients.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  var entry =
                      patience.enter(
                          client("198.51.100.1"), Optional.of(account), Optional.empty());
                  if (entry instanceof LoginPatience.Entry.Go(var turn)) {
                    Thread.sleep(20);
                    turn.succeeded();
                    in.incrementAndGet();
                  }
                } catch (InterruptedException stopped) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    for (Thread each : clients) {
      each.join();
    }
    assertEquals(60, in.get());
  }

  @Test
  void only_so_many_are_kept_waiting() throws Exception {
    var few =
        new LoginPatience(
            new LoginPatience.Settings(NETWORK, ACCOUNT, List.of(), 2), (_, _) -> false);
    var resting = new CountDownLatch(2);
    List<Thread> sleepers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      sleepers.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  resting.countDown();
                  few.rest(Duration.ofSeconds(30));
                } catch (InterruptedException woken) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    resting.await();
    while (few.resting() < 2) {
      Thread.sleep(5);
    }
    assertFalse(few.rest(Duration.ofSeconds(30)));
    sleepers.forEach(Thread::interrupt);
    for (Thread sleeper : sleepers) {
      sleeper.join();
    }
    assertTrue(few.rest(Duration.ofMillis(1)));
  }
}
