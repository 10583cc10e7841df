package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.listener.Crowd;
import heddle.session.Presented;
import heddle.spool.QueueEntry;
import heddle.spool.Spool;
import heddle.store.History;
import heddle.store.StoreUnavailable;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The verb {@code top}: who sends and where it goes, asked about every second by who watches. */
final class TopDesk {
  private static final int MINUTES = 20;
  private static final int ROWS = 50;
  private static final int MOST = 100_000;

  private final Crowd crowd;
  private final History history;
  private final Spool spool;
  private final InstantSource clock;

  TopDesk(Crowd crowd, History history, Spool spool, InstantSource clock) {
    this.crowd = crowd;
    this.history = history;
    this.spool = spool;
    this.clock = clock;
  }

  /** Answers, or empty where the verb is another. */
  Optional<Answer> ask(Request request) {
    return request.verb().equals("top") ? Optional.of(top()) : Optional.empty();
  }

  /** Somebody who has sent, or is here. */
  private static final class Sender {
    private String via = "";
    private String from = "";
    private String now = "";
    private int hour;
    private int day;
    private Instant last = Instant.EPOCH;
    private final Set<String> today = new HashSet<>();
  }

  private Answer top() {
    Instant now = clock.instant();
    Map<String, Sender> senders = new TreeMap<>();
    int[] in = new int[MINUTES];
    int[] out = new int[MINUTES];
    try {
      var day = History.Question.newest(MOST).since(now.minus(Duration.ofDays(1)));
      for (History.Entry entry : history.ask(day.named(Set.of("accepted")))) {
        sent(senders.computeIfAbsent(name(entry.field("user")), _ -> new Sender()), entry, now);
        count(in, entry, now);
      }
      var minutes = History.Question.newest(MOST).since(now.minus(Duration.ofMinutes(MINUTES)));
      for (History.Entry entry : history.ask(minutes.named(Set.of("delivered")))) {
        count(out, entry, now);
      }
    } catch (StoreUnavailable trouble) {
      return EventDesk.unreadable(trouble);
    }
    List<Presented> here = crowd.present().stream().map(s -> s.presented()).toList();
    for (Presented session : here) {
      Sender sender = senders.computeIfAbsent(name(session.user().orElse("")), _ -> new Sender());
      sender.via = session.credential().orElse(sender.via);
      sender.from = session.client().ip();
      sender.now = session.phase();
    }
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("sessions", here.size());
    row.put("logged-in", (int) here.stream().filter(s -> s.user().isPresent()).count());
    row.put("queue", spool.status().messages());
    row.put("in", numbers(in));
    row.put("out", numbers(out));
    row.put("cpu", cpu());
    row.put("heap", Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    row.put("who", who(senders, now));
    row.put("to", waitedFor());
    return Answer.row(row);
  }

  private static String name(String user) {
    return user.isEmpty() ? "(nobody yet)" : user;
  }

  private static void sent(Sender sender, History.Entry entry, Instant now) {
    sender.day++;
    if (Duration.between(entry.at(), now).compareTo(Duration.ofHours(1)) < 0) {
      sender.hour++;
    }
    if (entry.at().isAfter(sender.last)) {
      sender.last = entry.at();
      String client = entry.field("client");
      sender.from = client.substring(0, Math.max(0, client.lastIndexOf(':')));
    }
    sender.today.addAll(List.of(entry.field("to").split(",")));
  }

  private static void count(int[] minutes, History.Entry entry, Instant now) {
    long ago = Duration.between(entry.at(), now).toMinutes();
    if (ago >= 0 && ago < MINUTES) {
      minutes[MINUTES - 1 - (int) ago]++;
    }
  }

  private static List<Integer> numbers(int[] counts) {
    List<Integer> list = new ArrayList<>();
    for (int count : counts) {
      list.add(count);
    }
    return list;
  }

  private static int cpu() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? (int) Math.max(0, Math.round(machine.getProcessCpuLoad() * 100))
        : 0;
  }

  /** Whoever is here first, then by when they sent last. */
  private static List<Map<String, Object>> who(Map<String, Sender> senders, Instant now) {
    return senders.entrySet().stream()
        .sorted(
            Comparator.comparing((Map.Entry<String, Sender> e) -> e.getValue().now.isEmpty())
                .thenComparing(e -> Duration.between(e.getValue().last, now)))
        .limit(ROWS)
        .map(
            e -> {
              Sender sender = e.getValue();
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("who", e.getKey());
              row.put("via", sender.via);
              row.put("from", sender.from);
              row.put("now", sender.now.isEmpty() ? "" : sender.now);
              row.put("hour", sender.hour);
              row.put("day", sender.day);
              row.put("recipients", sender.today.size());
              row.put("last", sender.last.equals(Instant.EPOCH) ? "" : sender.last.toString());
              return row;
            })
        .toList();
  }

  private List<Map<String, Object>> waitedFor() {
    Map<String, List<QueueEntry>> domains = new TreeMap<>();
    for (QueueEntry entry : spool.entries()) {
      Set<String> each = new HashSet<>();
      QueueDesk.waiting(entry).forEach(to -> each.add(to.substring(to.lastIndexOf('@') + 1)));
      each.forEach(d -> domains.computeIfAbsent(d, _ -> new ArrayList<>()).add(entry));
    }
    return domains.entrySet().stream()
        .sorted(Comparator.comparingInt(e -> -e.getValue().size()))
        .limit(ROWS)
        .map(
            e -> {
              List<QueueEntry> entries = e.getValue();
              QueueEntry oldest =
                  entries.stream()
                      .min(Comparator.comparing(q -> q.ticket().accepted()))
                      .orElseThrow();
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("domain", e.getKey());
              row.put("queued", entries.size());
              row.put(
                  "tried",
                  (int)
                      entries.stream().filter(q -> !QueueFacts.state(q).equals("waiting")).count());
              row.put("oldest", oldest.ticket().accepted().toString());
              row.put("reply", QueueFacts.why(oldest));
              return row;
            })
        .toList();
  }
}
