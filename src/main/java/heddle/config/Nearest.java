package heddle.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The word someone probably meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * The candidate with the fewest slips (a letter too many, missing, wrong, or two swapped) from
   * the word, letter case aside; empty where none is near enough to be a likely slip.
   */
  public static Optional<String> of(String word, Collection<String> candidates) {
    String said = word.toLowerCase(Locale.ROOT);
    if (said.length() > 64) {
      return Optional.empty();
    }
    int best = Math.max(1, said.length() / 3) + 1;
    String nearest = null;
    for (String candidate : candidates) {
      int slips = slips(said, candidate.toLowerCase(Locale.ROOT));
      if (slips < best) {
        best = slips;
        nearest = candidate;
      }
    }
    return Optional.ofNullable(nearest);
  }

  private static int slips(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
