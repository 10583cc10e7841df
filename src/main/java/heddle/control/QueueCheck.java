package heddle.control;

import heddle.wire.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How long the oldest message waits. */
public final class QueueCheck implements Check {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration TOO_LONG = Duration.ofDays(1);

  /**
   * A message that is not delivered yet.
   *
   * @param to one of those that wait for it
   * @param reply what was last said of it; empty before the first attempt
   */
  public record Waiting(String id, String to, Instant accepted, boolean held, String reply) {}

  private final Supplier<List<Waiting>> queue;
  private final InstantSource clock;

  public QueueCheck(Supplier<List<Waiting>> queue, InstantSource clock) {
    this.queue = queue;
    this.clock = clock;
  }

  @Override
  public Subject subject() {
    return Subject.QUEUE;
  }

  @Override
  public List<Finding> look(Deadline deadline) {
    List<Waiting> all = queue.get();
    List<Waiting> waiting = all.stream().filter(w -> !w.held()).toList();
    Optional<Waiting> oldest = oldest(waiting);
    Duration age = oldest.map(this::age).orElse(Duration.ZERO);
    String held = held(all.stream().filter(Waiting::held).toList());
    if (oldest.isEmpty() || age.compareTo(LONG) <= 0) {
      String says =
          oldest.isEmpty()
              ? "nothing waits"
              : waiting.size() + " wait, the oldest for " + Spans.time(age);
      return List.of(Finding.ok(Subject.QUEUE.id(), says + held));
    }
    Ailment ailment = age.compareTo(TOO_LONG) > 0 ? Ailment.QUEUE_STUCK : Ailment.QUEUE_WAITS;
    String reply = oldest.get().reply().isEmpty() ? "not tried yet" : oldest.get().reply();
    return List.of(
        ailment.found(
            "count",
            Integer.toString(waiting.size()),
            "id",
            oldest.get().id(),
            "to",
            oldest.get().to(),
            "age",
            Spans.time(age),
            "reply",
            reply + held));
  }

  private String held(List<Waiting> held) {
    return oldest(held)
        .map(
            w ->
                "; besides "
                    + held.size()
                    + " held by hand or route, the oldest "
                    + Spans.time(age(w)))
        .orElse("");
  }

  private static Optional<Waiting> oldest(List<Waiting> some) {
    return some.stream().min(Comparator.comparing(Waiting::accepted));
  }

  private Duration age(Waiting waiting) {
    return Duration.between(waiting.accepted(), clock.instant());
  }
}
