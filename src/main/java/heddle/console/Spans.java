package heddle.console;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** Times as people read them. */
final class Spans {
  private static final DateTimeFormatter TODAY =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter TO_THE_MILLI =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
  private static final DateTimeFormatter THIS_YEAR =
      DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);
  private static final DateTimeFormatter OTHER_YEAR =
      DateTimeFormatter.ofPattern("d MMM yyyy", Locale.ENGLISH);

  private Spans() {}

  static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException none) {
      return Optional.empty();
    }
  }

  /** {@code 12 s}, {@code 14 m}, {@code 2 h}, {@code 3 d}. */
  static String of(Duration span) {
    long seconds = Math.abs(span.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " m";
    }
    return seconds < 2 * 86_400 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }

  /** How long ago; the text itself where it is no time. */
  static String ago(String text) {
    return instant(text).map(at -> of(Duration.between(at, Instant.now()))).orElse(text);
  }

  /** How long it takes until then; the text itself where it is no time. */
  static String until(String text) {
    return instant(text)
        .map(at -> at.isBefore(Instant.now()) ? "now" : of(Duration.between(Instant.now(), at)))
        .orElse(text);
  }

  /** The clock of this machine; with its day where it is another. */
  static String clock(String text) {
    return instant(text).map(at -> clock(at, TODAY)).orElse(text);
  }

  static String exactClock(String text) {
    return instant(text).map(at -> clock(at, TO_THE_MILLI)).orElse(text);
  }

  private static String clock(Instant at, DateTimeFormatter today) {
    var here = at.atZone(ZoneId.systemDefault());
    LocalDate now = LocalDate.now(ZoneId.systemDefault());
    DateTimeFormatter form =
        here.toLocalDate().equals(now)
            ? today
            : here.getYear() == now.getYear() ? THIS_YEAR : OTHER_YEAR;
    return form.format(here);
  }

  /** {@code 23 KB}. */
  static String size(long octets) {
    return octets < 10_000
        ? octets + " B"
        : octets < 10_000_000 ? octets / 1000 + " KB" : octets / 1_000_000 + " MB";
  }
}
