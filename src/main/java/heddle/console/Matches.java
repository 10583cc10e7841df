package heddle.console;

import java.util.List;

/** What is typed to say which are meant. */
final class Matches {
  private Matches() {}

  /** A shell has taken the quotation marks off; a word with a space gets them back. */
  static List<String> quoted(List<String> words) {
    return words.stream().map(w -> w.indexOf(' ') < 0 ? w : "\"" + w + "\"").toList();
  }

  /** An id or its beginning, or all of a user: one word that names what is meant. */
  static boolean isOne(String word) {
    return word.matches("[0-9A-Za-z]{5,12}") || word.startsWith("user:") && !word.contains("*");
  }
}
