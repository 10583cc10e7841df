package heddle.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import heddle.limit.AuthPenalty.Consequence;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AuthPenaltyTest {
  private static final Duration WAIT = Duration.ofSeconds(5);

  @Test
  void each_failure_waits_and_the_third_of_three_closes() {
    var penalty = new AuthPenalty();
    assertEquals(new Consequence(WAIT, false), penalty.failed(3, WAIT));
    assertEquals(new Consequence(WAIT, false), penalty.failed(3, WAIT));
    assertEquals(new Consequence(WAIT, true), penalty.failed(3, WAIT));
    assertEquals(3, penalty.failures());
  }

  @Test
  void with_a_total_of_one_the_first_failure_closes() {
    assertEquals(new Consequence(Duration.ZERO, true), new AuthPenalty().failed(1, Duration.ZERO));
  }

  @Test
  void what_closed_once_closes_for_good() {
    var penalty = new AuthPenalty();
    penalty.failed(1, WAIT);
    assertEquals(new Consequence(WAIT, true), penalty.failed(1, WAIT));
  }

  @Test
  void a_total_below_one_is_a_mistake_of_ours() {
    assertThrows(IllegalArgumentException.class, () -> new AuthPenalty().failed(0, WAIT));
    assertThrows(IllegalArgumentException.class, () -> new AuthPenalty().failed(1, WAIT.negated()));
  }
}
