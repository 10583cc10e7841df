package heddle.config;

import java.util.List;
import java.util.Optional;

/**
 * Which of many are meant: conditions, all of which must hold; none mean everything. A value; made
 * by {@link MatchParser}.
 */
public record Match(List<Condition> conditions) {
  /** Everything. */
  public static final Match ALL = new Match(List.of());

  public Match {
    conditions = List.copyOf(conditions);
  }

  public boolean holds(Facts facts) {
    return conditions.stream().allMatch(c -> c.holds(facts));
  }

  /** Whether nothing was said of which are meant. */
  public boolean isAll() {
    return conditions.isEmpty();
  }

  /** Whether it says only which are not meant: that is nearly everything. */
  public boolean isAllBut() {
    return conditions.stream().allMatch(c -> c.operator().negative());
  }

  /** The one value that a key must have; empty where it may have several, or any. */
  public Optional<String> only(String key) {
    return conditions.stream()
        .filter(c -> c.key().equals(key) && c.operator() == Operator.EQ)
        .map(c -> c.values().getFirst())
        .findFirst();
  }
}
