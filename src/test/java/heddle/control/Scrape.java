package heddle.control;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Prometheus finds at {@code /metrics}. */
public record Scrape(Map<String, Double> samples) {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\.)*\",?)*})?"
              + " (\\S+)");

  /**
   * @throws IllegalArgumentException where a line is none of the format, or a sample comes twice
   */
  public static Scrape of(String text) {
    Map<String, Double> samples = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      if (line.startsWith("# HELP ") || line.startsWith("# TYPE ") || line.isEmpty()) {
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      if (!sample.matches()) {
        throw new IllegalArgumentException("no sample: " + line);
      }
      String name = sample.group(1) + (sample.group(2) == null ? "" : sample.group(2));
      double value = Double.parseDouble(sample.group(3).replace("+Inf", "Infinity"));
      if (samples.put(name, value) != null) {
        throw new IllegalArgumentException("twice: " + name);
      }
    }
    return new Scrape(samples);
  }

  /** The names without labels, those of a histogram's parts among them. */
  public SortedSet<String> names() {
    return samples.keySet().stream()
        .map(sample -> sample.replaceFirst("\\{(?s).*", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** One sample, as it stands there; labels in the order of the alphabet. */
  public double sample(String name) {
    Double value = samples.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no " + name + " in " + samples);
    }
    return value;
  }

  /** The samples of one name. */
  public Map<String, Double> of(Measure measure) {
    Map<String, Double> found = new TreeMap<>();
    samples.forEach(
        (sample, value) -> {
          if (sample.equals(measure.title()) || sample.startsWith(measure.title() + "{")) {
            found.put(sample.substring(measure.title().length()), value);
          }
        });
    return found;
  }
}
