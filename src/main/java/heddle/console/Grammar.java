package heddle.console;

import heddle.control.Answer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What may be typed: the commands of the model, and the words that only the console has. */
final class Grammar {
  /** Words of the console itself, and what they do. */
  static final Map<String, String> OWN =
      new TreeMap<>(
          Map.of(
              "help", "Show the commands, or what one takes: help queue drop",
              "tail", "tail on: show what happens above the prompt; tail off",
              "watch", "Repeat a command every two seconds: watch queue list",
              "history", "Show what was typed.",
              "set", "set hints on|off: grey suggestions and help below",
              "clear", "Clear the screen.",
              "exit", "Leave; Ctrl-D does, too."));

  /** What output may go through, behind a bar. */
  static final Map<String, String> FILTERS =
      new TreeMap<>(
          Map.of(
              "grep", "Only lines that have it: | grep gmail; -v: those that have not",
              "count", "How many lines: | count",
              "head", "The first: | head 5"));

  private final CommandLine root;

  Grammar(CommandLine root) {
    this.root = root;
  }

  /**
   * How far the words are known.
   *
   * @param command the last that was
   * @param depth how many words named it
   */
  record Found(CommandLine command, int depth) {
    boolean hasVerbs() {
      return !command.getSubcommands().isEmpty();
    }
  }

  Found find(List<String> words) {
    CommandLine command = root;
    int depth = 0;
    while (depth < words.size()) {
      CommandLine next = command.getSubcommands().get(words.get(depth));
      if (next == null) {
        break;
      }
      command = next;
      depth++;
    }
    return new Found(command, depth);
  }

  /** Nouns, and the console's own words. */
  Set<String> first() {
    Set<String> words = new LinkedHashSet<>(root.getSubcommands().keySet());
    words.removeAll(Set.of("serve", "quickstart"));
    words.addAll(OWN.keySet());
    return words;
  }

  /** The argument in whose place the next word comes; empty where none is left. */
  Optional<PositionalParamSpec> argument(Found found, List<String> words) {
    int index = 0;
    boolean value = false;
    for (String word : words.subList(found.depth(), words.size())) {
      if (value) {
        value = false;
      } else if (word.startsWith("-")) {
        value = option(found, word).filter(o -> o.arity().max() > 0).isPresent();
      } else {
        index++;
      }
    }
    int at = index;
    return found.command().getCommandSpec().positionalParameters().stream()
        .filter(p -> p.index().contains(at))
        .findFirst();
  }

  static Optional<OptionSpec> option(Found found, String word) {
    String name = word.indexOf('=') > 0 ? word.substring(0, word.indexOf('=')) : word;
    return Optional.ofNullable(found.command().getCommandSpec().findOption(name));
  }

  /** In one line, what may come next. */
  String hint(List<String> words) {
    if (words.isEmpty()) {
      return "";
    }
    String own = OWN.get(words.getFirst());
    if (own != null) {
      return own;
    }
    Found found = find(words);
    if (found.depth() == 0) {
      return "";
    }
    var spec = found.command().getCommandSpec();
    String name = String.join(" ", words.subList(0, found.depth()));
    if (found.hasVerbs()) {
      return name
          + ": "
          + String.join(" ", new LinkedHashSet<>(found.command().getSubcommands().keySet()));
    }
    List<String> parts = new ArrayList<>();
    spec.positionalParameters()
        .forEach(
            p -> parts.add(p.arity().min() == 0 ? "[" + p.paramLabel() + "]" : p.paramLabel()));
    spec.options().stream()
        .filter(o -> !o.hidden() && !o.usageHelp())
        .forEach(o -> parts.add("[" + o.longestName() + "]"));
    return name
        + " "
        + String.join(" ", parts)
        + "  "
        + String.join(" ", spec.usageMessage().description());
  }

  /** A first word that nobody knows; with the nearest. */
  Answer unknown(String word) {
    List<String> near = Nearest.of(word, first());
    return Answer.no(
        Answer.USAGE,
        "unknown command \""
            + Printer.cell(word)
            + "\"."
            + (near.isEmpty() ? "" : " Did you mean " + String.join(" or ", near) + "?"),
        near.isEmpty() ? "there are: " + String.join(", ", first()) : "",
        "");
  }
}
