package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.delivery.RetryDecision.Expire;
import heddle.delivery.RetryDecision.Notice;
import heddle.delivery.RetryDecision.Patience;
import heddle.delivery.RetryDecision.Retry;
import heddle.delivery.RetryDecision.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryDecisionTest {
  private static final Instant ACCEPTED = Instant.parse("2026-11-21T08:00:00Z");
  private static final Patience PATIENCE =
      Patience.of(
          new RetrySchedule(
              List.of(Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(4))));

  /** A die that always falls the same way; a half is no jitter at all. */
  private static RandomGenerator die(double side) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return 0;
      }

      @Override
      public double nextDouble() {
        return side;
      }
    };
  }

  private static RetryDecision decide(Duration age, int attempts, Notice told, double side) {
    return RetryDecision.decide(
        PATIENCE, new Standing(ACCEPTED, attempts, told), ACCEPTED.plus(age), die(side));
  }

  @ParameterizedTest(name = "{0} after acceptance, {1} failed: again in {2}, notice {4}")
  @CsvSource({
    "PT1S,       1, PT1M,  NOT_YET, NOT_YET",
    "PT2M,       2, PT1H,  NOT_YET, NOT_YET",
    "PT3H59M59S, 3, PT4H,  NOT_YET, NOT_YET",
    "PT4H,       3, PT4H,  NOT_YET, DUE",
    "PT4H,       3, PT4H,  GIVEN,   GIVEN",
    "PT30H,      9, PT4H,  NOT_YET, DUE",
    "PT30H,      9, PT4H,  GIVEN,   GIVEN",
    "PT119H,     40, PT1H, GIVEN,   GIVEN", // the end comes before the step does
    "PT119H59M,  40, PT1M, NOT_YET, DUE",
    "PT1S,       0, PT1M,  NOT_YET, NOT_YET", // no attempt counted is the first step too
    "-PT1H,      1, PT1M,  NOT_YET, NOT_YET", // the clock was set back
  })
  void the_table_of_waits(Duration age, int attempts, Duration wait, Notice told, Notice notice) {
    assertEquals(
        new Retry(ACCEPTED.plus(age).plus(wait), notice), decide(age, attempts, told, 0.5));
  }

  @ParameterizedTest
  @CsvSource({"PT120H", "PT120H1S", "P300D"})
  void after_five_days_it_is_given_up(Duration age) {
    assertEquals(new Expire(), decide(age, 3, Notice.GIVEN, 0.5));
    assertEquals(new Expire(), decide(age, 3, Notice.NOT_YET, 0.5));
  }

  @Test
  void the_jitter_is_a_tenth_to_either_side() {
    assertEquals(
        new Retry(ACCEPTED.plusSeconds(2 * 60 + 54 * 60), Notice.NOT_YET),
        decide(Duration.ofMinutes(2), 2, Notice.NOT_YET, 0.0));
    var late = (Retry) decide(Duration.ofMinutes(2), 2, Notice.NOT_YET, Math.nextDown(1.0));
    assertEquals(ACCEPTED.plusSeconds(2 * 60 + 66 * 60), late.at());
  }

  @Test
  void what_failed_together_does_not_come_back_together() {
    var random = new Random(7);
    var seen =
        java.util.stream.IntStream.range(0, 200)
            .mapToObj(
                _ ->
                    ((Retry)
                            RetryDecision.decide(
                                PATIENCE,
                                new Standing(ACCEPTED, 2, Notice.NOT_YET),
                                ACCEPTED,
                                random))
                        .at())
            .toList();
    assertTrue(seen.stream().distinct().count() > 150);
    assertFalse(seen.stream().anyMatch(t -> t.isBefore(ACCEPTED.plusSeconds(54 * 60))));
    assertFalse(seen.stream().anyMatch(t -> t.isAfter(ACCEPTED.plusSeconds(66 * 60))));
  }

  @Test
  void a_message_that_never_goes_through_ends_and_its_delay_is_told_once() {
    var random = new Random(11);
    Instant now = ACCEPTED;
    Notice told = Notice.NOT_YET;
    int notices = 0;
    int attempts = 1;
    while (RetryDecision.decide(PATIENCE, new Standing(ACCEPTED, attempts, told), now, random)
        instanceof Retry retry) {
      assertTrue(retry.at().isAfter(now));
      if (retry.notice() == Notice.DUE) {
        notices++;
        told = Notice.GIVEN;
      }
      now = retry.at();
      attempts++;
      assertTrue(attempts < 1000);
    }
    assertEquals(1, notices);
    assertEquals(ACCEPTED.plus(Duration.ofDays(5)), now, "the last attempt is at the very end");
  }
}
