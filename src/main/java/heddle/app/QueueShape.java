package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.spool.QueueEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How many wait, and for whom: domains by age, as {@code qshape} of Postfix shows them. */
final class QueueShape {
  private static final Map<String, Duration> AGES = new LinkedHashMap<>();

  static {
    AGES.put("5m", Duration.ofMinutes(5));
    AGES.put("20m", Duration.ofMinutes(20));
    AGES.put("1h", Duration.ofHours(1));
    AGES.put("4h", Duration.ofHours(4));
    AGES.put("1d", Duration.ofDays(1));
    AGES.put("older", Duration.ofDays(36_500));
  }

  private final InstantSource clock;

  QueueShape(InstantSource clock) {
    this.clock = clock;
  }

  static Answer count(List<QueueEntry> entries) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("messages", entries.size());
    row.put("octets", entries.stream().mapToLong(e -> e.ticket().size()).sum());
    if (!entries.isEmpty()) {
      row.put("oldest", entries.getFirst().ticket().accepted().toString());
    }
    return Answer.row(row);
  }

  Answer group(Request request, List<QueueEntry> entries) {
    String by = request.arg("by").filter(b -> !b.isEmpty()).orElse("domain");
    if (!Set.of("domain", "from", "user", "state", "why").contains(by)) {
      return Answer.no(
          Answer.USAGE,
          "the queue is not grouped",
          "\"" + by.replaceAll("\\p{Cntrl}", "?") + "\" is nothing to group by",
          "write --by domain, from, user, state or why");
    }
    Instant now = clock.instant();
    Map<String, int[]> groups = new LinkedHashMap<>();
    for (QueueEntry entry : entries) {
      int age = bucket(Duration.between(entry.ticket().accepted(), now));
      for (String group : groups(by, entry)) {
        groups.computeIfAbsent(group, _ -> new int[AGES.size()])[age]++;
      }
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    groups.entrySet().stream()
        .sorted(Comparator.comparingInt(e -> -sum(e.getValue())))
        .forEach(
            e -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("group", e.getKey());
              row.put("messages", sum(e.getValue()));
              int i = 0;
              for (String age : AGES.keySet()) {
                row.put(age, e.getValue()[i++]);
              }
              rows.add(row);
            });
    return Answer.rows(rows);
  }

  private static int sum(int[] counts) {
    int all = 0;
    for (int count : counts) {
      all += count;
    }
    return all;
  }

  private static int bucket(Duration age) {
    int i = 0;
    for (Duration below : AGES.values()) {
      if (age.compareTo(below) < 0) {
        return i;
      }
      i++;
    }
    return i - 1;
  }

  /** A message counts once for each domain that it waits for. */
  private static Set<String> groups(String by, QueueEntry entry) {
    return switch (by) {
      case "from" -> Set.of("<" + entry.ticket().envelope().sender() + ">");
      case "user" -> Set.of(entry.ticket().submitter().map(s -> s.authz()).orElse("(guest)"));
      case "state" -> Set.of(QueueFacts.state(entry));
      case "why" ->
          Set.of(Optional.of(QueueFacts.why(entry)).filter(w -> !w.isEmpty()).orElse("(untried)"));
      default -> {
        Set<String> domains = new LinkedHashSet<>();
        QueueDesk.waiting(entry).forEach(to -> domains.add(to.substring(to.lastIndexOf('@') + 1)));
        yield domains;
      }
    };
  }
}
