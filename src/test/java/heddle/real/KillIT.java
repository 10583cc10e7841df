package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A hundred SIGKILLs under a load of 16 clients: what got its 250 comes out. */
class KillIT {
  private static final int KILLS = ServerProcess.kills(100);
  private static final int CLIENTS = 16;
  private static final String TO = "bob@example.net";

  @Test
  void what_got_its_250_comes_out_however_often_the_server_is_killed() throws Exception {
    Set<String> promised = ConcurrentHashMap.newKeySet();
    var sent = new AtomicInteger();
    var random = new Random(4711);
    try (ServerProcess server = ServerProcess.prepare(ServerProcess.CONFIG, Map.of())) {
      for (int kill = 0; kill < KILLS; kill++) {
        server.serve();
        load(server, promised, sent, random.nextInt(20, 400));
      }
      server.serve();
      Map<String, Integer> arrived = awaitAll(server, promised);
      Set<String> lost = new HashSet<>(promised);
      lost.removeAll(arrived.keySet());
      assertEquals(Set.of(), lost, "promised and lost");
      assertTrue(promised.size() > KILLS, "too little was promised: " + promised.size());
      long twice = arrived.values().stream().filter(n -> n > 1).count();
      assertEquals(0, twice, "a message has one file however often it was delivered");
      assertEquals(0, server.stop());
      assertEquals("", server.heddle("", "spool", "list").out(), "everything was delivered");
      System.out.println(
          "kills: %d SIGKILLs, %d messages sent, %d promised, %d arrived, 0 lost"
              .formatted(KILLS, sent.get(), promised.size(), arrived.size()));
    }
  }

  private static void load(
      ServerProcess server, Set<String> promised, AtomicInteger sent, int millis) throws Exception {
    var over = new AtomicBoolean();
    Thread[] clients = new Thread[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      clients[i] = Thread.startVirtualThread(() -> send(server, promised, sent, over));
    }
    // Not before the first promise, or a slow machine would kill servers that did nothing yet.
    int before = promised.size();
    for (int wait = 0; promised.size() == before && wait < 500; wait++) {
      Thread.sleep(10);
    }
    Thread.sleep(millis);
    server.kill();
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }
  }

  private static void send(
      ServerProcess server, Set<String> promised, AtomicInteger sent, AtomicBoolean over) {
    while (!over.get()) {
      try (Client client = new Client(server.port("submissions")).login()) {
        while (true) {
          String token = "token-" + sent.incrementAndGet();
          client.send(
              TO,
              ("Subject: "
                      + token
                      + "\r\n\r\n"
                      + "x".repeat(sent.get() % 50 == 0 ? 400_000 : 300)
                      + "\r\n")
                  .replaceAll("(x{900})", "$1\r\n")
                  .getBytes(StandardCharsets.UTF_8));
          promised.add(token);
        }
      } catch (IOException killed) {
        // The server went away; so does this connection.
      }
    }
  }

  private static Map<String, Integer> awaitAll(ServerProcess server, Set<String> promised)
      throws Exception {
    Map<String, Integer> arrived = new HashMap<>();
    Set<Path> read = new HashSet<>();
    long until = System.nanoTime() + 60_000_000_000L;
    while (System.nanoTime() < until && !arrived.keySet().containsAll(promised)) {
      for (Path file : server.arrived(TO)) {
        if (read.add(file)) {
          String text = Files.readString(file, StandardCharsets.ISO_8859_1);
          int at = text.indexOf("Subject: ") + "Subject: ".length();
          arrived.merge(text.substring(at, text.indexOf("\r\n", at)), 1, Integer::sum);
        }
      }
      Thread.sleep(50);
    }
    return arrived;
  }
}
