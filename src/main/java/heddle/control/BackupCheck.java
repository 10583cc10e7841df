package heddle.control;

import heddle.wire.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How old the last backup is. */
public final class BackupCheck implements Check {
  private static final Duration OLD = Duration.ofDays(8);
  private final Supplier<Optional<Instant>> last;
  private final InstantSource clock;

  /**
   * @param last when the last one was whole; empty where there was none
   */
  public BackupCheck(Supplier<Optional<Instant>> last, InstantSource clock) {
    this.last = last;
    this.clock = clock;
  }

  @Override
  public Subject subject() {
    return Subject.BACKUP;
  }

  @Override
  public List<Finding> look(Deadline deadline) {
    Optional<Instant> made = last.get();
    if (made.isEmpty()) {
      return List.of(Ailment.BACKUP_NONE.found());
    }
    Duration age = Duration.between(made.get(), clock.instant());
    return List.of(
        age.compareTo(OLD) > 0
            ? Ailment.BACKUP_OLD.found("days", Long.toString(age.toDays()))
            : Finding.ok(Subject.BACKUP.id(), "the last one is " + Spans.time(age) + " old"));
  }
}
