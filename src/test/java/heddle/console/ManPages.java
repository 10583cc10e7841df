package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual pages of the commands, made of their model. */
public final class ManPages {
  private static final Map<String, String> EXITS = new LinkedHashMap<>();
  private static final Map<String, String> FILES = new LinkedHashMap<>();

  static {
    EXITS.put("0", "Done.");
    EXITS.put("1", "It failed.");
    EXITS.put("2", "What was typed is wrong.");
    EXITS.put("3", "What was named is not there.");
    EXITS.put("4", "Refused: not confirmed, not allowed, or it does not say which are meant.");
    EXITS.put("5", "The server does not answer.");
    EXITS.put("6", "Done in part.");
    EXITS.put("10", "doctor has found something to think of.");
    EXITS.put("11", "doctor has found something that is wrong.");
    EXITS.put("78", "The configuration is refused.");
    FILES.put("etc/heddle.toml", "The configuration; see heddle.toml(5).");
    FILES.put("etc/hooks", "The site's own hooks.");
    FILES.put("var", "Accounts, messages that wait, and what happened.");
    FILES.put("run/control", "The socket at which a running server is asked.");
    FILES.put("run/status", "The same, for looking only.");
  }

  private ManPages() {}

  /** Nobody is asked when a page is written. */
  private static final Desk NOBODY =
      new Desk() {
        @Override
        public Path home() {
          return Path.of(".");
        }

        @Override
        public Answer ask(Request request) {
          throw new IllegalStateException("no page asks");
        }

        @Override
        public int serve() {
          throw new IllegalStateException("no page serves");
        }

        @Override
        public int quickstart(String address, boolean serve) {
          throw new IllegalStateException("no page serves");
        }

        @Override
        public String version() {
          return "";
        }
      };

  /** The whole model. */
  public static CommandLine model() {
    return HeddleCommand.model(NOBODY);
  }

  /** From file to text: a page for the program, and one for each noun that has verbs. */
  static Map<String, String> all() {
    Map<String, String> pages = new LinkedHashMap<>();
    CommandLine root = model();
    List<String> nouns = new ArrayList<>();
    new TreeMap<>(root.getSubcommands())
        .forEach(
            (name, noun) -> {
              if (!noun.getSubcommands().isEmpty()) {
                nouns.add("heddle-" + name);
                pages.put("heddle-" + name + ".1", noun(name, noun));
              }
            });
    pages.put("heddle.1", program(root, nouns));
    return pages;
  }

  private static String program(CommandLine root, List<String> nouns) {
    CommandSpec spec = root.getCommandSpec();
    Roff page = new Roff("heddle", 1, description(spec).getFirst());
    page.section("SYNOPSIS").synopsis("heddle", "[--home DIR] NOUN [VERB] ...");
    page.synopsis("heddle", "[--home DIR] [-f FILE [--keep-going]]");
    page.section("DESCRIPTION");
    page.prose("An SMTP submission server, and the commands that ask it.");
    page.paragraph(
        "Without a noun, at a terminal, it is a console that completes and explains what is typed;"
            + " without a terminal the commands are read from standard input, a line each.");
    page.paragraph(
        "Tables are for people: into a pipe go values with tabs between, without a header, and with"
            + " --json objects, one a line. Members of these objects that are not documented may"
            + " come: ignore them.");
    page.section("OPTIONS");
    options(page, spec);
    page.section("COMMANDS");
    new TreeMap<>(root.getSubcommands())
        .forEach(
            (name, command) -> {
              if (command.getSubcommands().isEmpty()) {
                verb(page, "heddle " + name, command);
              } else {
                List<String> says = new ArrayList<>(description(command.getCommandSpec()));
                says.add("See heddle-" + name + "(1).");
                page.part("heddle " + name);
                says.forEach(page::prose);
              }
            });
    ends(page, nouns);
    return page.toString();
  }

  private static String noun(String name, CommandLine noun) {
    List<String> says = description(noun.getCommandSpec());
    Roff page = new Roff("heddle-" + name, 1, says.getFirst());
    page.section("SYNOPSIS");
    Map<String, CommandLine> verbs = new TreeMap<>(noun.getSubcommands());
    verbs.forEach(
        (verb, command) -> page.synopsis("heddle " + name + " " + verb, synopsis(command)));
    page.section("DESCRIPTION");
    says.forEach(page::prose);
    verbs.forEach((verb, command) -> verb(page, "heddle " + name + " " + verb, command));
    ends(page, List.of("heddle"));
    return page.toString();
  }

  private static void verb(Roff page, String name, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    page.part((name + " " + synopsis(command)).strip());
    description(spec).forEach(page::prose);
    for (PositionalParamSpec argument : spec.positionalParameters()) {
      page.term(label(argument), "", description(argument));
    }
    options(page, spec);
  }

  /** But for --help, which every command has. */
  private static void options(Roff page, CommandSpec spec) {
    for (OptionSpec option : spec.options()) {
      if (!option.hidden() && (!option.usageHelp() || spec.parent() == null)) {
        page.term(
            String.join(", ", option.names()),
            option.arity().max() > 0 ? label(option) : "",
            description(option));
      }
    }
  }

  private static String synopsis(CommandLine command) {
    List<String> words = new ArrayList<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden() && !option.usageHelp()) {
        String value = option.arity().max() > 0 ? " " + label(option) : "";
        String word = option.longestName() + value;
        words.add(option.required() ? word : "[" + word + "]");
      }
    }
    for (PositionalParamSpec argument : command.getCommandSpec().positionalParameters()) {
      String more = argument.arity().max() > 1 ? "..." : "";
      words.add(
          argument.arity().min() == 0
              ? "[" + label(argument) + more + "]"
              : label(argument) + more);
    }
    return String.join(" ", words);
  }

  private static String label(ArgSpec arg) {
    return arg.paramLabel().replaceAll("[<>]", "");
  }

  /** With its defaults filled in. */
  private static List<String> description(ArgSpec arg) {
    return lines(arg.renderedDescription());
  }

  private static List<String> description(CommandSpec spec) {
    return lines(spec.usageMessage().description());
  }

  private static List<String> lines(String... description) {
    return Arrays.stream(description)
        .map(line -> Ansi.OFF.string(line).replace("%n", " ").replace("%%", "%").strip())
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static void ends(Roff page, List<String> others) {
    page.section("EXIT STATUS");
    EXITS.forEach((code, says) -> page.term(code, "", List.of(says)));
    page.section("FILES")
        .prose("Below the home, which is HEDDLE_HOME unless --home names another:");
    FILES.forEach((file, says) -> page.term(file, "", List.of(says)));
    List<String> see = new ArrayList<>(new LinkedHashSet<>(others));
    page.section("SEE ALSO");
    page.prose(String.join("(1), ", see) + "(1), heddle.toml(5)");
  }
}
