package heddle.session;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which mechanism was seen to end how, and how often. */
final class Ledger {
  private final Map<Way, Map<End, Integer>> cells = new EnumMap<>(Way.class);
  private int exchanges;

  void add(Way way, End end) {
    exchanges++;
    cells.computeIfAbsent(way, _ -> new EnumMap<>(End.class)).merge(end, 1, Integer::sum);
  }

  int exchanges() {
    return exchanges;
  }

  int count(Way way, End end) {
    return cells.getOrDefault(way, Map.of()).getOrDefault(end, 0);
  }

  /** Why there is no such cell. */
  static Optional<String> impossible(Way way, End end) {
    return switch (end) {
      case SPEAKS_FIRST ->
          way == Way.CRAM_MD5 ? Optional.empty() : Optional.of("its client may speak first");
      case ENDLESS ->
          way == Way.X_SITE ? Optional.empty() : Optional.of("it asks no more than three times");
      case SITE_NO, SITE_NO_AND_BYE, SITE_LATER, SITE_LATER_AND_BYE, SITE_HANGS_UP ->
          way == Way.X_SITE ? Optional.empty() : Optional.of("only the hook says this, of its own");
      default -> Optional.empty();
    };
  }

  /** A row for each mechanism, a column for each ending; the columns are numbered below. */
  @Override
  public String toString() {
    var text = new StringBuilder(exchanges + " exchanges; mechanism and ending:\n");
    text.append("%-20s".formatted(""));
    for (End end : End.values()) {
      text.append("%6s".formatted("(" + (end.ordinal() + 1) + ")"));
    }
    for (Way way : Way.values()) {
      text.append("\n%-20s".formatted(way.word));
      for (End end : End.values()) {
        text.append("%6s".formatted(impossible(way, end).isPresent() ? "-" : count(way, end)));
      }
    }
    Map<String, String> reasons = new TreeMap<>();
    for (End end : End.values()) {
      String name = "(" + (end.ordinal() + 1) + ") " + end;
      text.append("\n").append(name).append(end.reply.isEmpty() ? "" : ": " + end.reply);
      for (Way way : Way.values()) {
        impossible(way, end).ifPresent(why -> reasons.merge(name, why, (a, _) -> a));
      }
    }
    reasons.forEach((cell, why) -> text.append("\n- at ").append(cell).append(": ").append(why));
    return text.toString();
  }
}
