package heddle.control;

import java.time.Duration;
import java.util.Locale;

/** Times and sizes in words for people. */
final class Spans {
  private Spans() {}

  /** {@code 38 ms}, {@code 12 s}, {@code 5 min}, {@code 3 h}, {@code 2 d}; rounded down. */
  static String time(Duration time) {
    if (time.compareTo(Duration.ofSeconds(1)) < 0) {
      return time.toMillis() + " ms";
    }
    if (time.compareTo(Duration.ofMinutes(2)) < 0) {
      return time.toSeconds() + " s";
    }
    if (time.compareTo(Duration.ofHours(2)) < 0) {
      return time.toMinutes() + " min";
    }
    return time.compareTo(Duration.ofDays(2)) < 0 ? time.toHours() + " h" : time.toDays() + " d";
  }

  /** {@code 312 MiB}, {@code 4.1 GiB}. */
  static String octets(long octets) {
    long mebi = octets >> 20;
    return mebi < 1024 ? mebi + " MiB" : String.format(Locale.ROOT, "%.1f GiB", mebi / 1024.0);
  }
}
