package heddle.scripting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The classes that were compiled last, and the mark of the sources they were compiled from: where
 * the compiler cannot be used any more, or no longer takes what it took, the server still starts.
 */
final class LastGood {
  private static final String SUFFIX = ".class";
  private final Path folder;
  private final Path mark;

  /**
   * @param folder ours alone
   */
  LastGood(Path folder) {
    this.folder = folder;
    this.mark = folder.resolve("mark");
  }

  /** The mark goes first and comes last: what is there without it counts for nothing. */
  void keep(String sources, Map<String, byte[]> classes) throws IOException {
    clear();
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    for (var each : classes.entrySet()) {
      Files.write(folder.resolve(each.getKey() + SUFFIX), each.getValue());
    }
    Path draft = folder.resolve("mark.new");
    Files.writeString(draft, sources);
    Files.move(draft, mark, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Empty where nothing was kept of these very sources. */
  Optional<Map<String, byte[]>> of(String sources) {
    try {
      if (!Files.exists(mark)
          || !Files.readString(mark).equals(sources)
          || !HookFolder.foreign(folder).isEmpty()) {
        return Optional.empty();
      }
      Map<String, byte[]> classes = new TreeMap<>();
      try (var files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
          String name = String.valueOf(file.getFileName());
          classes.put(name.substring(0, name.length() - SUFFIX.length()), Files.readAllBytes(file));
        }
      }
      return Optional.of(classes);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  private void clear() throws IOException {
    Files.deleteIfExists(mark);
    if (Files.isDirectory(folder)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
