package heddle.console;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of the console: a command, and what its output goes through.
 *
 * @param words of the command; quotation marks are taken off
 * @param filters behind a bar each
 */
record Typed(List<String> words, List<List<String>> filters) {
  Typed {
    words = List.copyOf(words);
    filters = List.copyOf(filters);
  }

  /** A quotation mark without its other half is ended by the line. */
  static Typed of(String line) {
    List<List<String>> parts = new ArrayList<>();
    List<String> words = new ArrayList<>();
    var word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inWord = true;
      } else if (Character.isWhitespace(c) || c == '|') {
        if (inWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
        if (c == '|') {
          parts.add(words);
          words = new ArrayList<>();
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    parts.add(words);
    return new Typed(parts.getFirst(), parts.subList(1, parts.size()));
  }
}
