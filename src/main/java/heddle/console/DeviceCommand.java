package heddle.console;

import heddle.control.Answer;
import java.util.Map;
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
      @Parameters(paramLabel = "ADDRESS", description = "The user as whom it sends.")
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
      @Mixin TermsOptions terms,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    Map<String, String> args = credentials.args(address, label);
    terms.into(args);
    args.put("with-password", Boolean.toString(withPassword));
    args.put("dry-run", Boolean.toString(changing.dryRun));
    Answer answer = credentials.ask("add", args);
    String where = String.join(", ", terms.networks);
    return credentials.added(
        answer,
        withPassword
            ? "The device may log in from "
                + where
                + ", without TLS too where plain-auth-from lets it."
            : "Whoever is at "
                + where
                + " may send as "
                + address
                + " where plain-auth-from lets it.",
        changing,
        shared);
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
