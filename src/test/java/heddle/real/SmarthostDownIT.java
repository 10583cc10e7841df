package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A smarthost that is away for a while costs a while, and nothing else. */
class SmarthostDownIT {
  private static final int MESSAGES = 300;
  private static final int CLIENTS = 4;

  /** No step of the schedule comes while the test lasts. */
  private static String config(int port) {
    return ServerProcess.CONFIG.replace(
        "[route.default]\nto = \"maildir\"\npath = \"var/mail\"",
        """
        [queue]
        retry = ["1h"]
        [route.default]
        to = "smarthost"
        address = "127.0.0.1"
        port = %d
        tls = "none\""""
            .formatted(port));
  }

  @Test
  void all_that_was_accepted_meanwhile_goes_out_when_it_is_back() throws Exception {
    int port = Tools.freePort();
    try (ServerProcess server = ServerProcess.prepare(config(port), Map.of())) {
      List<String> log = new ArrayList<>();
      server.serve();
      long began = System.nanoTime();
      send(server, 0, MESSAGES / 2);
      restart(server, log);
      send(server, MESSAGES / 2, MESSAGES);
      // And once more, so that nothing new comes to try the way.
      restart(server, log);
      // The one that looks whether the smarthost is there is on hold: another has to do it.
      String line = server.awaitLog(l -> l.contains(": deferred "));
      String held = line.replaceFirst("[^ ]* ", "").replaceFirst(": .*", "");
      assertEquals(0, server.heddle("", "queue", "hold", held).exit(), line);
      double down = seconds(began);
      try (Sink sink = new Sink(port, List.of())) {
        long back = System.nanoTime();
        await(sink, MESSAGES - 1);
        double took = seconds(back);
        assertEquals(0, server.heddle("", "queue", "release", held).exit());
        assertEquals(0, server.heddle("", "queue", "retry", held).exit());
        Map<String, Integer> tokens = await(sink, MESSAGES);
        server.awaitLog(l -> count(server.log(), ": delivered ") == MESSAGES);
        log.addAll(server.log());
        System.out.printf(
            "smarthost down: %d messages accepted in %.1f s of absence and two restarts;"
                + " %d attempts; delivered %.1f s behind the return, over %d connections%n",
            MESSAGES,
            down,
            count(log, ": deferred ") + count(log, ": delivered "),
            took,
            sink.connections());
        assertTrue(tokens.values().stream().allMatch(n -> n == 1), tokens::toString);
        assertEquals("", server.heddle("", "queue", "list").out());
        // One each while it was away, one each when it was back, and some to see whether it was.
        assertTrue(count(log, ": deferred ") < MESSAGES + 30, "too many attempts");
      }
    }
  }

  private static Map<String, Integer> await(Sink sink, int messages) throws Exception {
    return Tools.await(
        messages + " messages",
        Duration.ofSeconds(60),
        () -> {
          Map<String, Integer> there = SinkIT.tokens(sink.transactions());
          return there.size() < messages ? null : there;
        });
  }

  private static void restart(ServerProcess server, List<String> log) throws Exception {
    assertEquals(0, server.stop());
    log.addAll(server.log());
    server.serve();
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static long count(List<String> log, String words) {
    return log.stream().filter(l -> l.contains(words)).count();
  }

  private static void send(ServerProcess server, int from, int to) throws Exception {
    var next = new AtomicInteger(from);
    var accepted = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int c = 0; c < CLIENTS; c++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                try (Client client = new Client(server.port("submissions")).login()) {
                  for (int i = next.getAndIncrement(); i < to; i = next.getAndIncrement()) {
                    client.send("bob@example.net", Letter.plain("token-" + i).sent());
                    accepted.incrementAndGet();
                  }
                } catch (Exception trouble) {
                  throw new IllegalStateException(trouble);
                }
              }));
    }
    for (Thread each : threads) {
      each.join();
    }
    assertEquals(to - from, accepted.get(), "each got its 250");
  }
}
