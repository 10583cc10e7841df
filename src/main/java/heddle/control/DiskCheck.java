package heddle.control;

import heddle.wire.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Room below {@code var}, and whether the spool takes messages. */
public final class DiskCheck implements Check {
  private static final long GIBI = 1L << 30;
  private static final long LEAST = 100L << 20;
  private static final long LEAST_INODES = 1000;

  /**
   * What a disk says of itself.
   *
   * @param free octets that we may still write
   * @param inodes empty where the file system has none to count
   */
  public record Room(long total, long free, Optional<Inodes> inodes) {}

  /** Of a file system with a fixed number of them. */
  public record Inodes(long total, long free) {}

  /** Asks the disk. */
  @FunctionalInterface
  public interface Asked {
    Room room() throws IOException;
  }

  private final String folder;
  private final Asked disk;
  private final Supplier<Optional<String>> closed;

  /**
   * @param folder as it is told
   * @param closed why the spool takes nothing; empty where it does, or where nobody knows
   */
  public DiskCheck(String folder, Asked disk, Supplier<Optional<String>> closed) {
    this.folder = folder;
    this.disk = disk;
    this.closed = closed;
  }

  @Override
  public Subject subject() {
    return Subject.DISK;
  }

  @Override
  public List<Finding> look(Deadline deadline) {
    Optional<String> why = closed.get();
    if (why.isPresent()) {
      return List.of(Ailment.SPOOL_CLOSED.found("why", why.get()));
    }
    try {
      return List.of(judge(disk.room()));
    } catch (IOException silent) {
      String said = String.valueOf(silent.getMessage());
      return List.of(Ailment.DISK_SILENT.found("folder", folder, "why", said));
    }
  }

  private Finding judge(Room room) {
    long percent = room.total() > 0 ? room.free() * 100 / room.total() : 100;
    if (room.free() < LEAST) {
      return space(Ailment.DISK_FULL, room.free(), percent);
    }
    Optional<Inodes> inodes = room.inodes().filter(i -> i.total() > 0);
    long share = inodes.map(i -> i.free() * 100 / i.total()).orElse(100L);
    if (inodes.filter(i -> i.free() < LEAST_INODES).isPresent()) {
      return files(Ailment.INODES_OUT, inodes.get(), share);
    }
    if (room.free() < GIBI || percent < 10) {
      return space(Ailment.DISK_LOW, room.free(), percent);
    }
    if (share < 10) {
      return files(Ailment.INODES_LOW, inodes.orElseThrow(), share);
    }
    String counted = inodes.map(i -> ", " + share + " % of its inodes").orElse("");
    return Finding.ok(
        Subject.DISK.id(), Spans.octets(room.free()) + " free (" + percent + " %)" + counted);
  }

  private Finding space(Ailment ailment, long free, long percent) {
    return ailment.found(
        "free", Spans.octets(free), "percent", Long.toString(percent), "folder", folder);
  }

  private Finding files(Ailment ailment, Inodes inodes, long percent) {
    return ailment.found(
        "free", Long.toString(inodes.free()), "percent", Long.toString(percent), "folder", folder);
  }
}
