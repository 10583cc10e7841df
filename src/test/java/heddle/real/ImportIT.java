package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Users of a Dovecot move in: their hashes by the real doveadm, their logins by the real server.
 */
class ImportIT {
  private static final String WORD = "correct horse Z\u00e4une ";
  private static final List<String> SCHEMES =
      List.of(
          "BLF-CRYPT",
          "SHA256-CRYPT",
          "SHA512-CRYPT",
          "SSHA",
          "SSHA256.HEX",
          "SSHA512",
          "PBKDF2",
          "ARGON2I",
          "ARGON2ID",
          "PLAIN");

  private static Map<String, String> made() throws Exception {
    Map<String, String> users = new LinkedHashMap<>();
    for (String scheme : SCHEMES) {
      String user = scheme.toLowerCase(java.util.Locale.ROOT).replace('.', '-');
      String hash = Tools.run("doveadm", "pw", "-s", scheme, "-p", WORD).replaceAll("\\R$", "");
      users.put(user + "@example.org", user + ":" + hash + ":1000:1000::/home/" + user);
    }
    return users;
  }

  /** How many accounts have our hash, and keys for SCRAM beside it. */
  private static Integer ours(ServerProcess server) throws Exception {
    try (var db = DriverManager.getConnection("jdbc:sqlite:" + server.home() + "/var/heddle.db");
        var statement = db.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM credential WHERE CAST(hash AS TEXT) LIKE"
                    + " '$argon2id$v=19$m=19456,t=2,p=1$%' AND scram_sha_256 IS NOT NULL AND"
                    + " version = 1")) {
      return rows.getInt(1);
    }
  }

  @Test
  void users_of_dovecot_log_in_as_before_and_leave_their_old_hashes_behind() throws Exception {
    try (ServerProcess server = ServerProcess.start(ServerProcess.CONFIG)) {
      Map<String, String> users = made();
      Path file = server.home().resolve("passwd");
      Files.writeString(file, "# users\n" + String.join("\n", users.values()) + "\nbad:{SHA}x\n");
      var refused = server.heddle("", "user", "import", file.toString());
      assertEquals(1, refused.exit(), refused.toString());
      assertTrue(refused.err().contains("line 2: the name has no domain"), refused.err());
      assertTrue(refused.err().contains("line 12: SHA has no salt"), refused.err());

      String[] command = {
        "user", "import", file.toString(), "--domain", "example.org", "--skip-bad"
      };
      String[] dry = java.util.Arrays.copyOf(command, command.length + 1);
      dry[command.length] = "--dry-run";
      var would = server.heddle("", dry);
      assertEquals(6, would.exit(), would.toString());
      assertTrue(would.out().startsWith("Would be done: 10 users"), would.out());
      assertEquals(1, server.heddle("", "user", "list").out().lines().count());

      var taken = server.heddle("", command);
      assertEquals(6, taken.exit(), taken.toString());
      assertTrue(taken.out().startsWith("10 users imported"), taken.out());
      assertEquals(11, server.heddle("", "user", "list").out().lines().count());
      assertEquals(1, ours(server));

      int port = server.port("submissions");
      for (String user : users.keySet()) {
        try (Client client = new Client(port)) {
          client.login(user, WORD);
        }
      }
      Tools.await("hashes of ours", Duration.ofSeconds(60), () -> ours(server) == 11 ? true : null);
      for (String user : users.keySet()) {
        try (Client client = new Client(port)) {
          client.login(user, WORD); // by the new hash, or from memory: the same word
        }
      }
      server.stop();
      server.serve();
      try (Client client = new Client(server.port("submissions"))) {
        client.login("ssha@example.org", WORD);
      }
      String said = String.join("\n", server.log()) + taken + would + refused;
      assertFalse(said.contains("$argon2") || said.contains("{SSHA") || said.contains("horse"));
      assertTrue(
          server
              .heddle(
                  "", "user", "import", file.toString(), "--domain", "example.org", "--skip-bad")
              .out()
              .contains("10 there already and left alone"));
    }
  }

  @Test
  void ten_thousand_users_move_in_at_once_with_the_server_running_and_without() throws Exception {
    try (ServerProcess server = ServerProcess.start(ServerProcess.CONFIG)) {
      String hash = Tools.run("doveadm", "pw", "-s", "SHA512-CRYPT", "-p", WORD).strip();
      for (String from : List.of("a", "b")) {
        var text = new StringBuilder("address,hash,name\r\n");
        for (int i = 0; i < 10_000; i++) {
          text.append(from).append(i).append("@example.org,").append(hash).append(",\"N, M\"\r\n");
        }
        Path file = server.home().resolve(from + ".csv");
        Files.writeString(file, text);
        long began = System.nanoTime();
        var taken = server.heddle("", "user", "import", file.toString(), "--json");
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertEquals(0, taken.exit(), taken.toString());
        assertTrue(taken.out().contains("\"added\":10000"), taken.out());
        assertTrue(took.toSeconds() < 40, "took " + took);
        System.out.println("10 000 users in " + took);
        if (from.equals("a")) {
          server.awaitLog(line -> line.contains("user.import") && line.contains("added 10000"));
          server.stop();
        }
      }
      server.serve();
      for (String user : List.of("a0", "a9999", "b5000")) {
        try (Client client = new Client(server.port("submissions"))) {
          client.login(user + "@example.org", WORD);
        }
      }
    }
  }
}
