package heddle.console;

import heddle.control.Answer;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What was typed wrong, in words: what, why, and what to type instead. */
final class Mistakes {
  private Mistakes() {}

  static int told(ParameterException mistake, String... args) {
    boolean json = Arrays.asList(args).contains("--json");
    return new Printer(Io.now(), json).print(answer(mistake), "");
  }

  /** A mistake of ours: what it says is for us, and only where it was asked for. */
  static int ours(Exception mistake) {
    PrintStream err = Io.now().err();
    err.println("heddle: this command failed by a mistake of ours");
    err.println("   do:  try it again with HEDDLE_DEBUG=1 set, and send us what it prints");
    if (System.getenv("HEDDLE_DEBUG") != null) {
      mistake.printStackTrace(err);
    }
    return 1;
  }

  private static Answer answer(ParameterException mistake) {
    CommandLine line = mistake.getCommandLine();
    String command = line.getCommandSpec().qualifiedName();
    return switch (mistake) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched, line, command);
      case MissingParameterException missing when !missing.getMissing().isEmpty() ->
          no(
              command + " needs " + names(missing.getMissing()),
              "it was not given",
              usage(line, command));
      default ->
          mistake.getArgSpec() == null
              ? subcommand(mistake, line, command)
              : no(
                  command + " cannot use what was given as " + name(mistake.getArgSpec()),
                  mistake.getValue() == null
                      ? "nothing was given"
                      : "\"" + Printer.cell(mistake.getValue()) + "\" is not " + kind(mistake),
                  usage(line, command));
    };
  }

  private static Answer unmatched(
      UnmatchedArgumentException mistake, CommandLine line, String command) {
    String word = Printer.cell(mistake.getUnmatched().getFirst());
    boolean verb = !word.startsWith("-") && !line.getSubcommands().isEmpty();
    List<String> near = mistake.getSuggestions();
    String why =
        near.isEmpty() || verb && near.stream().noneMatch(line.getSubcommands()::containsKey)
            ? verb ? "there are: " + verbs(line) : "it has no place here"
            : "did you mean " + String.join(" or ", near) + "?";
    return no(
        (verb ? "unknown command \"" : word.startsWith("-") ? "unknown option \"" : "what is \"")
            + (verb && !command.equals("heddle") ? command.substring(7) + " " : "")
            + word
            + (word.startsWith("-") || verb ? "\"" : "\"?"),
        why,
        usage(line, command));
  }

  private static Answer subcommand(ParameterException mistake, CommandLine line, String command) {
    return line.getSubcommands().isEmpty()
        ? no(
            command + " cannot be understood",
            Printer.cell(String.valueOf(mistake.getMessage())),
            usage(line, command))
        : no(command + " needs a verb", "there are: " + verbs(line), usage(line, command));
  }

  private static String kind(ParameterException mistake) {
    Class<?> type = mistake.getArgSpec().type();
    return type == int.class || type == long.class ? "a whole number" : "fit for it";
  }

  private static String verbs(CommandLine line) {
    return String.join(", ", new java.util.TreeSet<>(line.getSubcommands().keySet()));
  }

  private static String names(List<ArgSpec> missing) {
    return String.join(" and ", missing.stream().map(Mistakes::name).toList());
  }

  private static String name(ArgSpec arg) {
    return arg instanceof OptionSpec option
        ? option.longestName() + " " + option.paramLabel()
        : arg.paramLabel();
  }

  private static String usage(CommandLine line, String command) {
    return line.getSubcommands().isEmpty() || command.equals("heddle")
        ? "see what it takes with: " + command + " --help"
        : "see what each does with: " + command + " --help";
  }

  private static Answer no(String what, String why, String remedy) {
    return Answer.no(Answer.USAGE, what, why, remedy);
  }
}
