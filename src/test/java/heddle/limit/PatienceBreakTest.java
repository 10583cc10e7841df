package heddle.limit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Secret;
import heddle.peer.RemoteAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sequences by which somebody gets more looks than the rate. */
class PatienceBreakTest {
  private long now;
  private final LoginPatience patience =
      new LoginPatience(
          new LoginPatience.Settings(
              new LoginPatience.Rate(20, Duration.ofMinutes(10)),
              new LoginPatience.Rate(50, Duration.ofHours(1)),
              List.of(),
              100),
          (ip, account) -> false,
          () -> now);

  private boolean looked(String ip, String account, String password, boolean right)
      throws InterruptedException {
    var client = new RemoteAddress(InetAddress.ofLiteral(ip), 40_000);
    try (var secret = Secret.ofUtf8(password)) {
      return switch (patience.enter(client, Optional.of(account), Optional.of(secret))) {
        case LoginPatience.Entry.Held _ -> false;
        case LoginPatience.Entry.Go(var turn) -> {
          if (right) {
            turn.succeeded();
          } else {
            turn.failed();
          }
          yield true;
        }
      };
    }
  }

  /** One who has an account of their own, and a /64 as every home has. */
  @Test
  void whoever_has_an_account_does_not_get_a_rate_for_each_address_of_their_network()
      throws Exception {
    int looks = 0;
    for (int i = 1; i <= 500; i++) {
      String ip = "2001:db8::" + Integer.toHexString(i);
      looked(ip, "mallory@example.org", "my own", true);
      for (int guess = 0; guess < 20; guess++) {
        looks +=
            looked(ip, "user" + (i * 20 + guess) + "@example.org", "Spring2026", false) ? 1 : 0;
      }
    }
    assertTrue(looks <= 40, looks + " looks from one /64 in no time at all, where the rate is 20");
  }

  /** The same without an account: held names cost memory. */
  @Test
  void names_that_are_not_even_looked_at_leave_nothing_behind() throws Exception {
    int looks = 0;
    // 50 guesses fill anna; then many made-up names from one network that is held.
    for (int i = 0; i < 60; i++) {
      looks += looked("198.51." + i + ".7", "anna@example.org", "guess " + i, false) ? 1 : 0;
    }
    assertTrue(looks == 50, looks + " looks");
    for (int i = 0; i < 400_000; i++) {
      looked("203.0.113.9", "nobody" + i + "@example.org", "x", false);
    }
    for (int i = 60; i < 120; i++) {
      looks += looked("198.51." + i + ".7", "anna@example.org", "guess " + i, false) ? 1 : 0;
    }
    assertTrue(looks == 50, looks + " looks at anna within her window, where the rate is 50");
  }
}
