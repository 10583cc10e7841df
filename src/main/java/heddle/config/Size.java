package heddle.config;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A number of octets: {@code 25000000}, {@code "25MB"}, {@code "24MiB"}. */
public record Size(long octets) {
  private static final Map<String, Long> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("GiB", 1L << 30);
    UNITS.put("GB", 1_000_000_000L);
    UNITS.put("MiB", 1L << 20);
    UNITS.put("MB", 1_000_000L);
    UNITS.put("KiB", 1L << 10);
    UNITS.put("kB", 1000L);
  }

  static Reading<Size> read(Object raw) {
    if (raw instanceof Long number) {
      return number < 0
          ? Reading.bad("a size is not negative", "")
          : Reading.good(new Size(number));
    }
    if (!(raw instanceof String text)) {
      return Reading.bad("not a size", "Write \"25MB\", \"24MiB\" or a number of octets");
    }
    int i = 0;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    String unit = text.substring(i);
    Long factor = unit.isEmpty() ? Long.valueOf(1) : UNITS.get(unit);
    if (i == 0 || factor == null) {
      List<String> meant = new ArrayList<>();
      UNITS.keySet().stream()
          .filter(
              u ->
                  u.equalsIgnoreCase(unit.strip())
                      || u.substring(0, 1).equalsIgnoreCase(unit.strip()))
          .forEach(meant::add);
      String how =
          i == 0 || meant.isEmpty()
              ? "Write a number and one of kB, MB, GB, KiB, MiB, GiB"
              : "Did you mean " + Words.quoted(text.substring(0, i) + meant.getLast()) + "?";
      return Reading.bad(Words.quoted(text) + " is not a size", how);
    }
    BigInteger octets = new BigInteger(text.substring(0, Math.min(i, 40)));
    octets = octets.multiply(BigInteger.valueOf(factor));
    return octets.bitLength() > 63
        ? Reading.bad(Words.quoted(text) + " is larger than any disk", "")
        : Reading.good(new Size(octets.longValueExact()));
  }

  /** In the largest unit that divides it; a power of ten before a power of two. */
  @Override
  public String toString() {
    for (String unit : List.of("GB", "GiB", "MB", "MiB", "kB", "KiB")) {
      Long factor = UNITS.get(unit);
      if (factor != null && octets > 0 && octets % factor == 0) {
        return octets / factor + unit;
      }
    }
    return Long.toString(octets);
  }
}
