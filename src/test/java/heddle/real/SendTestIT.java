package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code send test}: one message, and what became of it, by exit code and in words. */
class SendTestIT {
  private static final String SMARTHOST =
      """
      [route.default]
      to = "smarthost"
      address = "127.0.0.1"
      port = %d
      tls = "none"
      """;

  private static String routed(String route) {
    int from = ServerProcess.CONFIG.indexOf("[route.default]");
    int to = ServerProcess.CONFIG.indexOf("[limit]");
    return ServerProcess.CONFIG.substring(0, from) + route + ServerProcess.CONFIG.substring(to);
  }

  @Test
  void what_is_delivered_is_followed_to_its_end() throws Exception {
    try (ServerProcess server = ServerProcess.prepare(ServerProcess.CONFIG, Map.of())) {
      var early = server.heddle("", "send", "test", "bob@example.net");
      assertEquals(5, early.exit(), early.toString());
      server.serve();
      var sent = server.heddle("", "send", "test", "bob@example.net");
      assertEquals(0, sent.exit(), sent.toString());
      assertTrue(sent.out().contains(ServerProcess.USER + " -> bob@example.net"), sent.out());
      assertTrue(sent.out().contains("accepted") && sent.out().contains("delivered"), sent.out());
      String text = Files.readString(server.arrived("bob@example.net").getFirst());
      assertTrue(text.contains("From: <" + ServerProcess.USER + ">"), text);
      assertTrue(text.contains("Message-ID: <") && text.contains("Date: "), text);
      var json =
          server.heddle("", "send", "test", "bob@example.net", "--from", "x@y.test", "--json");
      assertEquals(0, json.exit(), json.toString());
      assertTrue(json.out().lines().allMatch(l -> l.startsWith("{")), json.out());
      assertEquals(2, server.heddle("", "send", "test", "nobody").exit());
    }
  }

  @Test
  void what_the_other_side_refuses_or_puts_off_is_told_in_its_own_words() throws Exception {
    for (String[] each :
        new String[][] {
          {"550 5.1.1 Nobody here", "1", "failed"}, {"451 4.3.0 Later", "6", "deferred"}
        }) {
      try (var relay =
          heddle.dial.Peer.playing(
              wire -> {
                wire.say("220 relay");
                for (String heard = wire.hear(); heard != null; heard = wire.hear()) {
                  if (heard.startsWith("EHLO")) {
                    wire.say("250 relay");
                  } else if (heard.startsWith("RCPT")) {
                    wire.say(each[0]);
                  } else if (heard.startsWith("QUIT")) {
                    wire.say("221 bye");
                    return;
                  } else if (heard.startsWith("DATA")) {
                    wire.say("503 5.5.1 Nobody to send to");
                  } else {
                    wire.say("250 2.0.0 fine");
                  }
                }
              })) {
        try (ServerProcess server =
            ServerProcess.prepare(routed(SMARTHOST.formatted(relay.port())), Map.of())) {
          server.serve();
          var sent = server.heddle("", "send", "test", "bob@example.net", "--wait", "3");
          assertEquals(Integer.parseInt(each[1]), sent.exit(), sent.toString());
          assertTrue(
              sent.out().contains(each[2]) && sent.out().contains(each[0].substring(4)),
              sent.toString());
        }
      }
    }
  }

  @Test
  void what_a_route_holds_is_said_to_be_held() throws Exception {
    try (ServerProcess server =
        ServerProcess.prepare(routed("[route.default]\nto = \"hold\"\n"), Map.of())) {
      server.serve();
      var sent = server.heddle("", "send", "test", "bob@example.net");
      assertEquals(6, sent.exit(), sent.toString());
      assertTrue(sent.out().contains("held") && sent.out().contains("route is hold"), sent.out());
    }
  }
}
