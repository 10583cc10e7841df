package heddle.talks;

import java.util.Map;
import java.util.Optional;

/** Where we do otherwise than a seed says or leaves open, and do so on purpose. */
final class Otherwise {
  private static final Map<String, String> ROWS =
      Map.ofEntries(
          Map.entry("A10", "it is drawn at the greeting already; the next MAIL takes it"),
          Map.entry("A20", "with Reply the 334 is sent, then the connection ends"),
          Map.entry("B3", "rules are written as tables and in no other way"),
          Map.entry("B6", "the last failure is told as 421"),
          Map.entry("B13", "an old yes is answered and asked for again behind the reply"),
          Map.entry("B14", "without TLS no password leaves this machine unless the site says so"),
          Map.entry(
              "C22",
              "the proxy sees every command; `next` adds the line behind it, whatever it is"),
          Map.entry("C23", "334 and 354 are for a proxy that asks for the next line"),
          Map.entry("D6", "OTP is an example of a hook; the others are built in"),
          Map.entry("E1", "the hook is one of the lookups, and is asked at LOGIN too"));

  private Otherwise() {}

  /** In a few words, for the page. */
  static Optional<String> of(String row) {
    return Optional.ofNullable(ROWS.get(row));
  }
}
