package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** All have their 250 before the user is disabled. */
  @Test
  void what_waits_and_is_being_tried_is_held() throws Exception {
    int loose = 0;
    int all = 0;
    for (int round = 0; round < 5; round++) {
      try (TestServer server = TestServer.start("")) {
        Path mail = server.home().var().resolve("mail");
        Files.writeString(mail, "in the way");
        try (Visitor visitor = Visitor.named(server, "client.example")) {
          visitor.plain(ANNA, "correct horse");
          for (int i = 0; i < 30; i++) {
            visitor.ask("MAIL FROM:<" + ANNA + ">");
            visitor.ask("RCPT TO:<x@example.net>");
            visitor.ask("DATA");
            visitor.say("Subject: spam", "", "spam");
            assertEquals("250", visitor.ask(".").substring(0, 3));
            all++;
          }
          System.out.println(
              TestHome.ask(server.heddle(), "user.disable", Map.of("address", ANNA)).rows());
        }
        Thread.sleep(500);
        for (Map<String, Object> row : TestHome.ask(server.heddle(), "queue.list").rows()) {
          loose += row.get("next").equals("held") ? 0 : 1;
        }
      }
    }
    assertEquals(0, loose, "of " + all);
  }

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
  void a_block_that_comes_while_a_client_connects_shuts_it_out() throws Exception {
    int inside = 0;
    try (TestServer server = TestServer.start("")) {
      for (int round = 0; round < 150; round++) {
        List<Visitor> visitors = new ArrayList<>();
        Thread block =
            Thread.ofPlatform()
                .start(
                    () ->
                        TestHome.ask(server.heddle(), "block.add", Map.of("subject", "127.0.0.1")));
        for (int i = 0; i < 20; i++) {
          visitors.add(Visitor.at(server, "submission"));
        }
        block.join();
        Thread.sleep(60);
        for (Visitor visitor : visitors) {
          try {
            String banner = visitor.hear();
            if (banner.startsWith("220") && visitor.ask("NOOP").startsWith("250")) {
              inside++;
            }
          } catch (java.io.IOException gone) {
            // as it should be
          }
          visitor.close();
        }
        TestHome.ask(server.heddle(), "block.remove", Map.of("subject", "127.0.0.1"));
      }
    }
    assertEquals(0, inside, "sessions of a blocked address that go on");
  }

  @Test
  void the_history_survives_that_its_file_is_taken_away() throws Exception {
    try (TestServer server = TestServer.start("")) {
      try (Visitor visitor = Visitor.named(server, "client.example")) {
        visitor.plain(ANNA, "correct horse");
      }
      TestHome.ask(server.heddle(), "login.list");
      Path file = server.home().var().resolve("events.db");
      for (String end : List.of("", "-wal", "-shm")) {
        Files.deleteIfExists(Path.of(file + end));
      }
      try (Visitor visitor = Visitor.named(server, "client.example")) {
        visitor.plain(ANNA, "correct horse");
      }
      System.out.println(TestHome.ask(server.heddle(), "login.list"));
      assertTrue(Files.exists(file), "what is told from now on is nowhere");
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
