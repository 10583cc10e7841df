package heddle.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code var/lock}: who holds it may write below {@code var}. The kernel takes it back when its
 * holder ends, however it ends.
 */
final class Lock implements AutoCloseable {
  /** POSIX: whoever closes the file anywhere in a process lets go of the lock of all of it. */
  private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel file;

  private Lock(Path path, FileChannel file) {
    this.path = path;
    this.file = file;
  }

  /** Empty where another process, or another thread of this one, holds it. */
  static Optional<Lock> take(Path path) throws IOException {
    if (!HERE.add(path)) {
      return Optional.empty();
    }
    Optional<Lock> taken = Optional.empty();
    try {
      taken = taken(path);
      return taken;
    } finally {
      if (taken.isEmpty()) {
        HERE.remove(path);
      }
    }
  }

  private static Optional<Lock> taken(Path path) throws IOException {
    Files.createDirectories(
        path.getParent(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    FileChannel file =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    FileLock lock = file.tryLock();
    if (lock == null) {
      file.close();
      return Optional.empty();
    }
    file.truncate(0);
    String pid = ProcessHandle.current().pid() + "\n";
    file.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    return Optional.of(new Lock(path, file));
  }

  /** The process that holds it, as it wrote itself down. */
  static String holder(Path path) {
    try {
      String pid = Files.readString(path).strip();
      return pid.matches("\\d+") ? pid : "unknown";
    } catch (IOException unreadable) {
      return "unknown";
    }
  }

  @Override
  public void close() throws IOException {
    try {
      file.close();
    } finally {
      HERE.remove(path);
    }
  }
}
