package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The log of a real server as JSON, from its first line to its last. */
class JsonLogIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** The last line of it is worth a note, which is the first thing that the log tells. */
  private static final String CONFIG =
      ServerProcess.CONFIG
          + """
            [session.auth.errors]
            total = 100
            wait = "1ms"
            [log]
            format = "json"
            [metrics]
            per-user = true
            """;

  private static final List<String> NAMES =
      List.of(
          "x\",\"client\":\"198.51.100.1:25",
          "x\\\",\\\"client\\\":\\\"198.51.100.1:25",
          "client=198.51.100.1:25",
          "zoë",
          "\ud83d\udc0d",
          "\u202egro.elpmaxe@anna",
          "\u2028{\"event\":\"auth-ok\"}",
          "{}");

  @Test
  void every_line_is_one_object_whatever_a_client_calls_itself() throws Exception {
    List<String> lines;
    try (ServerProcess server = ServerProcess.start(CONFIG)) {
      try (Client client = new Client(server.port("submissions"))) {
        client.command("EHLO \"}\\", 250);
        for (String name : NAMES) {
          String words =
              Base64.getEncoder()
                  .encodeToString(("\0" + name + "\0x").getBytes(StandardCharsets.UTF_8));
          client.command("AUTH PLAIN " + words, 535);
        }
      }
      try (Client anna = new Client(server.port("submissions")).login()) {
        byte[] letter =
            ("Message-ID: <\",\"client\":\"198.51.100.1\"@x>\r\nFrom: anna@example.org\r\n\r\nx\r\n")
                .getBytes(StandardCharsets.UTF_8);
        anna.send("carol@example.org", letter);
      }
      server.awaitLog(line -> line.contains("\"event\":\"delivered\""));
      // By another than the one that reads: that one would not read on.
      Tools.run("kill", Long.toString(server.pid()));
      server.awaitLog(line -> line.contains("\"event\":\"stopped\""));
      lines = List.copyOf(server.log());
    }
    List<String> names = new ArrayList<>();
    List<String> events = new ArrayList<>();
    for (String line : lines) {
      JsonNode event = JSON.readTree(line);
      assertTrue(event.isObject(), line);
      assertTrue(event.path("ts").asString().matches("2\\S{9}T[0-9:]{8}\\.\\d{3}Z"), line);
      events.add(event.path("event").asString());
      String client = event.path("client").asString("127.0.0.1:");
      assertTrue(client.startsWith("127.0.0.1:"), line);
      if (event.path("event").asString().equals("auth-failed")) {
        names.add(event.path("user").asString());
      }
    }
    assertEquals(NAMES, names);
    assertEquals("warning", events.getFirst());
    assertEquals("stopped", events.getLast());
    for (String wanted : List.of("started", "auth-ok", "accepted", "delivered", "disconnect")) {
      assertTrue(events.contains(wanted), events.toString());
    }
    assertFalse(lines.getFirst().startsWith("<"), lines.getFirst());
  }
}
