package heddle.control;

import heddle.wire.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server can do its work now, by a few checks. Nobody waits for long, and a check that
 * does not answer is not asked again before it has. Safe to share.
 */
public final class Readiness {
  /** So long one waits for a check. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /**
   * One thing without which there is no work.
   *
   * @param name a word
   * @param holds how long an answer need not be asked for again
   * @param trouble one line for an administrator; empty where all is well
   */
  public record Check(String name, Duration holds, Callable<Optional<String>> trouble) {}

  private final List<Watched> checks;

  public Readiness(List<Check> checks) {
    this.checks = checks.stream().map(Watched::new).toList();
  }

  /** What is wrong with each, by name and in order; empty where nothing is. */
  public Map<String, Optional<String>> look() {
    Map<String, Optional<String>> found = new LinkedHashMap<>();
    for (Watched each : checks) {
      found.put(each.check.name(), each.trouble());
    }
    return found;
  }

  private static final class Watched {
    private final Check check;
    private @Nullable FutureTask<Optional<String>> asked;
    private Optional<String> answer = Optional.empty();
    private Deadline asksAgain = Deadline.in(Duration.ZERO);

    Watched(Check check) {
      this.check = check;
    }

    synchronized Optional<String> trouble() {
      FutureTask<Optional<String>> question = asked;
      if (question != null && !question.isDone()) {
        return noAnswer(); // whoever asked it has waited for it already
      }
      if (question == null) {
        if (!asksAgain.over()) {
          return answer;
        }
        question = new FutureTask<>(check.trouble());
        asked = question;
        Thread.ofVirtual().name("ready-" + check.name()).start(question);
      }
      return answerTo(question);
    }

    private Optional<String> answerTo(FutureTask<Optional<String>> question) {
      try {
        answer = question.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException failed) {
        answer = Optional.of(words(failed.getCause()));
      } catch (TimeoutException late) {
        return noAnswer();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return noAnswer();
      }
      asked = null;
      asksAgain = Deadline.in(check.holds());
      return answer;
    }

    private static String words(@Nullable Throwable trouble) {
      return trouble == null || trouble.getMessage() == null
          ? "it cannot be told"
          : trouble.getMessage();
    }

    private static Optional<String> noAnswer() {
      return Optional.of("no answer within " + PATIENCE.toSeconds() + " s");
    }
  }
}
