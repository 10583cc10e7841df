package heddle.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of the machine's file system: files 0600, folders 0700. Safe to share. */
public final class RealDisk implements Disk {
  private final Path root;

  /** The root is made when the first folder is. */
  public RealDisk(Path root) {
    this.root = root;
  }

  @Override
  public void folder(String name) throws IOException {
    make(root);
    make(root.resolve(name));
  }

  private static void make(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Path parent = folder.toAbsolutePath().getParent();
      if (parent != null && !Files.isDirectory(parent)) {
        make(parent);
      }
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (parent != null) {
        force(parent);
      }
    }
  }

  @Override
  public OpenFile create(String name) throws IOException {
    return new RealFile(
        FileChannel.open(
            root.resolve(name),
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
  }

  @Override
  public OpenFile open(String name) throws IOException {
    return new RealFile(FileChannel.open(root.resolve(name), StandardOpenOption.READ));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(root.resolve(from), root.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void unlink(String name) throws IOException {
    Files.deleteIfExists(root.resolve(name));
  }

  @Override
  public List<String> list(String folder) throws IOException {
    if (!Files.isDirectory(root.resolve(folder))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Override
  public void forceFolder(String folder, Force why) throws IOException {
    force(root.resolve(folder));
  }

  private static void force(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public long free() throws IOException {
    return Files.getFileStore(root).getUsableSpace();
  }

  private record RealFile(FileChannel channel) implements OpenFile {
    @Override
    public int read(long at, ByteBuffer into) throws IOException {
      int start = into.position();
      while (into.hasRemaining()) {
        if (channel.read(into, at + into.position() - start) < 0) {
          break;
        }
      }
      return into.position() - start;
    }

    @Override
    public void write(long at, ByteBuffer from) throws IOException {
      for (long to = at; from.hasRemaining(); ) {
        to += channel.write(from, to);
      }
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void force(Force why) throws IOException {
      // fdatasync: it brings the length along, and no time stamps.
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
