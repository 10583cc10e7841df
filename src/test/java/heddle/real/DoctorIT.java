package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.control.Receiver;
import heddle.dial.Papers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The doctor of a real server, with the troubles that servers have. */
class DoctorIT {
  private static final byte[] TEXT = "Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String OWN_CERTIFICATE =
      """
      [tls]
      certificate = "server.crt"
      key = "server.key"
      """;

  private static ServerProcess prepare(String more) throws Exception {
    return ServerProcess.prepare(ServerProcess.CONFIG + more, Map.of());
  }

  private static Path certificate(ServerProcess server) {
    return server.home().resolve("etc/server.crt");
  }

  private static Path key(ServerProcess server) {
    return server.home().resolve("etc/server.key");
  }

  private static void certify(ServerProcess server, Duration life) throws Exception {
    Papers.of("mail.example.org", life).write(certificate(server), key(server));
    Files.setPosixFilePermissions(key(server), PosixFilePermissions.fromString("rw-------"));
  }

  private static void says(ServerProcess.Result result, int exit, String check, String... words) {
    assertEquals(exit, result.exit(), result.toString());
    String line =
        result.out().lines().filter(l -> l.startsWith(check + "\t")).findFirst().orElse("");
    for (String word : words) {
      assertTrue(line.contains(word), result.toString());
    }
  }

  @Test
  void a_stopped_server_is_an_error_and_what_needs_none_is_looked_at_all_the_same()
      throws Exception {
    try (ServerProcess server = prepare("")) {
      var stopped = server.heddle("", "doctor");
      says(stopped, 11, "server", "ERR", "no server runs here", "heddle serve");
      says(stopped, 11, "disk", "\tok\t");
      says(stopped, 11, "clock", "\t");
    }
  }

  @Test
  void a_new_server_is_told_of_its_certificate_and_backup_and_of_nothing_twice() throws Exception {
    try (ServerProcess server = prepare("")) {
      server.serve();
      var first = server.heddle("", "doctor", "--json");
      assertEquals(10, first.exit(), first.toString());
      assertTrue(
          first.out().lines().allMatch(l -> l.startsWith("{\"check\":") && l.contains("\"v\":1")),
          first.toString());
      var table = server.heddle("", "doctor");
      says(table, 10, "cert", "WARN", "self-signed");
      says(table, 10, "backup", "WARN", "no backup yet");
      says(table, 10, "listen.submission", "\tok\t", "TLSv1.3");
      says(table, 10, "submit", "\tok\t", "a login was accepted");
      says(table, 10, "names", "\tok\t");
      assertEquals(10, server.heddle("", "doctor", "--changed").exit());
      var again = server.heddle("", "doctor", "--changed");
      assertEquals(0, again.exit(), again.toString());
      assertEquals("", again.out());
      assertTrue(server.log().stream().noneMatch(l -> l.contains("auth-failed")));
      assertEquals("", server.heddle("", "login").out());
    }
  }

  @Test
  void a_certificate_that_has_ended_and_one_that_was_renewed_and_is_not_served_are_errors()
      throws Exception {
    try (ServerProcess server = prepare(OWN_CERTIFICATE)) {
      certify(server, Duration.ofDays(-3));
      server.serve();
      says(server.heddle("", "doctor"), 11, "cert", "ERR", "ended", "clients refuse it");
      certify(server, Duration.ofDays(90));
      server.awaitLog(l -> l.contains("certificate name=") && l.contains("expires="));
      Tools.await(
          "the new certificate",
          Duration.ofSeconds(30),
          () -> server.heddle("", "doctor").exit() == 10 ? "" : null);
      says(server.heddle("", "doctor"), 10, "cert", "\tok\t", "handshake checked");

      // As some tools leave it: the certificate is new, its key is still the old one.
      Path otherKey = server.home().resolve("etc/other.key");
      Papers.of("mail.example.org", Duration.ofDays(90)).write(certificate(server), otherKey);
      says(server.heddle("", "doctor"), 11, "cert", "ERR", "stays in force", "cert reload");
    }
  }

  @Test
  void a_message_that_is_stuck_for_two_days_is_an_error() throws Exception {
    try (ServerProcess server = prepare("")) {
      Path mail = server.home().resolve("var/mail");
      Files.writeString(mail, "in the way");
      server.serve();
      String id;
      try (Client client = new Client(server.port("submissions")).login()) {
        id = client.send("bob@example.net", TEXT).replaceAll(".* ", "");
      }
      server.awaitLog(l -> l.contains(id + ": deferred"));
      says(server.heddle("", "doctor"), 10, "queue", "\tok\t", "1 wait");
      assertEquals(0, server.stop());
      Path json = server.home().resolve("var/spool/mail/" + id + ".json");
      String then = Instant.now().minus(Duration.ofDays(2)).toString();
      String old =
          Files.readString(json)
              .replaceFirst("\"accepted\"\\s*:\\s*\"[^\"]+\"", "\"accepted\":\"" + then + "\"");
      Files.writeString(json, old);
      server.serve();
      says(server.heddle("", "doctor"), 11, "queue", "ERR", id, "bob@example.net", "451", "2 d");
    }
  }

  @Test
  void with_a_full_disk_alerts_leave_within_a_minute_and_the_heart_stops() throws Exception {
    Assumptions.assumeTrue(Tools.isRoot(), "only root can mount a small disk");
    try (Receiver receiver = Receiver.open()) {
      Path script = Files.createTempFile("alert", ".sh");
      Path out = Files.createTempFile("alert", ".out");
      Files.writeString(
          script, "#!/bin/sh\necho \"$HEDDLE_ALERT_STATE $HEDDLE_ALERT_CHECK\" >>" + out);
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      try (ServerProcess server =
          prepare(
              """
              [alert]
              exec = ["%s"]
              webhook = "%s"
              heartbeat = "%s"
              interval = "2s"
              """
                  .formatted(script, receiver.url(), receiver.url()))) {
        Path var = server.home().resolve("var");
        Path aside = server.home().resolve("aside");
        Files.move(var, aside);
        Files.createDirectory(var);
        Tools.run("mount", "-t", "tmpfs", "-o", "size=300m,mode=700", "tmpfs", var.toString());
        try {
          Tools.run("cp", "-a", aside + "/.", var.toString());
          server.serve();
          // A disk of 300 MiB is a warning from the beginning, and no error.
          assertEquals(
              "WARN", receiver.next("disk", Duration.ofSeconds(60)).path("state").asString(""));
          Tools.await(
              "a heartbeat",
              Duration.ofSeconds(60),
              () -> receiver.all().contains("GET ") ? "" : null);
          Tools.run(
              "sh", "-c", "cat /dev/zero > " + var.resolve("filler") + " 2>/dev/null || true");
          assertEquals(
              "ERR", receiver.next("disk", Duration.ofSeconds(60)).path("state").asString(""));
          says(server.heddle("", "doctor"), 11, "disk", "ERR");
          Tools.await(
              "the program's alert",
              Duration.ofSeconds(60),
              () -> Files.readString(out).contains("ERR disk") ? "" : null);
          receiver.all();
          // Two intervals later the heart has not beaten; then there is room again.
          Thread.sleep(5000);
          assertTrue(!receiver.all().contains("GET "));
          Files.delete(var.resolve("filler"));
          assertEquals(
              "WARN", receiver.next("disk", Duration.ofSeconds(60)).path("state").asString(""));
          Tools.await(
              "another heartbeat",
              Duration.ofSeconds(60),
              () -> receiver.all().contains("GET ") ? "" : null);
          server.stop();
        } finally {
          server.kill();
          Tools.run("umount", "-l", var.toString());
        }
      } finally {
        Files.delete(script);
        Files.delete(out);
      }
    }
  }

  @Test
  void a_receiver_that_was_away_gets_its_alert_later() throws Exception {
    int port = Tools.freePort();
    String config = "[alert]\nwebhook = \"http://127.0.0.1:" + port + "/x\"\ninterval = \"1s\"\n";
    try (ServerProcess server = prepare(config)) {
      server.serve();
      server.awaitLog(l -> l.contains("did not leave by webhook"));
      try (Receiver receiver = Receiver.open(port)) {
        var alert = receiver.next("backup", Duration.ofSeconds(60));
        assertEquals("no backup yet", alert.path("says").asString(""));
        assertEquals("mail.example.org", alert.path("host").asString(""));
      }
    }
  }
}
