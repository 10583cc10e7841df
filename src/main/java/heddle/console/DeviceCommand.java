package heddle.console;

import heddle.control.Answer;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code device}: printers and scanners, known by their network. */
@Command(
    addMethodSubcommands = false,
    name = "device",
    description =
        "Printers, scanners and other machines, known by their network, at listeners with"
            + " plain-auth-from.")
final class DeviceCommand {
  private final Credentials credentials;

  DeviceCommand(HeddleCommand heddle) {
    this.credentials = new Credentials(heddle, "device");
  }

  @Command(name = "list", description = "List the devices of a user, or of all.")
  int list(
      @Parameters(paramLabel = "ADDRESS", arity = "0..1", description = "The user.") String address,
      @Mixin Shared shared) {
    return credentials.list(
        address, "No devices yet. Add one: heddle device add ADDRESS LABEL --network IP", shared);
  }

  @Command(name = "show", description = "Show one, how far its right goes and its last use.")
  int show(
      @Parameters(paramLabel = "ADDRESS", description = "The user.") String address,
      @Parameters(paramLabel = "LABEL", description = "As device list shows it.") String label,
      @Mixin Shared shared) {
    return credentials.show(address, label, shared);
  }

  @Command(name = "add", description = "Let a machine send as a user, by the network it is in.")
  int add(
      @Parameters(
              paramLabel = "ADDRESS",
              arity = "0..1",
              defaultValue = "",
              description = "The user as whom it sends. What is missing is asked for.")
          String address,
      @Parameters(
              paramLabel = "LABEL",
              arity = "0..1",
              defaultValue = "",
              description = "What to call it: scanner-2fl.")
          String label,
      @Option(
              names = "--with-password",
              description = "Make a password for it; without one its network says it all.")
          boolean withPassword,
      @Option(names = "--wait", description = "Wait for its first message.") boolean await,
      @Mixin TermsOptions terms,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    Map<String, String> args = credentials.args(address, label);
    terms.into(args);
    args.put("with-password", Boolean.toString(withPassword));
    args.put("dry-run", Boolean.toString(changing.dryRun));
    Optional<DeviceForm> form =
        Io.now()
            .person()
            .filter(_ -> terms.networks.isEmpty() && !shared.json)
            .map(p -> new DeviceForm(credentials.heddle().desk(), p, shared.printer()));
    Optional<Map<String, String>> filled =
        form.isPresent() ? form.get().filled(args) : Optional.of(args);
    if (filled.isEmpty()) {
      return shared
          .printer()
          .print(
              Answer.no(Answer.REFUSED, "nothing was changed", "the form was left", "begin anew"),
              "");
    }
    Answer answer = credentials.ask("add", filled.get());
    int exit = credentials.added(answer, sentence(filled.get()), changing, shared);
    if (exit == 0 && form.isPresent() && !changing.dryRun) {
      form.get().settings(answer.rows().getFirst());
    }
    if (exit == 0 && !changing.dryRun && (await || form.isPresent())) {
      Map<String, Object> row = answer.rows().getFirst();
      DeviceForm.waiting(credentials.heddle().desk(), shared.printer())
          .awaitFirst(Printer.cell(row.get("user")), Printer.cell(row.get("label")));
    }
    return exit;
  }

  private static String sentence(Map<String, String> args) {
    String where = args.get("network");
    return "true".equals(args.get("with-password"))
        ? "The device may log in from " + where + ", without TLS too where plain-auth-from lets it."
        : "Whoever is at "
            + where
            + " may send as "
            + args.get("address")
            + " where plain-auth-from lets it.";
  }

  @Command(name = "remove", description = "From now on it may not send; its sessions end.")
  int remove(
      @Parameters(paramLabel = "ADDRESS", description = "The user.") String address,
      @Parameters(paramLabel = "LABEL", description = "As device list shows it.") String label,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return credentials.remove(address, label, changing, shared);
  }
}
