package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.directory.StoreKey;
import heddle.spool.QueueEntry;
import heddle.spool.RealDisk;
import heddle.spool.SpoolFiles;
import heddle.store.Accounts;
import heddle.store.StoreRefused;
import heddle.store.StoreUnavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Whether a backup can be restored: each file as it was, and a copy of it opened as a home. */
final class BackupReading {
  /** What is wrong with it. */
  static final class Bad extends Exception {
    private static final long serialVersionUID = 1;

    Bad(String what) {
      super(what);
    }
  }

  private final Path backup;

  BackupReading(Path backup) {
    this.backup = backup;
  }

  /**
   * Reads all of it.
   *
   * @return what is in it
   */
  Map<String, Object> verify() throws Bad, IOException {
    List<String> about = lines(Backup.ABOUT);
    if (!about.getFirst().equals(Backup.HEAD)) {
      throw new Bad("it was made by another version: \"" + about.getFirst() + "\"");
    }
    int files = sums();
    Path copy = Files.createTempDirectory("heddle-backup");
    try {
      for (Path file : PrivateFiles.below(backup)) {
        PrivateFiles.copy(file, copy.resolve(backup.relativize(file).toString()));
      }
      Map<String, Object> found = opened(new Home(copy));
      found.put("files", files);
      found.put("made", about.size() > 1 ? about.get(1).replaceFirst("made ", "") : "");
      return found;
    } finally {
      PrivateFiles.delete(copy);
    }
  }

  private List<String> lines(String name) throws Bad, IOException {
    try {
      List<String> lines = Files.readAllLines(backup.resolve(name));
      if (lines.isEmpty()) {
        throw new Bad(name + " is empty");
      }
      return lines;
    } catch (NoSuchFileException missing) {
      throw new Bad("it has no " + name + ": it is no backup, or not a whole one");
    }
  }

  /** Every file of the list is there as it was, and no other. */
  private int sums() throws Bad, IOException {
    var left = new TreeSet<String>();
    for (Path file : PrivateFiles.below(backup)) {
      left.add(backup.relativize(file).toString());
    }
    left.remove(Backup.SUMS);
    List<String> lines = lines(Backup.SUMS);
    for (String line : lines) {
      if (!line.matches("[0-9a-f]{64}  .+")) {
        throw new Bad(Backup.SUMS + " is damaged");
      }
      String name = line.substring(66);
      if (!left.remove(name)) {
        throw new Bad(name + " is missing");
      }
      if (!PrivateFiles.sha256(backup.resolve(name)).equals(line.substring(0, 64))) {
        throw new Bad(name + " is not as it was");
      }
    }
    if (!left.isEmpty()) {
      throw new Bad(left.first() + " does not belong to it");
    }
    return lines.size();
  }

  private static Map<String, Object> opened(Home home) throws Bad, IOException {
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("accounts", accounts(home));
    if (Files.exists(home.history())) {
      whole(home.history());
    }
    found.put("messages", messages(home));
    found.put("config", config(home));
    return found;
  }

  private static int accounts(Home home) throws Bad, IOException {
    if (!Files.exists(home.database())) {
      return 0;
    }
    whole(home.database());
    if (!Files.exists(home.storeKey())) {
      throw new Bad("there are accounts, but no var/store.key that opens their keys");
    }
    try {
      StoreKey.open(home.storeKey());
      try (Accounts accounts = Accounts.open(home.database(), InstantSource.system())) {
        return accounts.snapshot().all().size();
      }
    } catch (StoreRefused | StoreUnavailable trouble) {
      throw new Bad("the accounts cannot be opened: " + trouble.getMessage());
    }
  }

  private static void whole(Path database) throws Bad {
    try {
      Optional<String> complaint = Accounts.complaint(database);
      if (complaint.isPresent()) {
        throw new Bad(database.getFileName() + " is damaged: " + complaint.get());
      }
    } catch (StoreUnavailable trouble) {
      throw new Bad(database.getFileName() + " cannot be read: " + trouble.getMessage());
    }
  }

  private static int messages(Home home) throws Bad, IOException {
    var spool = new SpoolFiles(new RealDisk(home.spool()));
    List<SpoolFiles.Finding> damaged = spool.check();
    if (!damaged.isEmpty()) {
      throw new Bad("the spool is damaged: " + damaged.getFirst());
    }
    List<QueueEntry> entries = spool.list();
    for (QueueEntry entry : entries) {
      if (!spool.cat(entry.id(), OutputStream.nullOutputStream())) {
        throw new Bad("message " + entry.id() + " cannot be read");
      }
    }
    return entries.size();
  }

  /** What lies outside of the home may be missing here; that is worth a word, and no damage. */
  private static String config(Home home) {
    try {
      Answer answer = new ConfigDesk(home).ask(Request.of("config.check", Map.of()));
      return answer.ok() ? "good" : answer.what() + ": " + answer.why();
    } catch (Refused refused) {
      return refused.answer().what() + ": " + refused.answer().why();
    }
  }
}
