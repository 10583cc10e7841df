package heddle.real;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;

/** Writes the tables of {@code docs/directories.md}. Safe to share. */
final class DirectoriesPage {
  /** What happens, as the table has it, and what the client has to hear. */
  enum Situation {
    RIGHT("the right password", "235 2.7.0"),
    WRONG("a wrong password", "535 5.7.8"),
    UNKNOWN("an unknown user", "535 5.7.8"),
    EMPTY("an empty password", "501 5.5.2"),
    REFUSES("the server refuses the connection", "454 4.7.0"),
    HANGS("it takes the connection and says nothing", "454 4.7.0"),
    HALF_SILENCE("half a reply, then silence", "454 4.7.0"),
    HALF_END("half a reply, then the connection ends", "454 4.7.0"),
    GARBAGE("garbage", "454 4.7.0"),
    STRANGER("a certificate that nobody vouches for", "454 4.7.0"),
    RESTART("it is restarted in the midst of the exchange", "454 4.7.0");

    private final String title;
    private final String reply;

    Situation(String title, String reply) {
      this.title = title;
      this.reply = reply;
    }

    String title() {
      return title;
    }

    String reply() {
      return reply;
    }
  }

  /**
   * A reply to AUTH; times are those of {@link System#nanoTime}.
   *
   * @param code and enhanced code
   * @param began when AUTH was said
   * @param fault when things went wrong, where that was later
   */
  record Heard(String code, long began, long fault, long ended) {
    /** As the configuration has it, in milliseconds. */
    private static final long TIMEOUT = 2_000;

    Heard since(long fault) {
      return new Heard(code, began, fault, ended);
    }

    private static long millis(long from, long to) {
      return TimeUnit.NANOSECONDS.toMillis(to - from);
    }

    /** Whether the client had its reply when the time of the question was over, or soon after. */
    boolean inTime() {
      return millis(began, ended) < TIMEOUT + 1_000;
    }

    /** As the page has it; empty where it is neither. */
    String time() {
      if (millis(fault, ended) < 1_000) {
        return "at once";
      }
      return millis(began, ended) >= TIMEOUT - 50 && inTime() ? "2 s" : "";
    }

    @Override
    public String toString() {
      return code + " after " + millis(began, ended) + " ms";
    }
  }

  private static final List<String> PLACES =
      List.of("local", "imap", "smtp", "ldap", "http", "dovecot", "sql");

  private final String opening;
  private final Map<String, Set<String>> codes = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> times = new ConcurrentHashMap<>();

  /**
   * @param opening the page, with {@code FAULTS} and {@code PEOPLE} where the tables are to be
   */
  DirectoriesPage(String opening) {
    this.opening = opening;
  }

  void note(String place, String title, Heard heard) {
    String cell = title + " " + place;
    codes.computeIfAbsent(cell, _ -> new ConcurrentSkipListSet<>()).add(heard.code());
    times.computeIfAbsent(cell, _ -> new ConcurrentSkipListSet<>()).add(heard.time());
  }

  private String table(List<String> titles) {
    var table = new StringBuilder("| |");
    PLACES.forEach(place -> table.append(" `").append(place).append("` |"));
    table.append("\n|").append("---|".repeat(PLACES.size() + 1)).append('\n');
    for (String title : titles) {
      table.append("| ").append(title).append(" |");
      for (String place : PLACES) {
        table.append(' ').append(cell(title + " " + place)).append(" |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  private String cell(String cell) {
    if (!codes.containsKey(cell)) {
      return "-";
    }
    // "2 s" comes first by the alphabet.
    List<String> took = List.copyOf(new TreeSet<>(times.get(cell)).descendingSet());
    return "`" + String.join("`, `", codes.get(cell)) + "`<br>" + String.join(" or ", took);
  }

  @Override
  public String toString() {
    List<String> faults = List.of(Situation.values()).stream().map(Situation::title).toList();
    return opening
        .replace("FAULTS\n", table(faults))
        .replace("PEOPLE\n", table(List.of(Place.SHUT, Place.EXPIRED, Place.UNTOLD)));
  }
}
