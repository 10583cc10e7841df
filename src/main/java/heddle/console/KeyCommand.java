package heddle.console;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code key}: certificates and local users that let somebody in without a password. */
@Command(
    addMethodSubcommands = false,
    name = "key",
    description = "Certificates and local users that let somebody in without a password.")
final class KeyCommand {
  private final Credentials credentials;

  KeyCommand(HeddleCommand heddle) {
    this.credentials = new Credentials(heddle, "key");
  }

  @Command(name = "list", description = "List the keys of a user, or of all.")
  int list(
      @Parameters(paramLabel = "ADDRESS", arity = "0..1", description = "The user.") String address,
      @Mixin Shared shared) {
    return credentials.list(address, "No keys yet. Add one: heddle key add ADDRESS FILE", shared);
  }

  @Command(name = "show", description = "Show one, how far its right goes and its last use.")
  int show(
      @Parameters(paramLabel = "ADDRESS", description = "The user.") String address,
      @Parameters(paramLabel = "LABEL", description = "As key list shows it.") String label,
      @Mixin Shared shared) {
    return credentials.show(address, label, shared);
  }

  @Command(
      name = "add",
      description = "Let a user in by a certificate, a token's subject, or a name of this machine.")
  int add(
      @Parameters(paramLabel = "ADDRESS", description = "The user.") String address,
      @Parameters(
              paramLabel = "KEY",
              description =
                  "A certificate's file (PEM), its SHA-256 or SHA-512, unix:NAME, email:ADDRESS for"
                      + " a certificate that your own authorities gave to that address, or"
                      + " token:NAME:SUBJECT for the subject of a token of [token.NAME].")
          String key,
      @Option(
              names = "--label",
              paramLabel = "LABEL",
              defaultValue = "",
              description = "What to call it.")
          String label,
      @Option(names = "--spki", description = "Of a file: its public key, whatever certificate.")
          boolean spki,
      @Mixin TermsOptions terms,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return switch (KeyText.read(key, spki)) {
      case KeyText.Bad(var answer) -> shared.printer().print(answer, "");
      case KeyText.Good(var proof) -> {
        Map<String, String> args = credentials.args(address, label);
        terms.into(args);
        args.put("proof", proof);
        args.put("dry-run", Boolean.toString(changing.dryRun));
        String how =
            proof.startsWith("token:")
                ? " may log in by a token of "
                : " may log in by EXTERNAL with ";
        yield credentials.added(
            credentials.ask("add", args), address + how + proof, changing, shared);
      }
    };
  }

  @Command(name = "remove", description = "From now on this key lets nobody in; its sessions end.")
  int remove(
      @Parameters(paramLabel = "ADDRESS", description = "The user.") String address,
      @Parameters(paramLabel = "LABEL", description = "As key list shows it.") String label,
      @Mixin Changing changing,
      @Mixin Shared shared) {
    return credentials.remove(address, label, changing, shared);
  }
}
