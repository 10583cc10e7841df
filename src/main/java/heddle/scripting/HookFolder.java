package heddle.scripting;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The folder in which hooks lie. What lies there runs with the rights of the server: whoever may
 * write it is the server.
 */
final class HookFolder {
  private static final int DEPTH = 8;

  /** One source file. */
  record Source(Path file, String name, String text) {}

  /**
   * What lies there.
   *
   * @param mark the same for the same files with the same contents, and for no others
   */
  record Contents(List<Source> sources, List<Path> jars, String mark) {
    boolean isEmpty() {
      return sources.isEmpty() && jars.isEmpty();
    }
  }

  private HookFolder() {}

  /** A folder that is not there is an empty one. */
  static Contents read(Path named) throws HooksRefused {
    List<Source> sources = new ArrayList<>();
    List<Path> jars = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    try {
      Path folder = Files.isDirectory(named) ? named.toRealPath() : named;
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path each : Files.isDirectory(folder) ? walk(folder) : List.<Path>of()) {
        String name = folder.relativize(each).toString();
        boolean jar = name.endsWith(".jar") && Files.isRegularFile(each);
        boolean source = name.endsWith(".java") && Files.isRegularFile(each);
        if (jar || source || Files.isDirectory(each)) {
          faults.addAll(foreign(each));
        }
        if (jar || source) {
          byte[] octets = Files.readAllBytes(each);
          digest.update((name + "\0" + octets.length + "\0").getBytes(StandardCharsets.UTF_8));
          digest.update(octets);
        }
        if (jar) {
          jars.add(each);
        } else if (source) {
          read(each, name, sources, faults);
        }
      }
      if (!faults.isEmpty()) {
        throw new HooksRefused(faults);
      }
      return new Contents(
          List.copyOf(sources), List.copyOf(jars), HexFormat.of().formatHex(digest.digest()));
    } catch (IOException trouble) {
      throw new HooksRefused(named + " cannot be read: " + trouble.getMessage());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void read(Path file, String name, List<Source> sources, List<String> faults)
      throws IOException {
    try {
      sources.add(new Source(file, name, Files.readString(file)));
    } catch (MalformedInputException notUtf8) {
      faults.add(name + ": it is not UTF-8");
    }
  }

  private static List<Path> walk(Path folder) throws IOException {
    try (var files = Files.walk(folder, DEPTH)) {
      return files.sorted(Comparator.naturalOrder()).toList();
    }
  }

  /** It must belong to root or to us, and nobody else may write it. */
  static List<String> foreign(Path file) throws IOException {
    PosixFileAttributes found = Files.readAttributes(file, PosixFileAttributes.class);
    String owner = found.owner().getName();
    List<String> faults = new ArrayList<>();
    if (!owner.equals("root") && !owner.equals(System.getProperty("user.name"))) {
      faults.add(
          file + ": it belongs to " + owner + "; a hook must belong to root or to this server");
    }
    Set<PosixFilePermission> may = found.permissions();
    if (may.contains(PosixFilePermission.GROUP_WRITE)
        || may.contains(PosixFilePermission.OTHERS_WRITE)) {
      faults.add(file + ": others may write it; do: chmod go-w " + file);
    }
    return faults;
  }
}
