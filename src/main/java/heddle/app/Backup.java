package heddle.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything that makes a home what it is, copied into a folder that is laid out as a home: to
 * restore is to copy and to start. It is made under another name; the sums come last, and its own
 * name when all of it is on disk: there is never half a backup that looks whole.
 */
final class Backup {
  /** The first line of the file that says what this is; a higher number is for a later program. */
  static final String HEAD = "heddle-backup 1";

  static final String ABOUT = "heddle-backup";

  /** As {@code sha256sum -c} reads it. */
  static final String SUMS = "SHA256SUMS";

  /** What is copied below var, beside the databases and the spool. */
  private static final List<String> OURS = List.of("tls", "hooks");

  /** The parts of the home that are in use; each knows how to give a copy of itself. */
  interface Parts {
    void accounts(Path to) throws IOException;

    void history(Path to) throws IOException;

    /** Whatever was accepted until now lies in files when this returns. */
    void retireJournal() throws IOException;
  }

  /** How much it came to. */
  record Made(Path folder, int files, long octets, int messages) {}

  private final Home home;
  private final Parts parts;
  private final InstantSource clock;

  Backup(Home home, Parts parts, InstantSource clock) {
    this.home = home;
    this.parts = parts;
    this.clock = clock;
  }

  /**
   * Makes one.
   *
   * @param folder does not exist yet; the one above it does
   */
  Made create(Path folder) throws IOException {
    Path partial = folder.resolveSibling(folder.getFileName() + ".partial");
    PrivateFiles.delete(partial);
    PrivateFiles.folder(partial);
    boolean whole = false;
    try {
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      Path var = partial.resolve("var");
      PrivateFiles.folder(var);
      // First the spool: what is sent meanwhile by somebody new is missing, and nobody's account.
      int messages = spool(var.resolve("spool/mail"));
      if (Files.exists(home.database())) {
        parts.accounts(var.resolve("heddle.db"));
      }
      if (Files.exists(home.history())) {
        parts.history(var.resolve("events.db"));
      }
      if (Files.exists(home.storeKey())) {
        PrivateFiles.copy(home.storeKey(), var.resolve("store.key"));
      }
      for (String ours : OURS) {
        tree(home.var().resolve(ours), var.resolve(ours));
      }
      tree(home.etc(), partial.resolve("etc"));
      about(partial, now);
      Made made = sums(partial, folder, messages);
      PrivateFiles.force(partial);
      Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
      whole = true;
      remember(now);
      return made;
    } finally {
      if (!whole) {
        PrivateFiles.delete(partial);
      }
    }
  }

  private static void tree(Path from, Path to) throws IOException {
    for (Path file : PrivateFiles.below(from)) {
      PrivateFiles.copy(file, to.resolve(from.relativize(file).toString()));
    }
  }

  /** Messages come to their end while they are copied: of those neither half stays. */
  private int spool(Path to) throws IOException {
    parts.retireJournal();
    PrivateFiles.folder(to);
    Path mail = home.spool().resolve("mail");
    Set<String> ids = new TreeSet<>();
    for (Path file : PrivateFiles.below(mail)) {
      String name = file.getFileName().toString();
      if (name.matches("[0-9A-Z]{12}\\.json")) {
        ids.add(name.substring(0, 12));
      }
    }
    int copied = 0;
    for (String id : ids) {
      List<Path> halves = List.of(to.resolve(id + ".json"), to.resolve(id + ".eml"));
      try {
        for (Path half : halves) {
          PrivateFiles.copy(mail.resolve(half.getFileName().toString()), half);
        }
        copied++;
      } catch (NoSuchFileException delivered) {
        for (Path half : halves) {
          Files.deleteIfExists(half);
        }
      }
    }
    return copied;
  }

  private void about(Path partial, Instant now) throws IOException {
    String text = HEAD + "\nmade " + now + "\nheddle " + Version.get() + "\n";
    write(partial.resolve(ABOUT), text);
  }

  private static Made sums(Path partial, Path folder, int messages) throws IOException {
    var text = new StringBuilder();
    List<Path> files = new ArrayList<>(PrivateFiles.below(partial));
    long octets = 0;
    for (Path file : files) {
      String name = partial.relativize(file).toString();
      if (name.contains("\n") || name.contains("\\")) {
        throw new IOException("a file has a line's end or a backslash in its name: " + name);
      }
      text.append(PrivateFiles.sha256(file)).append("  ").append(name).append('\n');
      octets += Files.size(file);
    }
    write(partial.resolve(SUMS), text.toString());
    return new Made(folder, files.size(), octets, messages);
  }

  private static void write(Path file, String text) throws IOException {
    PrivateFiles.write(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), file);
  }

  private void remember(Instant now) throws IOException {
    Path fresh = home.lastBackup().resolveSibling("last-backup.new");
    Files.deleteIfExists(fresh);
    write(fresh, now + "\n");
    Files.move(
        fresh,
        home.lastBackup(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** When the last one was whole. */
  static Optional<Instant> last(Home home) {
    try {
      return Optional.of(Instant.parse(Files.readString(home.lastBackup()).strip()));
    } catch (IOException | DateTimeException none) {
      return Optional.empty();
    }
  }
}
