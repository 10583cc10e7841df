package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The root of all commands. */
@Command(
    name = "heddle",
    description = "An SMTP submission server.",
    synopsisSubcommandLabel = "NOUN [VERB]",
    addMethodSubcommands = false,
    mixinStandardHelpOptions = false)
public final class HeddleCommand implements Callable<Integer> {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "The folder with etc, var and run (default: HEDDLE_HOME, or the checkout).")
  String homeIsReadBeforehand = "";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.",
      scope = CommandLine.ScopeType.INHERIT)
  boolean help;

  private final Desk desk;
  private final CommandLine line;

  private static final List<String> NOUNS =
      List.of(
          "user", "app", "key", "device", "auth", "session", "queue", "block", "cert", "send",
          "doctor", "backup", "config", "hook", "spool");

  /** Made when it is asked for: reading all of them takes a while at each start. */
  private Object noun(String name) {
    return switch (name) {
      case "user" -> new UserCommand(this);
      case "app" -> new AppCommand(this);
      case "key" -> new KeyCommand(this);
      case "device" -> new DeviceCommand(this);
      case "auth" -> new AuthCommand(this);
      case "session" -> new SessionCommand(this);
      case "queue" -> new QueueCommand(this);
      case "block" -> new BlockCommand(this);
      case "cert" -> new CertCommand(this);
      case "send" -> new SendCommand(this);
      case "doctor" -> new DoctorCommand(this);
      case "backup" -> new BackupCommand(this);
      case "config" -> new ConfigCommand(this);
      case "hook" -> new HookCommand(this);
      case "spool" -> new SpoolCommand(this);
      default -> throw new IllegalArgumentException("no noun: " + name);
    };
  }

  /**
   * @param args what was typed: of a noun and a verb that are known the others are not read, for
   *     that takes a while at each start; none: all
   */
  private HeddleCommand(Desk desk, String... args) {
    this.desk = desk;
    this.line = new CommandLine(this);
    String first = args.length > 0 ? args[0] : "";
    Optional<Method> own = method(HeddleCommand.class, first);
    if (NOUNS.contains(first)) {
      addNoun(first, args.length > 1 ? args[1] : "");
    } else if (own.isPresent()) {
      addVerb(line, own.get());
    } else {
      CommandLine.getCommandMethods(HeddleCommand.class, null).forEach(m -> addVerb(line, m));
      NOUNS.forEach(noun -> addNoun(noun, ""));
    }
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler(Mistakes::told);
    line.setExecutionExceptionHandler((mistake, _, _) -> Mistakes.ours(mistake));
  }

  /** Carries out one command line; returns the exit code. */
  public static int run(Desk desk, String... args) {
    return Io.now().within(() -> execute(desk, args));
  }

  private static int execute(Desk desk, String... args) {
    var heddle = new HeddleCommand(desk, args);
    heddle.line.setOut(new PrintWriter(Io.now().out(), true, StandardCharsets.UTF_8));
    heddle.line.setErr(new PrintWriter(Io.now().err(), true, StandardCharsets.UTF_8));
    return heddle.line.execute(args);
  }

  private void addNoun(String noun, String verb) {
    Object command = noun(noun);
    var named = new CommandLine(command);
    Optional<Method> only = method(command.getClass(), verb);
    if (only.isPresent()) {
      addVerb(named, only.get());
    } else {
      CommandLine.getCommandMethods(command.getClass(), null).forEach(m -> addVerb(named, m));
    }
    line.addSubcommand(noun, named);
  }

  private static void addVerb(CommandLine noun, Method method) {
    var verb = new CommandLine(method);
    noun.addSubcommand(verb.getCommandName(), verb);
  }

  private static Optional<Method> method(Class<?> type, String name) {
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(name) && method.isAnnotationPresent(Command.class)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }

  /** The whole model, for those who complete, explain or describe it. */
  static CommandLine model(Desk desk) {
    return new HeddleCommand(desk).line;
  }

  Desk desk() {
    return desk;
  }

  @Option(
      names = "-f",
      paramLabel = "FILE",
      defaultValue = "",
      description = "Carry out the commands of a file, a line each; - is standard input.")
  String file = "";

  @Option(names = "--keep-going", description = "With -f: go on where one does not succeed.")
  boolean keepGoing;

  /** Without a noun: the console, or the commands of a file or a pipe. */
  @Override
  public Integer call() throws IOException {
    if (!file.isEmpty() && !file.equals("-")) {
      try (InputStream in = Files.newInputStream(Path.of(file))) {
        return new Scripted(desk, keepGoing).run(in);
      } catch (IOException none) {
        return new Printer(Io.now(), false)
            .print(
                Answer.no(
                    Answer.NOT_FOUND,
                    "the file " + file + " cannot be read",
                    "it cannot be read",
                    "name another"),
                "");
      }
    }
    Answer status = desk.ask(Request.of("status", Map.of()));
    if (status.exit() == Answer.NOT_FOUND) {
      return new Printer(Io.now(), false).print(status, "");
    }
    return file.isEmpty() && Io.now().person().isPresent()
        ? Console.run(desk)
        : new Scripted(desk, keepGoing).run(System.in);
  }

  @Command(name = "serve", description = "Serve, in the foreground, until told to stop.")
  int serve() {
    return desk.serve();
  }

  @Command(
      name = "quickstart",
      description = "Prepare a home with one user, and serve: from nothing to a first message.")
  int quickstart(
      @Parameters(paramLabel = "ADDRESS", description = "Your mail address.") String address,
      @Option(names = "--no-serve", description = "Only prepare.") boolean noServe) {
    return desk.quickstart(address, !noServe);
  }

  @Command(name = "status", description = "Is it running, and does something need attention?")
  int status(@Mixin Shared shared) {
    return shared.printer().details(desk.ask(Request.of("status", Map.of())));
  }

  @Command(name = "trace", description = "Show what happened to a message.")
  int trace(
      @Parameters(
              paramLabel = "WHAT",
              description =
                  "Its id or the beginning, its Message-ID, or the address of its sender or a"
                      + " recipient.")
          String what,
      @Option(
              names = "--last",
              paramLabel = "N",
              defaultValue = "1",
              description = "So many messages, the newest (default: ${DEFAULT-VALUE}).")
          int last,
      @Mixin Shared shared) {
    Answer answer =
        desk.ask(Request.of("trace", Map.of("what", what, "last", Integer.toString(last))));
    if (!shared.printer().forPeople() || !answer.ok()) {
      return shared.printer().print(answer, "");
    }
    Traces.print(answer.rows(), shared.printer());
    return 0;
  }

  @Command(name = "events", description = "Show what happened, and with -f what happens.")
  int events(
      @Parameters(
              paramLabel = "MATCH",
              arity = "0..*",
              description =
                  "Which are meant: name:auth-failed user:anna ip:192.0.2.7 to:@example.org"
                      + " why~password newer:1h.")
          @Nullable List<String> match,
      @Option(
              names = "--last",
              paramLabel = "N",
              defaultValue = "50",
              description = "So many of the newest (default: ${DEFAULT-VALUE}).")
          int last,
      @Option(
              names = {"-f", "--follow"},
              description = "Go on with what happens from now on, until Ctrl-C.")
          boolean follow,
      @Mixin Shared shared) {
    return new Following(desk, shared.printer())
        .events(match == null ? "" : String.join(" ", Matches.quoted(match)), last, follow);
  }

  @Command(name = "top", description = "Watch who sends and where it goes, drawn each second.")
  int top(
      @Option(names = "--once", description = "One picture.") boolean once, @Mixin Shared shared) {
    return shared.json
        ? shared.printer().print(desk.ask(Request.of("top", Map.of())), "")
        : new Top(desk, Io.now())
            .run(once || Io.now().person().isEmpty(), Thread.currentThread()::isInterrupted);
  }

  @Command(name = "login", description = "Show who logged in, or tried to, from where and how.")
  int login(
      @Parameters(
              paramLabel = "WHO",
              arity = "0..1",
              defaultValue = "",
              description = "A user, or an address in digits. Default: everybody.")
          String who,
      @Option(
              names = "--last",
              paramLabel = "N",
              defaultValue = "50",
              description = "So many of the newest (default: ${DEFAULT-VALUE}).")
          int last,
      @Option(names = "--failed", description = "Only those that did not succeed.") boolean failed,
      @Mixin Shared shared) {
    var args =
        Map.of("who", who, "last", Integer.toString(last), "failed", Boolean.toString(failed));
    return shared
        .printer()
        .show("login.list", desk.ask(Request.of("login.list", args)), "No logins are known.");
  }

  @Command(name = "completion", description = "Print what a shell needs to complete commands.")
  int completion(
      @Parameters(
              paramLabel = "SHELL",
              description = "bash or zsh. Use it with: source <(heddle completion bash)")
          String shell,
      @Mixin Shared shared) {
    Answer answer = ShellCompletion.of(shell, model(desk));
    return shared.printer().say(answer, ShellCompletion.script(answer));
  }

  @Command(name = "version", description = "Show the version.")
  int version(@Mixin Shared shared) {
    var row = Map.<String, Object>of("version", desk.version());
    return shared.printer().say(Answer.row(row), "Heddle " + desk.version());
  }
}
