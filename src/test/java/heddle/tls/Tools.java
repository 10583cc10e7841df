package heddle.tls;

import heddle.event.Event;
import heddle.event.Events;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** OpenSSL beside us, and what the server tells. */
final class Tools {
  private Tools() {}

  /** What a program printed, both ways; its input is one line and then the end. */
  record Outcome(int code, String text) {}

  static Outcome run(Path folder, String input, String... command) throws Exception {
    Path said = Files.createTempFile(folder, "input", ".txt");
    Files.writeString(said, input);
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(said.toFile())
            .redirectErrorStream(true)
            .start();
    byte[] text = process.getInputStream().readAllBytes();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + String.join(" ", command));
    }
    return new Outcome(process.exitValue(), new String(text, StandardCharsets.ISO_8859_1));
  }

  static Outcome openssl(Path folder, String arguments) throws Exception {
    var command = new ArrayList<>(List.of("/usr/bin/openssl"));
    command.addAll(List.of(arguments.split(" ")));
    Outcome outcome = run(folder, "", command.toArray(String[]::new));
    if (outcome.code() != 0) {
      throw new AssertionError(outcome.text());
    }
    return outcome;
  }

  /** A self-signed pair NAME.crt and NAME.key. */
  static ServerKeys.Pair pair(Path folder, String file, String host, String kind) throws Exception {
    openssl(
        folder,
        "req -x509 -newkey "
            + kind
            + " -nodes -days 30 -keyout "
            + file
            + ".key -out "
            + file
            + ".crt -subj /CN="
            + host);
    return new ServerKeys.Pair(folder.resolve(file + ".crt"), folder.resolve(file + ".key"));
  }

  static final String EC = "ec -pkeyopt ec_paramgen_curve:P-256";

  static ServerKeys.Settings settings(
      Path folder, Optional<ServerKeys.Pair> standard, Map<String, ServerKeys.Pair> names) {
    return new ServerKeys.Settings("mail.example.org", folder.resolve("var"), standard, names);
  }

  /** Remembers all that is told. */
  static final class Ear implements Events {
    final List<Event> heard = new CopyOnWriteArrayList<>();

    @Override
    public void tell(Event event) {
      heard.add(event);
    }

    List<Event.Warning> warnings() {
      return heard.stream()
          .filter(Event.Warning.class::isInstance)
          .map(Event.Warning.class::cast)
          .toList();
    }

    List<String> loaded() {
      return heard.stream()
          .filter(Event.CertificatesLoaded.class::isInstance)
          .map(e -> ((Event.CertificatesLoaded) e).name())
          .toList();
    }
  }
}
