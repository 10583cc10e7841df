package heddle.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import heddle.mail.Octets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {
  static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant THEN = Instant.parse("2026-11-21T08:00:00.123456789Z");
  @TempDir private Path home;
  private Path file;

  @BeforeEach
  void a_folder_that_does_not_exist_yet() {
    file = home.resolve("var/heddle.db");
  }

  private Accounts open() throws Exception {
    return Accounts.open(file, InstantSource.fixed(THEN));
  }

  static Material material(String hash) {
    return new Material(
        Octets.ofUtf8(hash), Optional.of(Octets.ofUtf8("sealed-256")), Optional.empty());
  }

  static Outcome add(Accounts accounts, String name) throws StoreUnavailable {
    return accounts.add(
        Accounts.newId(RANDOM),
        name,
        name.toUpperCase(),
        List.of(name),
        new ScramSalt(Octets.of(new byte[16]), 4096),
        Accounts.newId(RANDOM),
        material("hash-1"));
  }

  private static Outcome setPassword(Accounts accounts, String name, String hash)
      throws StoreUnavailable {
    Id id = accounts.snapshot().find(name).map(Account::id).orElse(Accounts.newId(RANDOM));
    return accounts.setPassword(name, id, Accounts.newId(RANDOM), material(hash));
  }

  private static Account account(Outcome outcome) {
    return assertInstanceOf(Outcome.Done.class, outcome).account();
  }

  private Connection elsewhere() throws Exception {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private static void execute(Connection c, String sql) throws Exception {
    try (var statement = c.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void an_account_is_found_at_once_and_again_after_reopening() throws Exception {
    Account made;
    try (var accounts = open()) {
      made = account(add(accounts, "anna@example.org"));
      assertEquals(Optional.of(made), accounts.snapshot().find("anna@example.org"));
      assertEquals(Optional.of(made), accounts.snapshot().owner("anna@example.org"));
      assertEquals(THEN.truncatedTo(ChronoUnit.MILLIS), made.created());
    }
    try (var accounts = open()) {
      assertEquals(List.of(made), List.copyOf(accounts.snapshot().all()));
    }
  }

  @Test
  void a_snapshot_taken_before_a_change_stays_as_it_was() throws Exception {
    try (var accounts = open()) {
      Snapshot before = accounts.snapshot();
      add(accounts, "anna@example.org");
      assertTrue(before.all().isEmpty());
      assertTrue(accounts.snapshot().version() > before.version());
    }
  }

  @Test
  void a_name_is_taken_once_and_free_again_after_removal_under_another_id() throws Exception {
    try (var accounts = open()) {
      Account first = account(add(accounts, "anna@example.org"));
      assertEquals(new Outcome.Exists("anna@example.org"), add(accounts, "anna@example.org"));
      assertEquals(new Outcome.Done(first), accounts.remove("anna@example.org", true));
      assertTrue(accounts.snapshot().owner("anna@example.org").isEmpty());
      assertNotEquals(first.id(), account(add(accounts, "anna@example.org")).id());
    }
  }

  @Test
  void a_new_password_keeps_salt_and_credential_and_counts_the_version() throws Exception {
    Account changed;
    try (var accounts = open()) {
      Account before = account(add(accounts, "anna@example.org"));
      changed = account(setPassword(accounts, "anna@example.org", "hash-2"));
      assertEquals(before.salt(), changed.salt());
      assertEquals(before.password().get().id(), changed.password().get().id());
      assertEquals(before.password().get().version() + 1, changed.password().get().version());
      assertEquals(Octets.ofUtf8("hash-2"), changed.password().get().material().hash());
    }
    try (var accounts = open()) {
      assertEquals(Optional.of(changed), accounts.snapshot().find("anna@example.org"));
    }
  }

  @Test
  void a_password_made_for_an_account_that_was_replaced_goes_nowhere() throws Exception {
    try (var accounts = open()) {
      Id old = account(add(accounts, "anna@example.org")).id();
      accounts.remove("anna@example.org", false);
      Account fresh = account(add(accounts, "anna@example.org"));
      assertInstanceOf(
          Outcome.NotFound.class,
          accounts.setPassword("anna@example.org", old, Accounts.newId(RANDOM), material("old")));
      assertEquals(Optional.of(fresh), accounts.snapshot().find("anna@example.org"));
    }
  }

  @Test
  void a_disabled_account_stays_so_with_its_reason_until_it_is_enabled() throws Exception {
    try (var accounts = open()) {
      add(accounts, "anna@example.org");
      accounts.disable("anna@example.org", "left us");
    }
    try (var accounts = open()) {
      Account anna = accounts.snapshot().find("anna@example.org").orElseThrow();
      assertFalse(anna.enabled());
      assertEquals(Optional.of("left us"), anna.disabledReason());
      assertTrue(account(accounts.enable("anna@example.org")).enabled());
    }
  }

  @Test
  void what_is_not_there_is_not_found() throws Exception {
    try (var accounts = open()) {
      var missing = new Outcome.NotFound("nobody");
      assertEquals(missing, accounts.disable("nobody", ""));
      assertEquals(missing, accounts.enable("nobody"));
      assertEquals(missing, accounts.remove("nobody", true));
      assertEquals(missing, setPassword(accounts, "nobody", "x"));
    }
  }

  @Test
  void listeners_hear_each_change_in_order_when_the_snapshot_has_it() throws Exception {
    try (var accounts = open()) {
      var heard = new ArrayList<String>();
      accounts.onChange(
          change -> {
            boolean there = accounts.snapshot().find(change.name()).isPresent();
            heard.add(change.kind() + (there ? " there" : " gone"));
          });
      accounts.onChange(
          change -> {
            if (change.kind() == Change.Kind.ADDED) {
              throw new IllegalStateException("a listener of ours broke, as it should here");
            }
          });
      add(accounts, "anna@example.org");
      setPassword(accounts, "anna@example.org", "x");
      accounts.disable("anna@example.org", "");
      accounts.enable("anna@example.org");
      accounts.remove("anna@example.org", false);
      assertEquals(
          List.of(
              "ADDED there", "PASSWORD there", "DISABLED there", "ENABLED there", "REMOVED gone"),
          heard);
    }
  }

  @Test
  void the_last_use_is_known_at_once_and_after_a_clean_end() throws Exception {
    Id credential;
    try (var accounts = open()) {
      credential = account(add(accounts, "anna@example.org")).password().get().id();
      accounts.used(credential, "192.0.2.1", "PLAIN", "laptop");
      assertEquals("192.0.2.1", accounts.lastUse(credential).orElseThrow().ip());
    }
    try (var accounts = open()) {
      assertEquals("PLAIN", accounts.lastUse(credential).orElseThrow().mechanism());
    }
  }

  @Test
  void what_was_acknowledged_is_there_after_a_sudden_end() throws Exception {
    Path crashed = home.resolve("crashed/heddle.db");
    Files.createDirectories(crashed.getParent());
    try (var accounts = open()) {
      add(accounts, "anna@example.org");
      // The files as a killed process leaves them: the log was never folded in.
      for (String suffix : List.of("", "-wal")) {
        Files.copy(
            Path.of(file + suffix), Path.of(crashed + suffix), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    try (var accounts = Accounts.open(crashed, InstantSource.system())) {
      assertTrue(accounts.snapshot().find("anna@example.org").isPresent());
    }
  }

  @Test
  void nobody_else_reads_the_files() throws Exception {
    Files.createDirectory(file.getParent());
    Files.createFile(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    try (var accounts = open()) {
      add(accounts, "anna@example.org");
      for (String suffix : List.of("", "-wal", "-shm")) {
        var granted = Files.getPosixFilePermissions(Path.of(file + suffix));
        assertEquals("rw-------", PosixFilePermissions.toString(granted), suffix);
      }
    }
  }

  @Test
  void a_folder_we_make_is_closed_to_others() throws Exception {
    try (var accounts = open()) {
      var granted = Files.getPosixFilePermissions(file.getParent());
      assertEquals("rwx------", PosixFilePermissions.toString(granted));
    }
  }

  @Test
  void a_locked_store_is_unavailable_and_loses_nothing() throws Exception {
    try (var accounts = open()) {
      Account anna = account(add(accounts, "anna@example.org"));
      try (var other = elsewhere()) {
        execute(other, "BEGIN IMMEDIATE");
        var e =
            assertThrows(StoreUnavailable.class, () -> accounts.disable("anna@example.org", "x"));
        assertTrue(e.getMessage().contains("locked"), e.getMessage());
        assertEquals(Optional.of(anna), accounts.snapshot().find("anna@example.org"));
        assertThrows(StoreUnavailable.class, accounts::probe);
        execute(other, "ROLLBACK");
      }
      accounts.probe();
      assertFalse(account(accounts.disable("anna@example.org", "x")).enabled());
    }
  }

  @Test
  void a_store_that_was_closed_is_unavailable() throws Exception {
    var accounts = open();
    accounts.close();
    assertThrows(StoreUnavailable.class, () -> accounts.enable("anna@example.org"));
  }

  @Test
  void a_newer_version_is_refused_by_name_and_left_as_it_was() throws Exception {
    open().close();
    try (var other = elsewhere()) {
      execute(other, "PRAGMA user_version=7");
    }
    byte[] before = Files.readAllBytes(file);
    var e = assertThrows(StoreRefused.class, this::open);
    assertTrue(e.getMessage().contains("version 7"), e.getMessage());
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void another_programs_database_and_a_text_are_refused() throws Exception {
    Files.createDirectory(file.getParent());
    try (var other = elsewhere()) {
      execute(other, "CREATE TABLE music (title TEXT)");
    }
    assertTrue(assertThrows(StoreRefused.class, this::open).getMessage().contains("not one of"));
    Files.writeString(file, "Dear diary, today I was no database. ".repeat(50));
    assertTrue(assertThrows(StoreRefused.class, this::open).getMessage().contains("no database"));
  }

  @Test
  void a_schema_step_copies_the_database_first() throws Exception {
    try (var accounts = open()) {
      add(accounts, "anna@example.org");
    }
    var steps = new ArrayList<>(Migrations.ALL);
    steps.add(List.of("ALTER TABLE account ADD COLUMN shoe_size INTEGER"));
    try (var accounts = Accounts.open(file, InstantSource.system(), steps)) {
      assertTrue(accounts.snapshot().find("anna@example.org").isPresent());
    }
    Path copy;
    try (var files = Files.list(file.getParent())) {
      copy =
          files
              .filter(f -> f.toString().contains(".version-" + Migrations.ALL.size() + "."))
              .findFirst()
              .orElseThrow();
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
    assertThrows(StoreRefused.class, this::open, "the upgraded file is newer than we know");
    try (var accounts = Accounts.open(copy, InstantSource.system())) {
      assertTrue(accounts.snapshot().find("anna@example.org").isPresent(), "the copy still is");
    }
  }

  @Test
  void what_the_first_release_wrote_is_read_and_takes_keys() throws Exception {
    Writer.open(file, Migrations.ALL.subList(0, 1)).close();
    try (var first = elsewhere()) {
      execute(
          first,
          "INSERT INTO account VALUES ('ABCDEFGH0123', 'anna@example.org', 'anna@example.org',"
              + " NULL, x'000102030405060708090a0b0c0d0e0f', 4096, '2026-11-21T00:00:00Z',"
              + " '2026-11-21T00:00:00Z')");
    }
    try (var accounts = open()) {
      assertTrue(accounts.snapshot().find("anna@example.org").isPresent());
      var key =
          new Credential(
              new Id("0123456789AB"),
              Credential.Kind.KEY,
              "laptop",
              1,
              Material.NOTHING,
              Instant.EPOCH,
              Instant.EPOCH,
              Optional.empty(),
              Optional.of("sha256:00"),
              heddle.sasl.Terms.NONE);
      Id anna = accounts.snapshot().find("anna@example.org").orElseThrow().id();
      accounts.addCredential("anna@example.org", anna, key);
      assertEquals(
          "anna@example.org", accounts.snapshot().holder("sha256:00").orElseThrow().name());
      assertTrue(accounts.addCredential("anna@example.org", anna, key) instanceof Outcome.Exists);
    }
    try (var accounts = open()) {
      assertEquals(1, accounts.snapshot().holder("sha256:00").orElseThrow().keys().size());
      accounts.removeCredential("anna@example.org", new Id("0123456789AB"));
      assertTrue(accounts.snapshot().holder("sha256:00").isEmpty());
    }
    try (var accounts = open()) {
      assertTrue(accounts.snapshot().holder("sha256:00").isEmpty());
    }
  }

  @Test
  void a_step_that_fails_leaves_the_version_it_was() throws Exception {
    open().close();
    var steps = new ArrayList<>(Migrations.ALL);
    steps.add(List.of("ALTER TABLE account ADD COLUMN shoe_size INTEGER", "NO SUCH STATEMENT"));
    assertThrows(StoreUnavailable.class, () -> Accounts.open(file, InstantSource.system(), steps));
    try (var accounts = open()) {
      add(accounts, "anna@example.org");
    }
  }

  @Test
  void nothing_printed_holds_material() throws Exception {
    try (var accounts = open()) {
      String printed = add(accounts, "anna@example.org").toString();
      assertTrue(printed.contains("anna@example.org"));
      assertFalse(printed.contains("hash-1") || printed.contains("sealed"), printed);
    }
  }

  @Test
  void what_was_forgotten_is_in_no_file() throws Exception {
    try (var accounts = open()) {
      add(accounts, "zaphod@example.org");
      assertTrue(anyFileHolds("zaphod"));
      accounts.remove("zaphod@example.org", true);
      assertFalse(anyFileHolds("zaphod"));
    }
  }

  private boolean anyFileHolds(String text) throws Exception {
    try (var files = Files.list(file.getParent())) {
      for (Path f : files.filter(f -> !f.toString().endsWith("-shm")).toList()) {
        if (new String(Files.readAllBytes(f), StandardCharsets.ISO_8859_1).contains(text)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void ten_thousand_accounts_open_quickly_and_change_without_being_read_again() throws Exception {
    open().close();
    try (var other = elsewhere()) {
      other.setAutoCommit(false);
      for (int i = 0; i < 10_000; i++) {
        Instant now = Instant.EPOCH;
        String name = "user" + i + "@example.org";
        var credential =
            new Credential(
                Accounts.newId(RANDOM),
                Credential.Kind.PASSWORD,
                "",
                1,
                material("h"),
                now,
                now,
                Optional.empty());
        AccountRows.insert(
            other,
            new Account(
                Accounts.newId(RANDOM),
                name,
                name,
                Optional.empty(),
                false,
                List.of(name),
                new ScramSalt(Octets.of(new byte[16]), 4096),
                now,
                now,
                List.of(credential)));
      }
      other.commit();
    }
    open().close(); // the classes are warm
    long start = System.nanoTime();
    try (var accounts = open()) {
      var took = Duration.ofNanos(System.nanoTime() - start);
      assertEquals(10_000, accounts.snapshot().all().size());
      // Some 100 ms; the bound is wide for a busy machine.
      assertTrue(took.compareTo(Duration.ofMillis(1500)) < 0, "took " + took);
      Account untouched = accounts.snapshot().find("user7@example.org").orElseThrow();
      accounts.disable("user8@example.org", "");
      assertSame(untouched, accounts.snapshot().find("user7@example.org").orElseThrow());
    }
  }
}
