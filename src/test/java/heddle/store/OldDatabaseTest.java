package heddle.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.sasl.Terms;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database as the version before made it. */
class OldDatabaseTest {
  @TempDir private Path home;

  @Test
  void accounts_keys_and_uses_of_version_2_are_there_in_version_3() throws Exception {
    Path file = home.resolve("heddle.db");
    try (var c = DriverManager.getConnection("jdbc:sqlite:" + file);
        var s = c.createStatement()) {
      for (var step : Migrations.ALL.subList(0, 2)) {
        for (String sql : step) {
          s.execute(sql);
        }
      }
      s.execute("PRAGMA application_id=1212433484");
      s.execute("PRAGMA user_version=2");
      s.execute(
          "INSERT INTO account VALUES ('0123456789AB','anna@example.org','anna@example.org',NULL,x'000102030405060708090a0b0c0d0e0f',4096,'2026-01-01T00:00:00Z','2026-01-01T00:00:00Z')");
      s.execute(
          "INSERT INTO credential VALUES ('0123456789AC','0123456789AB','password','',1,x'01',NULL,NULL,'2026-01-01T00:00:00Z','2026-01-01T00:00:00Z',NULL,'2026-01-02T00:00:00Z','192.0.2.1','PLAIN',NULL,NULL,NULL)");
      s.execute(
          "INSERT INTO credential VALUES ('0123456789AD','0123456789AB','key','x',1,x'',NULL,NULL,'2026-01-01T00:00:00Z','2026-01-01T00:00:00Z',NULL,NULL,NULL,NULL,NULL,NULL,'unix:anna')");
    }
    try (Accounts accounts = Accounts.open(file, InstantSource.system())) {
      Account anna = accounts.snapshot().find("anna@example.org").orElseThrow();
      assertEquals(2, anna.credentials().size());
      assertTrue(accounts.snapshot().holder("unix:anna").isPresent());
      assertEquals(Terms.NONE, anna.keys().getFirst().terms());
      assertTrue(!anna.barred());
      assertEquals(
          "192.0.2.1", accounts.lastUse(anna.password().orElseThrow().id()).orElseThrow().ip());
    }
  }
}
