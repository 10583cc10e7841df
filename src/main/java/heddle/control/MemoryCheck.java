package heddle.control;

import heddle.wire.Deadline;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.function.Supplier;

/** How full the heap is where a collection has just been. */
public final class MemoryCheck implements Check {
  /** In octets. */
  public record Heap(long used, long most) {}

  private final Supplier<Heap> heap;

  public MemoryCheck() {
    this(MemoryCheck::lasting);
  }

  MemoryCheck(Supplier<Heap> heap) {
    this.heap = heap;
  }

  /** What outlived the last collection of each part; before the first that is nothing. */
  private static Heap lasting() {
    long used = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      var behind = pool.getCollectionUsage();
      if (pool.getType() == MemoryType.HEAP && behind != null) {
        used += behind.getUsed();
      }
    }
    return new Heap(used, Runtime.getRuntime().maxMemory());
  }

  @Override
  public Subject subject() {
    return Subject.MEMORY;
  }

  @Override
  public List<Finding> look(Deadline deadline) {
    Heap now = heap.get();
    long percent = now.most() > 0 ? now.used() * 100 / now.most() : 0;
    String used = Spans.octets(now.used());
    String most = Spans.octets(now.most());
    if (percent >= 95) {
      return List.of(Ailment.MEMORY_OUT.found("used", used, "most", most));
    }
    return List.of(
        percent >= 85
            ? Ailment.MEMORY_SHORT.found("used", used, "most", most)
            : Finding.ok(Subject.MEMORY.id(), used + " of " + most));
  }
}
