package heddle.control;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The values of one label. Each value is a series that is kept for ever: what others may choose
 * must have an end. Safe to share; asking takes no lock.
 */
final class Bounded {
  static final String OTHER = "other";

  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private final int most;

  private Bounded(Set<String> known, int most) {
    this.known.addAll(known);
    this.most = most;
  }

  /** These and no more. */
  static Bounded to(Set<String> known) {
    return new Bounded(known, known.size());
  }

  /** The first that come. */
  static Bounded first(int most) {
    return new Bounded(Set.of(), most);
  }

  /** The value, or {@value #OTHER}. */
  String of(String value) {
    if (known.contains(value)) {
      return value;
    }
    // Several that come at the same moment may pass: an end is wanted, not this very number.
    if (known.size() >= most) {
      return OTHER;
    }
    known.add(value);
    return value;
  }
}
