package heddle.real;

import heddle.app.TestHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Postfix's smtp-sink: takes mail, or behaves as badly as it is told to, and writes it all down.
 */
final class Sink implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final Process process;

  /** On a free port. */
  Sink(String... options) throws Exception {
    this(Tools.freePort(), List.of(), options);
  }

  /**
   * @param port where it listens
   * @param before what runs it, such as strace
   */
  Sink(int port, List<String> before, String... options) throws Exception {
    this.port = port;
    this.folder = Tools.folder("sink");
    Path mail = Files.createDirectory(folder.resolve("mail"));
    Files.setPosixFilePermissions(mail, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> command = new ArrayList<>(before);
    command.addAll(List.of("smtp-sink", "-v", "-d", mail + "/%M."));
    if (Tools.isRoot()) {
      command.addAll(List.of("-u", "nobody"));
    }
    command.addAll(List.of(options));
    command.addAll(List.of("127.0.0.1:" + port, "100"));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    Tools.await(
        "smtp-sink",
        Duration.ofSeconds(20),
        () -> said().stream().anyMatch(line -> line.contains("trying...")) ? true : null);
    Tools.awaitPort(port);
  }

  int port() {
    return port;
  }

  /** Each transaction that was brought to its end, as it was dumped. */
  List<String> transactions() throws IOException {
    List<String> all = new ArrayList<>();
    try (var files = Files.list(folder.resolve("mail"))) {
      for (Path file : files.sorted().toList()) {
        all.add(Letter.latin(Files.readAllBytes(file)));
      }
    }
    return all;
  }

  /** What it said of its conversations. */
  List<String> said() throws IOException {
    Path said = folder.resolve("said");
    return Files.exists(said) ? Letter.latin(Files.readAllBytes(said)).lines().toList() : List.of();
  }

  /** How many conversations there were, without the one by which the test knocked. */
  long connections() throws IOException {
    return said().stream().filter(line -> line.contains(": connect (")).count() - 1;
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() throws Exception {
    // What runs it ends with it, and not the other way round.
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.waitFor();
    TestHome.delete(folder);
  }
}
