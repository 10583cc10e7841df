package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BreakIn2Test {
  private static final String ANNA = "anna@example.org";

  /** The short name and the long one are one account. */
  @Test
  void an_account_has_one_rate_by_whatever_name() throws Exception {
    String config =
        """
        [limit.login]
        failures-per-account = "10/1h"
        failures-per-network = "100/1h"
        """;
    try (TestServer server = TestServer.start(config)) {
      int looks = 0;
      for (int i = 0; i < 40; i++) {
        try (Visitor visitor = Visitor.named(server, "client.example")) {
          String reply = visitor.plain(i % 2 == 0 ? ANNA : "anna", "guess " + i);
          looks += reply.startsWith("535") ? 1 : 0;
        }
      }
      assertEquals(10, looks, "looks at one account");
    }
  }

  /** A mechanism that somebody else speaks: the hook here, Dovecot elsewhere. */
  @Test
  void a_mechanism_that_is_not_ours_is_held_to_the_rates_too() throws Exception {
    String hook =
        """
        import static heddle.hook.Decisions.*;
        import heddle.hook.*;
        public class Site implements AuthHook {
          public Decision auth(AuthAttempt attempt) {
            return attempt.state() == 0 ? reply("Code?") : reject();
          }
        }
        """;
    String config =
        """
        [session.auth]
        mechanisms = ["X-SITE"]
        hook = "Site"
        [limit.login]
        failures-per-network = "20/1h"
        """;
    try (TestServer server = TestServer.start(config, Map.of("etc/hooks/Site.java", hook));
        ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      int many = 90;
      var ready = new CountDownLatch(many);
      List<Future<String>> replies = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        replies.add(
            pool.submit(
                () -> {
                  try (Visitor visitor = Visitor.named(server, "client.example")) {
                    String asked = visitor.ask("AUTH X-SITE");
                    ready.countDown();
                    ready.await(20, TimeUnit.SECONDS);
                    return asked.startsWith("334") ? visitor.answer("guess") : asked;
                  }
                }));
      }
      int looks = 0;
      for (Future<String> reply : replies) {
        looks += reply.get().startsWith("535") ? 1 : 0;
      }
      assertTrue(looks <= 20, looks + " looks, where the rate is 20");
    }
  }

  @Test
  void a_flood_of_long_names_does_not_fill_the_disk() throws Exception {
    try (TestServer server = TestServer.start("")) {
      String name = "x".repeat(8000);
      for (int i = 0; i < 30; i++) {
        try (Visitor visitor = Visitor.named(server, "client.example")) {
          visitor.plain(name + i, "guess");
        }
      }
      var rows = TestHome.ask(server.heddle(), "login.list").rows();
      assertTrue(
          String.valueOf(rows.getFirst().get("user")).length() < 1000,
          rows.size()
              + " entries, each with a name of "
              + String.valueOf(rows.getFirst().get("user")).length());
    }
  }
}
