package heddle.control;

import com.sun.management.UnixOperatingSystemMXBean;
import heddle.wire.Deadline;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;

/** How many files are open, of those that may be. */
public final class FilesCheck implements Check {
  /** File descriptors of the process. */
  public record Open(long now, long most) {}

  private final Supplier<Open> files;

  public FilesCheck() {
    this(FilesCheck::ours);
  }

  FilesCheck(Supplier<Open> files) {
    this.files = files;
  }

  private static Open ours() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? new Open(system.getOpenFileDescriptorCount(), system.getMaxFileDescriptorCount())
        : new Open(0, 0);
  }

  @Override
  public Subject subject() {
    return Subject.FILES;
  }

  @Override
  public List<Finding> look(Deadline deadline) {
    Open open = files.get();
    if (open.most() <= 0) {
      return List.of(Finding.skipped(Subject.FILES.id(), "this system does not count them"));
    }
    long percent = open.now() * 100 / open.most();
    String now = Long.toString(open.now());
    String most = Long.toString(open.most());
    if (percent >= 95) {
      return List.of(Ailment.FILES_OUT.found("open", now, "most", most));
    }
    return List.of(
        percent >= 80
            ? Ailment.FILES_SHORT.found("open", now, "most", most)
            : Finding.ok(Subject.FILES.id(), now + " of " + most + " open"));
  }
}
