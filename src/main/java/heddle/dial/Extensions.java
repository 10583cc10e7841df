package heddle.dial;

import heddle.mail.Reply;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the other side said it can do (RFC 5321 §4.1.1.1).
 *
 * @param all keywords in upper case, each with the words behind it as they came
 */
public record Extensions(Map<String, List<String>> all) {
  /** Of a server that knows HELO only. */
  public static final Extensions NONE = new Extensions(Map.of());

  public Extensions {
    all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
  }

  /** Of a reply to EHLO: its first line is a greeting, each other one an extension. */
  static Extensions of(Reply ehlo) {
    var all = new LinkedHashMap<String, List<String>>();
    for (String line : ehlo.lines().subList(1, ehlo.lines().size())) {
      // Old servers wrote "AUTH=PLAIN LOGIN" for clients older still.
      List<String> words = List.of(line.strip().replaceFirst("^(?i)AUTH=", "AUTH ").split(" +"));
      all.putIfAbsent(words.getFirst().toUpperCase(Locale.ROOT), words.subList(1, words.size()));
    }
    return new Extensions(all);
  }

  public boolean has(String keyword) {
    return all.containsKey(keyword);
  }

  /** SASL mechanisms, upper case; empty where AUTH is not offered. */
  public List<String> mechanisms() {
    return all.getOrDefault("AUTH", List.of()).stream()
        .map(m -> m.toUpperCase(Locale.ROOT))
        .toList();
  }

  /** The most a message may have; empty where it is not said, or said to be unlimited. */
  public OptionalLong maxSize() {
    List<String> words = all.getOrDefault("SIZE", List.of());
    if (words.isEmpty() || !words.getFirst().matches("\\d{1,18}")) {
      return OptionalLong.empty();
    }
    // RFC 1870 §4: "a value of 0 (zero) indicates that no fixed maximum message size is in force".
    long size = Long.parseLong(words.getFirst());
    return size == 0 ? OptionalLong.empty() : OptionalLong.of(size);
  }
}
