package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What waits can be seen, held, released, tried and dropped, with the server and without it. */
class QueueIT {
  private static final byte[] TEXT = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);

  @Test
  void a_message_that_cannot_be_delivered_waits_and_arrives_when_the_trouble_is_over()
      throws Exception {
    try (ServerProcess server = ServerProcess.prepare(ServerProcess.CONFIG, java.util.Map.of())) {
      Path mail = server.home().resolve("var/mail");
      Files.writeString(mail, "in the way");
      server.serve();
      String id = send(server);
      server.awaitLog(line -> line.contains(id + ": deferred"));
      String listed = server.heddle("", "queue", "list").out();
      assertTrue(listed.contains(id) && listed.contains("451 4.2.0"), listed);
      assertTrue(server.heddle("", "queue", "show", id.substring(0, 5)).out().contains("pending"));

      assertEquals(0, server.heddle("", "queue", "hold", id, "--reason", "wait").exit());
      assertTrue(server.heddle("", "queue", "list").out().contains("wait"));
      Files.delete(mail);
      assertEquals(4, server.heddle("", "queue", "retry", id).exit());
      assertEquals(0, server.arrived("bob@example.net").size(), "held is held");
      assertEquals(0, server.heddle("", "queue", "release", id).exit());
      assertEquals(0, server.heddle("", "queue", "retry", id).exit());
      server.awaitLog(line -> line.contains(id + ": delivered"));
      assertEquals(1, server.arrived("bob@example.net").size());
      assertEquals("", server.heddle("", "queue", "list").out());
      assertEquals(3, server.heddle("", "queue", "show", id).exit());
    }
  }

  @Test
  void what_is_on_hold_survives_a_stop_and_can_be_dropped_without_a_server() throws Exception {
    try (ServerProcess server =
        ServerProcess.prepare(
            ServerProcess.CONFIG.replace("to = \"maildir\"\npath = \"var/mail\"", "to = \"hold\""),
            java.util.Map.of())) {
      server.serve();
      String first = send(server);
      String second = send(server);
      assertEquals(0, server.stop());
      assertTrue(server.heddle("", "spool", "list").out().contains(first));
      assertTrue(server.heddle("", "spool", "cat", first).out().endsWith("\r\n\r\nx\r\n"));
      assertEquals(0, server.heddle("", "spool", "check").exit());
      Path export = server.home().resolve("export");
      assertEquals(0, server.heddle("", "spool", "export", export.toString()).exit());
      assertTrue(Files.exists(export.resolve(second + ".eml")));
      assertEquals(4, server.heddle("", "queue", "drop", first).exit());
      assertEquals(0, server.heddle("", "queue", "drop", first, "--yes").exit());
      String left = server.heddle("", "queue", "list").out();
      assertTrue(left.contains(second) && !left.contains(first), left);
      server.serve();
      assertTrue(server.heddle("", "queue", "list").out().contains(second));
    }
  }

  private static String send(ServerProcess server) throws Exception {
    try (Client client = new Client(server.port("submissions")).login()) {
      return client.send("bob@example.net", TEXT).replaceAll(".* ", "");
    }
  }
}
