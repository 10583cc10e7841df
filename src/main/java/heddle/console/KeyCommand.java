package heddle.console;

import heddle.control.Answer;
import heddle.control.Request;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code key}: certificates and local users that let somebody in without a password. */
@Command(
    name = "key",
    description = "Certificates and local users that let somebody in without a password.")
final class KeyCommand {
  @ParentCommand HeddleCommand heddle;

  KeyCommand(HeddleCommand heddle) {
    this.heddle = heddle;
  }

  @Command(name = "list", description = "List the keys of a user, or of all.")
  int list(
      @Parameters(paramLabel = "ADDRESS", arity = "0..1", description = "The user.") String address,
      @Mixin Shared shared) {
    Map<String, String> args = address == null ? Map.of() : Map.of("address", address);
    Answer answer = heddle.desk().ask(Request.of("key.list", args));
    return shared.printer().print(answer, "No keys yet. Add one: heddle key add ADDRESS FILE");
  }

  @Command(
      name = "add",
      description = "Let a user in by a certificate, or by a name of this machine.")
  int add(
      @Parameters(paramLabel = "ADDRESS", description = "The user.") String address,
      @Parameters(
              paramLabel = "KEY",
              description =
                  "A certificate's file (PEM), its SHA-256 or SHA-512, unix:NAME, or email:ADDRESS"
                      + " for a certificate that your own authorities gave to that address.")
          String key,
      @Option(names = "--label", defaultValue = "", description = "What to call it.") String label,
      @Option(names = "--spki", description = "Of a file: its public key, whatever certificate.")
          boolean spki,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return switch (KeyText.read(key, spki)) {
      case KeyText.Bad(var answer) -> shared.printer().print(answer, "");
      case KeyText.Good(var proof) -> {
        Map<String, String> args = new HashMap<>();
        args.put("address", address);
        args.put("proof", proof);
        args.put("label", label);
        args.put("dry-run", Boolean.toString(changing.dryRun));
        Answer answer = heddle.desk().ask(Request.of("key.add", args));
        yield shared.printer().say(answer, address + " may log in by EXTERNAL with " + proof);
      }
    };
  }

  @Command(name = "remove", description = "From now on this key lets nobody in.")
  int remove(
      @Parameters(paramLabel = "ADDRESS", description = "The user.") String address,
      @Parameters(paramLabel = "LABEL", description = "As key list shows it.") String label,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    Map<String, String> args =
        Map.of("address", address, "label", label, "dry-run", Boolean.toString(changing.dryRun));
    Answer answer = heddle.desk().ask(Request.of("key.remove", args));
    return shared.printer().say(answer, "The key " + label + " of " + address + " is removed.");
  }
}
