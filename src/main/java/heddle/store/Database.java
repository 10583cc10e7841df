package heddle.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQLite file: how it is found, opened and brought to our version. All SQLite is in here. */
final class Database {
  /** "HDDL": tells our files from other SQLite files. */
  private static final int APPLICATION = 0x4844444c;

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Database() {}

  /** A connection to a file of the newest version, brought there if need be. */
  static Connection open(Path file, List<List<String>> steps)
      throws StoreRefused, StoreUnavailable {
    protect(file);
    Connection connection = null;
    try {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
      prepare(connection, file, steps);
      return connection;
    } catch (SQLException e) {
      close(connection);
      throw refusedOrUnavailable(file, e);
    } catch (StoreRefused e) {
      close(connection);
      throw e;
    }
  }

  /**
   * The folder and the file exist, and nobody else reads the file or what SQLite puts beside it.
   */
  private static void protect(Path file) throws StoreRefused {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        Files.createDirectories(folder, permissions("rwx------"));
      }
      makePrivate(file);
    } catch (IOException e) {
      throw new StoreRefused(file + " cannot be made or made private: " + e.getMessage(), e);
    }
  }

  private static void makePrivate(Path file) throws IOException {
    try {
      Files.createFile(file, permissions("rw-------"));
    } catch (FileAlreadyExistsException ours) {
      // SQLite gives its -wal and -shm files the permissions of this one.
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private static FileAttribute<?> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }

  private static void prepare(Connection c, Path file, List<List<String>> steps)
      throws SQLException, StoreRefused {
    execute(c, "PRAGMA busy_timeout=1000");
    int version = number(c, "PRAGMA user_version");
    int application = number(c, "PRAGMA application_id");
    boolean empty = number(c, "SELECT count(*) FROM sqlite_schema") == 0;
    // Look before touching: a file that is not ours, or newer than we know, stays as it was.
    if (!empty && application != APPLICATION) {
      throw new StoreRefused(file + " is a database, but not one of Heddle's");
    }
    if (version > steps.size()) {
      throw new StoreRefused(
          "%s has version %d; this Heddle knows versions up to %d. Start the newer Heddle that wrote it, or restore the copy made before the upgrade"
              .formatted(file, version, steps.size()));
    }
    execute(c, "PRAGMA journal_mode=WAL");
    execute(c, "PRAGMA synchronous=FULL");
    execute(c, "PRAGMA foreign_keys=ON");
    execute(c, "PRAGMA secure_delete=ON"); // what is removed is overwritten
    if (version < steps.size()) {
      if (!empty) {
        copy(c, file, version);
      }
      step(c, version, steps);
    }
  }

  /** A schema step copies the database first, beside it and as private. */
  private static void copy(Connection c, Path file, int version) throws SQLException, StoreRefused {
    Path copy =
        file.resolveSibling(
            file.getFileName() + ".version-" + version + "." + STAMP.format(Instant.now()));
    try {
      makePrivate(copy);
    } catch (IOException e) {
      throw new StoreRefused(
          file + " must be copied before it is upgraded, and cannot: " + e.getMessage(), e);
    }
    try (var statement = c.prepareStatement("VACUUM INTO ?")) {
      statement.setString(1, copy.toAbsolutePath().toString());
      statement.executeUpdate();
    }
  }

  /** As {@code VACUUM INTO} makes it: what was removed is not in it. */
  static void copy(Connection c, Path to) throws SQLException {
    try {
      Files.createFile(to, permissions("rw-------"));
    } catch (IOException e) {
      throw new SQLException(to + " cannot be made: " + e.getMessage(), e);
    }
    try (var statement = c.prepareStatement("VACUUM INTO ?")) {
      statement.setString(1, to.toAbsolutePath().toString());
      statement.executeUpdate();
    }
  }

  /**
   * Whether SQLite finds a file whole, from its first page to its last index.
   *
   * @return its complaint; empty where there is none
   */
  static Optional<String> complaint(Path file) throws StoreUnavailable {
    try (var c = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
        var statement = c.createStatement();
        var rows = statement.executeQuery("PRAGMA integrity_check")) {
      String said = rows.next() ? rows.getString(1) : "it says nothing";
      return said.equals("ok") ? Optional.empty() : Optional.of(said);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /** All steps in one transaction: either the newest version, or the one it was. */
  private static void step(Connection c, int version, List<List<String>> steps)
      throws SQLException {
    c.setAutoCommit(false);
    for (List<String> step : steps.subList(version, steps.size())) {
      for (String sql : step) {
        execute(c, sql);
      }
    }
    execute(c, "PRAGMA application_id=" + APPLICATION);
    execute(c, "PRAGMA user_version=" + steps.size());
    c.commit();
    c.setAutoCommit(true);
  }

  static void execute(Connection c, String sql) throws SQLException {
    try (var statement = c.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Writes the number that stands there: SQLite does not look whether it is another one. */
  static void touch(Connection c) throws SQLException {
    execute(c, "PRAGMA user_version=" + number(c, "PRAGMA user_version"));
  }

  private static int number(Connection c, String sql) throws SQLException {
    try (var statement = c.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  static void close(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException nothingLeftToDo) {
        // Everything that was promised is committed already.
      }
    }
  }

  private static StoreUnavailable refusedOrUnavailable(Path file, SQLException e)
      throws StoreRefused {
    return switch (e.getErrorCode() & 0xff) {
      case 11, 26 -> throw new StoreRefused(file + " is damaged or no database", e);
      case 8, 14, 23 -> throw new StoreRefused(file + " cannot be opened for writing", e);
      default -> unavailable(e);
    };
  }

  /** In words for an administrator; the numbers are SQLite's primary result codes. */
  static StoreUnavailable unavailable(SQLException e) {
    String words =
        switch (e.getErrorCode() & 0xff) {
          case 5, 6 -> "the accounts are locked by another process";
          case 8 -> "the accounts cannot be written: the file is read-only";
          case 13 -> "the accounts cannot be written: the disk is full";
          case 10, 14 -> "the accounts cannot be read or written: the disk reports an error";
          case 11, 26 -> "the accounts' database is damaged";
          default -> "the accounts' database refuses the change";
        };
    return new StoreUnavailable(words, e);
  }
}
