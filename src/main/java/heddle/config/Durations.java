package heddle.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Durations as people write them: {@code "5s" "500ms" "1d" "1h30m"}. */
public final class Durations {
  private record Unit(String name, long millis) {}

  private static final List<Unit> UNITS =
      List.of(
          new Unit("d", 86_400_000),
          new Unit("h", 3_600_000),
          new Unit("m", 60_000),
          new Unit("s", 1000),
          new Unit("ms", 1));
  private static final long MAX_MILLIS = 36_500 * 86_400_000L;
  private static final String HOW =
      "Write a number and a unit: \"500ms\", \"5s\", \"1h30m\", \"1d\"";

  private Durations() {}

  /** The duration that is written so; empty where none is. */
  public static Optional<Duration> parse(String text) {
    return switch (read(text)) {
      case Reading.Good<Duration>(var duration) -> Optional.of(duration);
      case Reading.Bad<Duration> _ -> Optional.empty();
    };
  }

  static Reading<Duration> read(String text) {
    long sum = 0;
    int unitFrom = 0;
    int i = 0;
    while (i < text.length()) {
      int digits = i;
      while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
        i++;
      }
      int letters = i;
      while (i < text.length() && text.charAt(i) >= 'a' && text.charAt(i) <= 'z') {
        i++;
      }
      int unit = unit(text.substring(letters, i), unitFrom);
      if (digits == letters || unit < 0) {
        return Reading.bad(Words.quoted(text) + " is not a duration", HOW);
      }
      long number = letters - digits > 13 ? MAX_MILLIS : Long.parseLong(text, digits, letters, 10);
      if (number > (MAX_MILLIS - sum) / UNITS.get(unit).millis) {
        return Reading.bad(Words.quoted(text) + " is longer than a hundred years", "");
      }
      sum += number * UNITS.get(unit).millis;
      unitFrom = unit + 1;
    }
    return text.isEmpty()
        ? Reading.bad("the duration is empty", HOW)
        : Reading.good(Duration.ofMillis(sum));
  }

  /** Each unit stands once at most, the larger first: 30m1h is a slip, not a sum. */
  private static int unit(String name, int from) {
    for (int i = from; i < UNITS.size(); i++) {
      if (UNITS.get(i).name.equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The shortest text that means the duration, to the millisecond: {@code "1h30m"}. */
  public static String text(Duration duration) {
    long left = duration.toMillis();
    if (left == 0) {
      return "0s";
    }
    var text = new StringBuilder();
    for (Unit unit : UNITS) {
      if (left >= unit.millis) {
        text.append(left / unit.millis).append(unit.name);
        left %= unit.millis;
      }
    }
    return text.toString();
  }
}
