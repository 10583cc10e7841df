package heddle.control;

import heddle.wire.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Whether the clock can be right. Nobody is asked for the time. */
public final class ClockCheck implements Check {
  /** Another machine's clock may have written the file, over a network's file system. */
  private static final Duration DIFFER = Duration.ofMinutes(1);

  /** More than a leap second, and more than a clock drifts that is kept. */
  private static final Duration JUMP = Duration.ofSeconds(5);

  /**
   * What is looked at.
   *
   * @param folders whose newest files tell how late it is at least
   * @param built when this program was made; empty where it does not know
   * @param keeper systemd's folder of time synchronisation
   */
  public record Sights(List<Path> folders, Optional<Instant> built, Path keeper) {}

  private final Sights sights;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Instant wallThen;
  private final long nanosThen;

  /** Begins to compare the clock with {@link System#nanoTime}. */
  public ClockCheck(Sights sights, InstantSource clock) {
    this(sights, clock, System::nanoTime);
  }

  ClockCheck(Sights sights, InstantSource clock, LongSupplier nanos) {
    this.sights = sights;
    this.clock = clock;
    this.nanos = nanos;
    this.wallThen = clock.instant();
    this.nanosThen = nanos.getAsLong();
  }

  @Override
  public Subject subject() {
    return Subject.CLOCK;
  }

  @Override
  public List<Finding> look(Deadline deadline) throws IOException {
    Instant now = clock.instant();
    Optional<Instant> built = sights.built();
    if (built.isPresent() && now.isBefore(built.get())) {
      return List.of(Ailment.CLOCK_BEFORE_BUILD.found("now", told(now), "then", told(built.get())));
    }
    for (Path file : files()) {
      Optional<Instant> written = written(file);
      if (written.isPresent() && now.plus(DIFFER).isBefore(written.get())) {
        return List.of(
            Ailment.CLOCK_BACK.found(
                "now", told(now), "file", file.toString(), "then", told(written.get())));
      }
    }
    Duration moved = Duration.between(wallThen, now).minusNanos(nanos.getAsLong() - nanosThen);
    if (moved.abs().compareTo(JUMP) > 0) {
      return List.of(Ailment.CLOCK_JUMPED.found("seconds", Long.toString(moved.toSeconds())));
    }
    Path mark = sights.keeper().resolve("synchronized");
    boolean kept = Files.exists(mark);
    if (Files.isDirectory(sights.keeper()) && !kept) {
      return List.of(Ailment.CLOCK_UNKEPT.found("file", mark.toString()));
    }
    return List.of(
        Finding.ok(
            Subject.CLOCK.id(),
            kept
                ? "kept by a time server (systemd)"
                : "later than the newest file and the program; no time server was asked"));
  }

  private List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path folder : sights.folders()) {
      if (Files.isDirectory(folder)) {
        try (var found = Files.list(folder)) {
          found.filter(Files::isRegularFile).forEach(files::add);
        }
      }
    }
    return files;
  }

  private static Optional<Instant> written(Path file) {
    try {
      return Optional.of(Files.getLastModifiedTime(file).toInstant());
    } catch (IOException goneMeanwhile) {
      return Optional.empty();
    }
  }

  private static String told(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
