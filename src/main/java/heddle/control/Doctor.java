package heddle.control;

import heddle.wire.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes all its checks, side by side; one that fails or hangs is a finding of its own. */
public final class Doctor {
  /** Less than those who ask through the control socket wait. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration GRACE = Duration.ofSeconds(2);
  private final List<Check> checks;
  private final Duration patience;

  public Doctor(List<Check> checks) {
    this(checks, PATIENCE);
  }

  Doctor(List<Check> checks, Duration patience) {
    this.checks = List.copyOf(checks);
    this.patience = patience;
  }

  /** In the order of the checks. */
  public List<Finding> run() {
    Deadline deadline = Deadline.in(patience);
    Deadline end = deadline.plus(patience.compareTo(GRACE) < 0 ? patience : GRACE);
    List<CompletableFuture<List<Finding>>> under = new ArrayList<>();
    for (Check check : checks) {
      var coming = new CompletableFuture<List<Finding>>();
      under.add(coming);
      Thread.ofVirtual()
          .name("doctor-" + check.subject().id())
          .start(() -> coming.complete(looked(check, deadline)));
    }
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      findings.addAll(awaited(checks.get(i), under.get(i), end));
    }
    return findings;
  }

  private static List<Finding> looked(Check check, Deadline deadline) {
    try {
      return check.look(deadline);
    } catch (Exception | StackOverflowError trouble) {
      String why = trouble.getMessage();
      return List.of(
          Ailment.CHECK_FAILED.found(
              "check",
              check.subject().id(),
              "why",
              why == null ? trouble.getClass().getSimpleName() : why));
    }
  }

  private List<Finding> awaited(
      Check check, CompletableFuture<List<Finding>> coming, Deadline end) {
    try {
      return coming.get(end.millisLeft(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException late) {
      // Said below.
    }
    return List.of(
        Ailment.CHECK_OVERDUE.found(
            "check", check.subject().id(), "seconds", Long.toString(patience.toSeconds())));
  }
}
