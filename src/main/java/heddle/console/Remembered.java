package heddle.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * What was typed, for the next time: only lines that were understood. A password that somebody
 * typed where a command belongs is none, and no command takes one among its words.
 */
final class Remembered {
  private static final int MOST = 1000;

  private final Path file;

  Remembered(Path file) {
    this.file = file;
  }

  /** Of the user who types: {@code ~/.local/state/heddle/history}. */
  static Remembered ofUser() {
    String state = System.getenv("XDG_STATE_HOME");
    Path folder =
        state == null || state.isBlank()
            ? Path.of(System.getProperty("user.home", "."), ".local", "state")
            : Path.of(state);
    return new Remembered(folder.resolve("heddle").resolve("history"));
  }

  /** The newest last; none where they cannot be read. */
  List<String> lines() {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.subList(Math.max(0, lines.size() - MOST), lines.size());
    } catch (IOException none) {
      return List.of();
    }
  }

  void add(String line) {
    try {
      Files.createDirectories(
          file.toAbsolutePath().getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      List<String> before = lines();
      if (before.size() >= MOST) {
        Files.write(file, before.subList(MOST / 4, before.size()));
      }
      Files.writeString(file, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    } catch (IOException | UnsupportedOperationException notKept) {
      // It is a convenience: nobody is troubled with it.
    }
  }
}
