package heddle.config;

import java.time.Duration;

/** So many in so long: {@code "20/10m"}. */
public record Rate(int count, Duration per) {
  private static final String HOW = "Write a count, a stroke and a duration: \"20/10m\"";

  static Reading<Rate> read(String text) {
    int stroke = text.indexOf('/');
    String count = stroke < 0 ? "" : text.substring(0, stroke);
    if (!count.matches("[0-9]{1,9}")) {
      return Reading.bad(Words.quoted(text) + " is not a rate", HOW);
    }
    return switch (Durations.read(text.substring(stroke + 1))) {
      case Reading.Bad<Duration>(var reason, var how) -> Reading.bad(reason, how);
      case Reading.Good<Duration>(var per) ->
          per.isZero() || Integer.parseInt(count) == 0
              ? Reading.bad(Words.quoted(text) + " would let nothing pass", HOW)
              : Reading.good(new Rate(Integer.parseInt(count), per));
    };
  }

  @Override
  public String toString() {
    return count + "/" + Durations.text(per);
  }
}
