package heddle.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store and another process: one that holds a lock, and one that is killed. */
class AccountsIT {
  @TempDir private Path home;

  /** The other process. */
  static final class Other {
    public static void main(String[] arguments) throws Exception {
      if (arguments[0].equals("lock")) {
        var c = DriverManager.getConnection("jdbc:sqlite:" + arguments[1]);
        c.createStatement().execute("BEGIN EXCLUSIVE");
        System.out.println("locked");
      } else {
        var accounts = Accounts.open(Path.of(arguments[1]), InstantSource.system());
        for (int i = 0; ; i++) {
          AccountsTest.add(accounts, "user" + i + "@example.org");
          System.out.println(i);
        }
      }
      System.in.read();
    }
  }

  private static ProcessBuilder command(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  @Test
  void a_lock_of_another_process_is_unavailable_and_never_a_no() throws Exception {
    Path file = home.resolve("heddle.db");
    try (var accounts = Accounts.open(file, InstantSource.system())) {
      AccountsTest.add(accounts, "anna@example.org");
      Process other = command("lock", file.toString()).start();
      try (var lines = other.inputReader()) {
        assertEquals("locked", lines.readLine());
        assertThrows(StoreUnavailable.class, () -> accounts.enable("anna@example.org"));
        assertTrue(accounts.snapshot().find("anna@example.org").isPresent());
      } finally {
        other.destroyForcibly().waitFor();
      }
      assertTrue(accounts.enable("anna@example.org") instanceof Outcome.Done);
    }
  }

  @Test
  void every_account_acknowledged_before_a_kill_is_there_after_it() throws Exception {
    Path file = home.resolve("heddle.db");
    Path said = home.resolve("acknowledged");
    var command = command("write", file.toString());
    Process other = command.redirectOutput(said.toFile()).start();
    try {
      while (other.isAlive() && Files.readAllLines(said).size() < 30) {
        Thread.sleep(20);
      }
    } finally {
      other.destroyForcibly().waitFor();
    }
    long last = Files.readAllLines(said).size() - 1;
    assertTrue(last >= 29, "it died by itself");
    try (var accounts = Accounts.open(file, InstantSource.system())) {
      for (int i = 0; i <= last; i++) {
        assertTrue(accounts.snapshot().find("user" + i + "@example.org").isPresent(), "" + i);
      }
    }
  }
}
