package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Two hundred SIGKILLs in the midst of delivery to a smarthost: each message that got its 250 comes
 * out, or its sender has a report; twice only where the smarthost's answer died with us.
 */
class DeliveryKillIT {
  private static final int KILLS = ServerProcess.kills(200);
  private static final int CLIENTS = 6;

  /**
   * An answer is on the disk within this time, or the kill came first; and what was on its way when
   * we were killed is taken a moment later.
   */
  private static final long IN_DOUBT = TimeUnit.SECONDS.toNanos(1);

  private static final Pattern SUBJECT = Pattern.compile("\r\nSubject: (token-\\d+)\r\n");

  private final Map<String, String> promised = new ConcurrentHashMap<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final List<Long> kills = new ArrayList<>();

  private static String config(int port) {
    return ServerProcess.CONFIG.replace(
        "[route.default]\nto = \"maildir\"\npath = \"var/mail\"",
        """
        [queue]
        retry = ["1s", "2s"]
        [route.reports]
        if = "recipient-domain"
        eq = "example.org"
        to = "maildir"
        path = "var/mail"
        [route.default]
        to = "smarthost"
        address = "127.0.0.1"
        port = %d
        tls = "none"
        connections = 8"""
            .formatted(port));
  }

  @Test
  void what_got_its_250_comes_out_or_its_sender_is_told() throws Exception {
    var random = new Random(1711);
    try (SmtpSink sink = new SmtpSink(20);
        ServerProcess server = ServerProcess.prepare(config(sink.port()), Map.of())) {
      for (int kill = 0; kill < KILLS; kill++) {
        server.serve();
        load(server, random.nextInt(10, 250));
      }
      server.serve();
      Set<String> missing = awaitAll(server, sink);
      assertEquals(Set.of(), missing, "promised and lost");
      assertTrue(promised.size() > 2 * KILLS, "too little was promised: " + promised.size());
      int twice = 0;
      for (var each : sink.accepted().entrySet()) {
        List<Long> times = each.getValue().stream().sorted().toList();
        for (int i = 0; i + 1 < times.size(); i++) {
          twice++;
          long at = times.get(i);
          long next = times.get(i + 1);
          assertTrue(
              kills.stream().anyMatch(k -> k > at - IN_DOUBT && k < next),
              each.getKey() + " came twice, and no kill stands behind it: " + times);
        }
      }
      // What was kept and whose 250 was never heard is delivered, too, and may be due later.
      Tools.await(
          "an empty queue",
          Duration.ofMinutes(2),
          () -> server.heddle("", "queue", "list").out().isBlank() ? true : null);
      assertEquals(0, server.stop());
      assertEquals("", server.heddle("", "spool", "list").out(), "everything was delivered");
      System.out.println(
          "delivery: %d SIGKILLs, %d messages sent, %d promised, %d handed on, %d reported, 0 lost, %d twice (answer lost)"
              .formatted(
                  KILLS,
                  sent.get(),
                  promised.size(),
                  sink.accepted().size(),
                  reported(server).size(),
                  twice));
    }
  }

  private void load(ServerProcess server, int millis) throws Exception {
    var over = new AtomicBoolean();
    Thread[] clients = new Thread[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      clients[i] = Thread.startVirtualThread(() -> send(server, over));
    }
    int before = promised.size();
    for (int wait = 0; promised.size() == before && wait < 500; wait++) {
      Thread.sleep(10);
    }
    Thread.sleep(millis);
    server.kill();
    kills.add(System.nanoTime());
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }
  }

  private void send(ServerProcess server, AtomicBoolean over) {
    while (!over.get()) {
      try (Client client = new Client(server.port("submissions")).login()) {
        while (!over.get()) {
          int number = sent.incrementAndGet();
          String token = "token-" + number;
          String kind = number % 7 == 0 ? "no-" : number % 5 == 0 ? "later-" : "yes-";
          String to = kind + number + "@example.net";
          String text = "Subject: " + token + "\r\n\r\n" + "x".repeat(300) + "\r\n";
          client.send(to, text.getBytes(StandardCharsets.US_ASCII));
          promised.put(token, to);
          Thread.sleep(3); // it is delivery that is to be hit
        }
      } catch (IOException killed) {
        // The server went away; so does this connection.
      } catch (InterruptedException never) {
        return;
      }
    }
  }

  private Set<String> awaitAll(ServerProcess server, SmtpSink sink) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Set<String> missing = missing(server, sink);
    while (System.nanoTime() < until && !missing.isEmpty()) {
      Thread.sleep(200);
      missing = missing(server, sink);
    }
    return missing;
  }

  private Set<String> missing(ServerProcess server, SmtpSink sink) throws Exception {
    Set<String> missing = new HashSet<>();
    Set<String> reported = reported(server).keySet();
    promised.forEach(
        (token, to) -> {
          boolean there =
              to.startsWith("no-")
                  ? reported.contains(token)
                  : sink.accepted().containsKey(token + " " + to);
          if (!there) {
            missing.add(token + " to " + to);
          }
        });
    return missing;
  }

  private final Map<Path, String> read = new HashMap<>();

  /** By subject of what could not be delivered, how many reports there are. */
  private Map<String, Integer> reported(ServerProcess server) throws Exception {
    Map<String, Integer> reported = new HashMap<>();
    for (Path file : server.arrived(ServerProcess.USER)) {
      String token = read.get(file);
      if (token == null) {
        Matcher subject = SUBJECT.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        token = subject.find() ? subject.group(1) : "none";
        read.put(file, token);
      }
      reported.merge(token, 1, Integer::sum);
    }
    return reported;
  }
}
