package heddle.console;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What may come next, in lines: behind a question mark, and for {@code help}. */
final class Help {
  private static final int MOST = 20;

  private Help() {}

  /**
   * @param before what is typed up to the cursor
   */
  static List<String> lines(Grammar grammar, Completion completion, String before) {
    List<String> words = new ArrayList<>(Typed.of(before).words());
    boolean begun =
        !before.isEmpty() && !Character.isWhitespace(before.charAt(before.length() - 1));
    String last = begun && !words.isEmpty() ? words.removeLast() : "";
    Grammar.Found found = grammar.find(words);
    boolean command = found.depth() > 0 && !found.hasVerbs();
    return command ? ofCommand(found) : ofWords(completion, words, last);
  }

  private static List<String> ofCommand(Grammar.Found found) {
    List<String> lines = new ArrayList<>();
    var spec = found.command().getCommandSpec();
    lines.add(String.join(" ", spec.usageMessage().description()));
    for (PositionalParamSpec argument : spec.positionalParameters()) {
      lines.add(row(argument.paramLabel(), String.join(" ", argument.description())));
    }
    for (OptionSpec option : spec.options()) {
      if (!option.usageHelp()) {
        lines.add(
            row(
                option.longestName() + (option.arity().max() > 0 ? " " + option.paramLabel() : ""),
                String.join(" ", option.description())));
      }
    }
    return lines;
  }

  private static List<String> ofWords(Completion completion, List<String> words, String begun) {
    List<Candidate> candidates = new ArrayList<>();
    completion.words(words, begun, candidates);
    List<String> lines = new ArrayList<>();
    candidates.stream()
        .filter(c -> c.value().startsWith(begun))
        .limit(MOST + 10)
        .forEach(c -> lines.add(row(c.value(), c.descr() == null ? "" : c.descr())));
    return lines.isEmpty() ? List.of("nothing can come here") : lines;
  }

  private static String row(String word, String does) {
    return "  " + word + " ".repeat(Math.max(2, 20 - word.length())) + does;
  }
}
