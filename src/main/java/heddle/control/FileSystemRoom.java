package heddle.control;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The room of the file system that holds a folder. Inodes the JDK does not count: libc does. */
public final class FileSystemRoom implements DiskCheck.Asked {
  // struct statvfs of 64-bit Linux, glibc and musl alike: unsigned long f_bsize, f_frsize; then
  // 64-bit f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail.
  private static final long STATVFS = 112;
  private static final long FILES = 40;
  private static final long FILES_AVAILABLE = 56;
  private static final Optional<MethodHandle> CALL = statvfs();

  private final Path folder;

  public FileSystemRoom(Path folder) {
    this.folder = folder;
  }

  @SuppressWarnings("restricted") // one call of libc, with a buffer larger than what it fills
  private static Optional<MethodHandle> statvfs() {
    boolean known =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").matches("amd64|x86_64|aarch64");
    if (!known) {
      return Optional.empty();
    }
    var shape =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    Linker linker = Linker.nativeLinker();
    return linker.defaultLookup().find("statvfs").map(at -> linker.downcallHandle(at, shape));
  }

  @Override
  public DiskCheck.Room room() throws IOException {
    FileStore store = Files.getFileStore(folder);
    return new DiskCheck.Room(store.getTotalSpace(), store.getUsableSpace(), inodes());
  }

  private Optional<DiskCheck.Inodes> inodes() {
    if (CALL.isEmpty()) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment told = arena.allocate(2 * STATVFS, 8);
      int failed = (int) CALL.get().invokeExact(arena.allocateFrom(folder.toString()), told);
      return failed == 0
          ? Optional.of(
              new DiskCheck.Inodes(
                  told.get(ValueLayout.JAVA_LONG, FILES),
                  told.get(ValueLayout.JAVA_LONG, FILES_AVAILABLE)))
          : Optional.empty();
    } catch (Throwable notToBeHad) {
      return Optional.empty();
    }
  }
}
