package heddle.app;

import heddle.config.SecretSource;
import heddle.mail.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Opens what the configuration only names. The secret is read anew each time. */
final class Secrets {
  private final Home home;

  Secrets(Home home) {
    this.home = home;
  }

  /**
   * Without the line end that editors put behind it.
   *
   * @throws IOException where it is not to be had; the message names the source, never its contents
   */
  Secret open(SecretSource source) throws IOException {
    return switch (source) {
      case SecretSource.File(var path) -> read(home.inEtc(path));
      case SecretSource.Env(var variable) ->
          Secret.ofUtf8(
              Optional.ofNullable(System.getenv(variable))
                  .orElseThrow(() -> new IOException("the variable " + variable + " is not set")));
      case SecretSource.Credential(var name) ->
          read(
              Path.of(
                  Optional.ofNullable(System.getenv("CREDENTIALS_DIRECTORY"))
                      .orElseThrow(() -> new IOException("systemd hands over no credentials")),
                  name));
    };
  }

  private static Secret read(Path file) throws IOException {
    byte[] octets = Files.readAllBytes(file);
    int end = octets.length;
    while (end > 0 && (octets[end - 1] == '\n' || octets[end - 1] == '\r')) {
      end--;
    }
    byte[] secret = Arrays.copyOf(octets, end);
    Secret opened = Secret.of(secret);
    Arrays.fill(octets, (byte) 0);
    Arrays.fill(secret, (byte) 0);
    return opened;
  }
}
