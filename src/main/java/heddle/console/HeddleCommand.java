package heddle.console;

import heddle.control.Request;
import java.util.Map;
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
    mixinStandardHelpOptions = false)
public final class HeddleCommand implements Runnable {
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

  private HeddleCommand(Desk desk) {
    this.desk = desk;
    this.line = new CommandLine(this);
    line.addSubcommand(new UserCommand(this));
    line.addSubcommand(new AppCommand(this));
    line.addSubcommand(new KeyCommand(this));
    line.addSubcommand(new DeviceCommand(this));
    line.addSubcommand(new AuthCommand(this));
    line.addSubcommand(new BlockCommand(this));
    line.addSubcommand(new CertCommand(this));
    line.addSubcommand(new SendCommand(this));
    line.addSubcommand(new ConfigCommand(this));
    line.addSubcommand(new DoctorCommand(this));
    line.addSubcommand(new BackupCommand(this));
    line.addSubcommand(new HookCommand(this));
    line.addSubcommand(new QueueCommand(this));
    line.addSubcommand(new SpoolCommand(this));

    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler(Mistakes::told);
    line.setExecutionExceptionHandler((mistake, _, _) -> Mistakes.ours(mistake));
  }

  /** Carries out one command line; returns the exit code. */
  public static int run(Desk desk, String... args) {
    return new HeddleCommand(desk).line.execute(args);
  }

  Desk desk() {
    return desk;
  }

  @Override
  public void run() {
    line.usage(System.out);
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
    return shared.printer().print(desk.ask(Request.of("status", Map.of())), "");
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
    return shared.printer().print(desk.ask(Request.of("login.list", args)), "No logins are known.");
  }

  @Command(name = "version", description = "Show the version.")
  int version(@Mixin Shared shared) {
    var row = Map.<String, Object>of("version", desk.version());
    return shared.printer().say(heddle.control.Answer.row(row), "Heddle " + desk.version());
  }
}
