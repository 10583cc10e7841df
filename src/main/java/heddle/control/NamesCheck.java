package heddle.control;

import heddle.wire.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Which way names are looked up. */
public final class NamesCheck implements Check {
  private final Supplier<Optional<String>> complaint;

  /**
   * @param complaint {@link heddle.dns.Names#checkResolver}
   */
  public NamesCheck(Supplier<Optional<String>> complaint) {
    this.complaint = complaint;
  }

  @Override
  public Subject subject() {
    return Subject.NAMES;
  }

  @Override
  public List<Finding> look(Deadline deadline) {
    return List.of(
        complaint
            .get()
            .map(why -> Ailment.NAMES_BLOCK.found("why", why))
            .orElseGet(() -> Finding.ok(Subject.NAMES.id(), "looked up with a deadline")));
  }
}
