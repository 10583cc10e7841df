package heddle.console;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Colours what is typed: what is known bold, what nobody knows red. Tells what it has seen. */
final class Colours implements Highlighter {
  private static final AttributedStyle KNOWN = AttributedStyle.DEFAULT.bold();
  private static final AttributedStyle UNKNOWN =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
  private static final AttributedStyle OPTION =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);

  private final Grammar grammar;
  private final boolean colour;
  private final Consumer<String> seen;

  /**
   * @param seen is told the line at each change
   */
  Colours(Grammar grammar, boolean colour, Consumer<String> seen) {
    this.grammar = grammar;
    this.colour = colour;
    this.seen = seen;
  }

  @Override
  public AttributedString highlight(LineReader reader, String buffer) {
    seen.accept(buffer);
    return colour ? coloured(buffer) : new AttributedString(buffer);
  }

  AttributedString coloured(String buffer) {
    var text = new AttributedStringBuilder();
    List<String> words = new ArrayList<>();
    int i = 0;
    while (i < buffer.length()) {
      int start = i;
      while (i < buffer.length() && !Character.isWhitespace(buffer.charAt(i))) {
        i++;
      }
      if (i > start) {
        String word = buffer.substring(start, i);
        words.add(word);
        text.styled(style(words), word);
      }
      start = i;
      while (i < buffer.length() && Character.isWhitespace(buffer.charAt(i))) {
        i++;
      }
      text.append(buffer, start, i);
    }
    return text.toAttributedString();
  }

  private AttributedStyle style(List<String> words) {
    String word = words.getLast();
    int from = words.contains("|") ? words.lastIndexOf("|") + 1 : 0;
    if (from > 0 || word.equals("|")) {
      boolean first = words.size() - 1 == from;
      return first ? Grammar.FILTERS.containsKey(word) ? KNOWN : UNKNOWN : AttributedStyle.DEFAULT;
    }
    if (words.size() == 1) {
      return grammar.first().contains(word) ? KNOWN : UNKNOWN;
    }
    Grammar.Found found = grammar.find(words);
    if (found.depth() == words.size()) {
      return KNOWN;
    }
    if (found.hasVerbs() && found.depth() == words.size() - 1 && found.depth() > 0) {
      return UNKNOWN;
    }
    if (word.startsWith("-") && found.depth() > 0) {
      return Grammar.option(found, word).isPresent() ? OPTION : UNKNOWN;
    }
    return AttributedStyle.DEFAULT;
  }
}
