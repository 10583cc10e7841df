package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Sixteen messages of 25 MB at once in a heap of 128 MiB, while 500 idle clients are held. */
class MemoryIT {
  private static final int IDLE = 500;
  private static final int AT_ONCE = 16;
  private static final int SIZE = 24_900_000;

  @Test
  void a_message_is_streamed_however_large_it_is() throws Exception {
    try (ServerProcess server =
        ServerProcess.prepare(ServerProcess.CONFIG, Map.of("HEDDLE_JAVA_OPTS", "-Xmx128m"))) {
      server.serve();
      List<Client> idle = new ArrayList<>();
      for (int i = 0; i < IDLE; i++) {
        idle.add(new Client(server.port("submissions")).login());
      }
      byte[] text = text();
      long[] peak = {0};
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Thread watch = Thread.startVirtualThread(() -> watch(server.pid(), peak));
        List<Callable<String>> work = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          work.add(() -> send(server, text));
        }
        for (Future<String> done : threads.invokeAll(work)) {
          done.get();
        }
        watch.interrupt();
        watch.join();
      }
      for (Client client : idle) {
        client.command("NOOP", 250);
        client.close();
      }
      long until = System.nanoTime() + 60_000_000_000L;
      while (server.arrived("bob@example.net").size() < AT_ONCE && System.nanoTime() < until) {
        Thread.sleep(50);
      }
      assertEquals(AT_ONCE, server.arrived("bob@example.net").size());
      for (Path file : server.arrived("bob@example.net")) {
        assertEquals(SIZE, body(file));
      }
      System.out.println(
          "memory: %d messages of %d octets at once under -Xmx128m with %d idle TLS connections: peak PSS %d MiB"
              .formatted(AT_ONCE, SIZE, IDLE, peak[0] / 1024));
    }
  }

  private static String send(ServerProcess server, byte[] text) throws Exception {
    try (Client client = new Client(server.port("submissions")).login()) {
      return client.send("bob@example.net", text);
    }
  }

  private static byte[] text() {
    var text = new StringBuilder("Subject: large\r\n\r\n");
    while (text.length() < SIZE - 1000) {
      text.append("0123456789abcdef".repeat(61)).append("\r\n");
    }
    text.repeat("y", SIZE - text.length() - 2).append("\r\n");
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** The octets that were sent: all but the header lines that were added. */
  private static long body(Path file) throws Exception {
    byte[] there = Files.readAllBytes(file);
    String head = new String(there, 0, 2000, StandardCharsets.ISO_8859_1);
    return there.length - head.indexOf("\r\n\r\n") + "Subject: large".length();
  }

  private static void watch(long pid, long[] peak) {
    try {
      while (true) {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
          if (line.startsWith("Pss:")) {
            peak[0] = Math.max(peak[0], Long.parseLong(line.replaceAll("\\D", "")));
          }
        }
        Thread.sleep(50);
      }
    } catch (InterruptedException | java.io.IOException over) {
      // Enough was seen.
    }
  }
}
