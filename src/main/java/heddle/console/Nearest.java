package heddle.console;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Which of the known words was meant. */
final class Nearest {
  private Nearest() {}

  /** At most two, the nearest first; none where nothing is near. */
  static List<String> of(String word, Collection<String> known) {
    int most = Math.max(1, word.length() / 3);
    return known.stream()
        .filter(k -> k.startsWith(word) && word.length() > 1 || distance(word, k) <= most)
        .sorted(Comparator.comparingInt(k -> k.startsWith(word) ? 0 : distance(word, k)))
        .limit(2)
        .toList();
  }

  /** Levenshtein's. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int before = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = before + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        before = row[j];
        row[j] = Math.min(same, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
