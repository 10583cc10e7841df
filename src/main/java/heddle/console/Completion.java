package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Tab: verbs and options of the model, and live names, which the server is asked for. */
final class Completion implements Completer {
  /** Whoever types does not wait for longer. */
  private static final Duration PATIENCE = Duration.ofMillis(150);

  private static final Map<String, List<String>> KEYS =
      Map.of(
          "queue",
          List.of(
              "id:", "from:", "to:", "user:", "state:", "age>", "older:", "newer:", "size>",
              "larger:", "tries>", "reply~", "route:"),
          "session",
          List.of("id:", "user:", "ip:", "listener:", "helo:", "phase:", "older:", "messages>"),
          "events",
          List.of(
              "name:", "id:", "user:", "ip:", "from:", "to:", "msgid:", "mech:", "why:", "step:",
              "actor:", "newer:"));

  private final Grammar grammar;
  private final Desk desk;

  Completion(Grammar grammar, Desk desk) {
    this.grammar = grammar;
    this.desk = desk;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    List<String> before =
        Typed.of(String.join(" ", line.words().subList(0, line.wordIndex()))).words();
    boolean filtered = line.line().substring(0, line.cursor()).indexOf('|') >= 0;
    if (filtered) {
      Grammar.FILTERS.forEach((word, does) -> add(candidates, word, does, true));
      return;
    }
    words(before, line.word(), candidates);
  }

  /** What may stand behind these words. */
  void words(List<String> before, String begun, List<Candidate> candidates) {
    List<String> words = new ArrayList<>(before);
    while (!words.isEmpty() && List.of("watch", "help").contains(words.getFirst())) {
      words.removeFirst();
    }
    if (words.isEmpty()) {
      grammar.first().forEach(word -> add(candidates, word, does(word), true));
      return;
    }
    if (own(words, candidates)) {
      return;
    }
    Grammar.Found found = grammar.find(words);
    if (found.depth() < words.size() && found.hasVerbs()) {
      return;
    }
    if (found.hasVerbs()) {
      found
          .command()
          .getSubcommands()
          .forEach(
              (verb, command) ->
                  add(
                      candidates,
                      verb,
                      String.join(" ", command.getCommandSpec().usageMessage().description()),
                      true));
      return;
    }
    Optional<OptionSpec> waiting =
        Grammar.option(found, words.getLast()).filter(o -> o.arity().max() > 0);
    if (waiting.isPresent() && !words.getLast().contains("=")) {
      names(kind(waiting.get().paramLabel(), words), begun, "", words, candidates);
      return;
    }
    if (begun.startsWith("-")) {
      for (OptionSpec option : found.command().getCommandSpec().options()) {
        add(candidates, option.longestName(), String.join(" ", option.description()), true);
      }
      return;
    }
    Optional<PositionalParamSpec> argument = grammar.argument(found, words);
    if (argument.isPresent()) {
      argument(argument.get(), begun, words, candidates);
    }
  }

  private static boolean own(List<String> words, List<Candidate> candidates) {
    switch (words.getFirst()) {
      case "tail" -> List.of("on", "off").forEach(w -> add(candidates, w, "", true));
      case "set" ->
          (words.size() == 1 ? List.of("hints") : List.of("on", "off"))
              .forEach(w -> add(candidates, w, "", true));
      default -> {
        return false;
      }
    }
    return true;
  }

  private String does(String word) {
    String own = Grammar.OWN.get(word);
    return own != null
        ? own
        : String.join(
            " ",
            grammar.find(List.of(word)).command().getCommandSpec().usageMessage().description());
  }

  private void argument(
      PositionalParamSpec argument, String begun, List<String> words, List<Candidate> candidates) {
    String noun = words.getFirst();
    if (argument.paramLabel().equals("MATCH")) {
      int colon = begun.indexOf(':');
      if (colon > 0 && List.of("user", "from").contains(begun.substring(0, colon))) {
        names("user", begun.substring(colon + 1), begun.substring(0, colon + 1), words, candidates);
        return;
      }
      KEYS.getOrDefault(noun, List.of()).forEach(key -> add(candidates, key, "", false));
      names(noun.equals("session") ? "session" : "queue", begun, "", words, candidates);
      return;
    }
    names(kind(argument.paramLabel(), words), begun, "", words, candidates);
  }

  /** Which live names an argument means. */
  private static String kind(String label, List<String> words) {
    String noun = words.getFirst();
    return switch (label) {
      case "ADDRESS", "USER" -> "user";
      case "ID" -> noun.equals("session") ? "session" : "queue";
      case "LABEL" -> List.of("show", "remove").contains(words.get(1)) ? noun : "";
      case "LISTENER", "NAME" -> noun.equals("auth") ? "listener" : "";
      case "WHO" -> noun.equals("block") ? words.get(1).equals("remove") ? "block" : "" : "user";
      case "WHAT" -> "queue";
      default -> "";
    };
  }

  private void names(
      String kind, String begun, String before, List<String> words, List<Candidate> candidates) {
    if (kind.isEmpty()) {
      return;
    }
    String of = words.size() > 2 ? words.get(2) : "";
    var request = Request.of("complete", Map.of("kind", kind, "prefix", begun, "of", of));
    var asked =
        CompletableFuture.supplyAsync(
            () -> desk.ask(request), task -> Thread.ofVirtual().name("complete").start(task));
    try {
      Answer answer = asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      answer.rows().forEach(row -> add(candidates, before + row.get("name"), "", true));
    } catch (TimeoutException | ExecutionException late) {
      // No names rather than a wait.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void add(List<Candidate> candidates, String word, String does, boolean complete) {
    candidates.add(
        new Candidate(word, word, null, does.isEmpty() ? null : does, null, null, complete));
  }
}
