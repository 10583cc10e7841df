package heddle.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConditionTest {
  private static boolean holds(String key, Operator operator, String value, String fact) {
    return new Condition(key, operator, List.of(value)).holds(_ -> Optional.of(fact));
  }

  @Test
  void an_address_is_compared_as_a_member_of_a_network() {
    assertTrue(holds("remote-ip", Operator.EQ, "192.0.2.0/24", "192.0.2.77"));
    assertFalse(holds("remote-ip", Operator.EQ, "192.0.2.0/24", "192.0.3.77"));
    assertTrue(holds("remote-ip", Operator.NE, "192.0.2.0/24", "2001:db8::1"));
    assertTrue(holds("local-ip", Operator.IN, "2001:db8::/32", "2001:db8:0:0:0:0:0:1"));
    assertTrue(holds("remote-ip", Operator.STARTS_WITH, "192.0.", "192.0.2.1"));
  }

  @Test
  void text_is_compared_without_regard_to_letter_case() {
    assertTrue(holds("mechanism", Operator.EQ, "plain", "PLAIN"));
    assertTrue(holds("helo", Operator.ENDS_WITH, ".Example.org", "mail.example.ORG"));
    assertTrue(holds("helo", Operator.MATCHES, "MAIL[0-9]+\\.example\\.org", "mail7.example.org"));
    assertFalse(holds("helo", Operator.MATCHES, "mail", "mail7"));
  }

  @Test
  void what_is_no_number_is_never_in_order() {
    assertTrue(holds("local-port", Operator.GE, "1024", "2465"));
    assertFalse(holds("local-port", Operator.GE, "1024", "high"));
    assertFalse(holds("local-port", Operator.LT, "high", "1"));
  }

  @Test
  void no_pattern_can_make_a_connection_wait() {
    String fact = "a".repeat(4096);
    for (String pattern :
        List.of("(a+)+b", "(a|a)*b", "(a*)*b", "(a?){300}a{300}b", "(.*)*(.*)*x", "((a?)?)*b")) {
      assertInstanceOf(Reading.Good.class, Regex.read(pattern), pattern);
      assertTimeout(
          Duration.ofSeconds(5),
          () -> assertFalse(holds("helo", Operator.MATCHES, pattern, fact)),
          pattern);
    }
  }

  @Test
  void the_nearest_word_is_the_likely_slip_and_a_strange_one_has_none() {
    List<String> known = List.of("listener", "session", "address", "wait");
    assertEquals(Optional.of("address"), Nearest.of("adress", known));
    assertEquals(Optional.of("wait"), Nearest.of("WIAT", known));
    assertEquals(Optional.of("session"), Nearest.of("sesions", known));
    assertEquals(Optional.empty(), Nearest.of("flavour", known));
    assertEquals(Optional.empty(), Nearest.of("", known));
  }
}
