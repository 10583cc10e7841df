package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code user}: the people and programs who may log in. */
@Command(
    addMethodSubcommands = false,
    name = "user",
    description = "The people and programs who may log in.")
final class UserCommand {
  private final HeddleCommand heddle;

  UserCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(name = "show", description = "Show one user, and all that they can log in with.")
  int show(
      @Parameters(paramLabel = "ADDRESS", description = "The user's mail address.") String address,
      @Mixin Shared shared) {
    return shared
        .printer()
        .details(heddle.desk().ask(Request.of("user.show", Map.of("address", address))));
  }

  private static Map<String, String> args(String address, Changing changing) {
    Map<String, String> args = new HashMap<>();
    args.put("address", address);
    args.put("dry-run", Boolean.toString(changing.dryRun));
    return args;
  }

  private static String done(Answer answer, String sentence) {
    boolean dry =
        answer.ok()
            && !answer.rows().isEmpty()
            && Boolean.TRUE.equals(answer.rows().getFirst().get("dry-run"));
    return dry ? "Would be done: " + sentence : sentence;
  }

  @Command(name = "list", description = "List all users.")
  int list(@Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("user.list", Map.of()));
    return shared.printer().print(answer, "No users yet. Add one: heddle user add ADDRESS");
  }

  @Command(
      name = "add",
      description = "Add a user; without a password given, one is made and shown once.")
  int add(
      @Parameters(paramLabel = "ADDRESS", description = "The user's mail address.") String address,
      @Option(names = "--password-stdin", description = "Read the password from standard input.")
          boolean stdin,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return withPassword("user.add", address, stdin, changing, shared, address + " may log in now.");
  }

  @Command(name = "password", description = "Set a user's password.")
  int password(
      @Parameters(paramLabel = "ADDRESS", description = "The user's mail address.") String address,
      @Option(names = "--password-stdin", description = "Read the password from standard input.")
          boolean stdin,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return withPassword(
        "user.password",
        address,
        stdin,
        changing,
        shared,
        "The password of " + address + " is changed; the old one is refused from now on.");
  }

  private int withPassword(
      String verb,
      String address,
      boolean stdin,
      Changing changing,
      Shared shared,
      String sentence) {
    Map<String, String> args = args(address, changing);
    switch (Passwords.get(stdin)) {
      case Passwords.Given.Trouble trouble -> {
        return shared.printer().print(trouble.answer(), "");
      }
      case Passwords.Given.Word word -> args.put("password", word.password());
      case Passwords.Given.Made _ -> {}
    }
    Answer answer = heddle.desk().ask(Request.of(verb, args));
    Object made = answer.rows().isEmpty() ? null : answer.rows().getFirst().get("password");
    String shown = made == null ? "" : "\npassword: " + made + "   (shown this once)";
    return shared.printer().say(answer, done(answer, sentence) + shown);
  }

  @Command(name = "set", description = "Change what a user may do.")
  int set(
      @Parameters(paramLabel = "ADDRESS", description = "The user's mail address.") String address,
      @Option(
              names = "--main-password",
              paramLabel = "on|off",
              required = true,
              description = "Whether the main password may be used for sending; app passwords may.")
          String mainPassword,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    Map<String, String> args = args(address, changing);
    args.put("main-password", mainPassword);
    Answer answer = heddle.desk().ask(Request.of("user.set", args));
    boolean off = mainPassword.equals("off");
    return shared
        .printer()
        .say(
            answer,
            done(
                answer,
                off
                    ? "The main password of "
                        + address
                        + " lets nobody send any more."
                        + note(answer)
                    : "The main password of " + address + " may be used for sending again."));
  }

  private static String note(Answer answer) {
    Object note = answer.rows().isEmpty() ? null : answer.rows().getFirst().get("note");
    return note == null ? "" : "\nnote: " + note;
  }

  @Command(
      name = "import",
      description = "Take over users with the hashes of their passwords; see docs/import.md.")
  int take(
      @Parameters(
              paramLabel = "FILE",
              description = "A passwd-file of Dovecot, a shadow file, or CSV; - is standard input.")
          String file,
      @Option(
              names = "--format",
              paramLabel = "FORMAT",
              defaultValue = "",
              description = "passwd or csv.")
          String format,
      @Option(
              names = "--domain",
              paramLabel = "DOMAIN",
              defaultValue = "",
              description = "The domain of names that have none.")
          String domain,
      @Option(names = "--skip-bad", description = "Import the others where some lines are bad.")
          boolean skipBad,
      @Option(names = "--replace", description = "Give users that are there the file's password.")
          boolean replace,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    var wish = new Importing.Wish(file, format, domain, skipBad, replace, changing.dryRun);
    Answer answer = Importing.carriedOut(wish, heddle.desk()::ask);
    String sentence = answer.rows().isEmpty() ? "" : Importing.sentence(answer.rows().getFirst());
    return shared.printer().say(answer, sentence);
  }

  @Command(name = "disable", description = "Let a user log in no more; nothing is deleted.")
  int disable(
      @Parameters(paramLabel = "ADDRESS", description = "The user's mail address.") String address,
      @Option(
              names = "--reason",
              paramLabel = "WHY",
              defaultValue = "",
              description = "Why, for the record.")
          String reason,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    Map<String, String> args = args(address, changing);
    args.put("reason", reason);
    boolean ask = Confirmation.somebody().isPresent() && !changing.yes && !changing.dryRun;
    if (ask) {
      Answer would = heddle.desk().ask(Request.of("user.disable", dry(args)));
      if (!would.ok()) {
        return shared.printer().print(would, "");
      }
      shared.printer().text(stops(would.rows().getFirst()));
      if (!Confirmation.typed("", address)) {
        return shared
            .printer()
            .print(
                Answer.no(
                    Answer.REFUSED,
                    "nothing was changed",
                    "it was not confirmed",
                    "type " + address + " when asked, or say --yes"),
                "");
      }
    }
    Answer answer = heddle.desk().ask(Request.of("user.disable", args));
    return shared
        .printer()
        .say(
            answer,
            changing.dryRun
                ? done(answer, address + " is disabled.")
                : address + " is disabled." + held(answer, address));
  }

  private static Map<String, String> dry(Map<String, String> args) {
    Map<String, String> dry = new HashMap<>(args);
    dry.put("dry-run", "true");
    return dry;
  }

  private static String stops(Map<String, Object> would) {
    return "Stops now: "
        + count(would, "sessions", "live session")
        + ", the password and "
        + count(would, "credentials", "other credential")
        + ".   Held, not deleted: "
        + count(would, "queued", "queued message")
        + ".";
  }

  private static String count(Map<String, Object> row, String field, String noun) {
    int count = row.get(field) instanceof Number n ? n.intValue() : 0;
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  private static String held(Answer answer, String address) {
    Object held = answer.rows().isEmpty() ? 0 : answer.rows().getFirst().get("held");
    String queue =
        held instanceof Integer count && count > 0
            ? "   Held, not deleted: "
                + count
                + (count == 1 ? " message" : " messages")
                + "; queue release user:"
                + address
            : "";
    return queue + "   undo: user enable " + address;
  }

  @Command(name = "enable", description = "Let a disabled user log in again.")
  int enable(
      @Parameters(paramLabel = "ADDRESS", description = "The user's mail address.") String address,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    Answer answer = heddle.desk().ask(Request.of("user.enable", args(address, changing)));
    return shared.printer().say(answer, done(answer, address + " may log in again."));
  }

  @Command(name = "remove", description = "Remove a user for good.")
  int remove(
      @Parameters(paramLabel = "ADDRESS", description = "The user's mail address.") String address,
      @Option(names = "--forget", description = "Erase what is remembered of them, too.")
          boolean forget,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    if (!changing.yes && !changing.dryRun && !Confirmation.typed(address)) {
      return shared
          .printer()
          .print(
              Answer.no(
                  Answer.REFUSED,
                  "nothing was removed",
                  "removing " + address + " cannot be undone and was not confirmed",
                  "type the address when asked, or say --yes"),
              "");
    }
    Map<String, String> args = args(address, changing);
    args.put("forget", Boolean.toString(forget));
    Answer answer = heddle.desk().ask(Request.of("user.remove", args));
    return shared.printer().say(answer, done(answer, address + " is removed."));
  }
}
