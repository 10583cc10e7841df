package heddle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import heddle.control.Readiness.Check;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void what_is_well_is_empty_and_what_is_not_has_its_words_in_order() {
    var readiness =
        new Readiness(
            List.of(
                new Check("spool", AT_ONCE, () -> Optional.of("the disk is full")),
                new Check("store", AT_ONCE, Optional::empty),
                new Check(
                    "certificate",
                    AT_ONCE,
                    () -> {
                      throw new IllegalStateException("no clock");
                    })));
    Map<String, Optional<String>> found = readiness.look();
    assertEquals(List.of("spool", "store", "certificate"), List.copyOf(found.keySet()));
    assertEquals(Optional.of("the disk is full"), found.get("spool"));
    assertEquals(Optional.empty(), found.get("store"));
    assertEquals(Optional.of("no clock"), found.get("certificate"));
  }

  @Test
  void an_answer_that_holds_is_not_asked_for_again() {
    var asked = new AtomicInteger();
    var readiness =
        new Readiness(
            List.of(
                new Check("store", LONG, () -> Optional.of("no " + asked.incrementAndGet())),
                new Check("spool", AT_ONCE, () -> Optional.of("no " + asked.incrementAndGet()))));
    readiness.look();
    Map<String, Optional<String>> again = readiness.look();
    assertEquals(Optional.of("no 1"), again.get("store"));
    assertEquals(Optional.of("no 3"), again.get("spool"));
  }

  @Test
  void a_check_that_hangs_is_told_and_asked_once_and_the_others_are_answered() throws Exception {
    var asked = new AtomicInteger();
    var release = new CountDownLatch(1);
    var readiness =
        new Readiness(
            List.of(
                new Check(
                    "store",
                    AT_ONCE,
                    () -> {
                      asked.incrementAndGet();
                      release.await();
                      return Optional.empty();
                    }),
                new Check("spool", AT_ONCE, Optional::empty)));
    for (int i = 0; i < 3; i++) {
      Map<String, Optional<String>> found = readiness.look();
      assertEquals(Optional.of("no answer within 2 s"), found.get("store"));
      assertEquals(Optional.empty(), found.get("spool"));
    }
    assertEquals(1, asked.get());
    release.countDown();
    while (readiness.look().get("store").isPresent()) {
      Thread.onSpinWait();
    }
  }
}
