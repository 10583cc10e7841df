package heddle.real;

import heddle.app.TestHome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code bin/heddle} in a process of its own, with a home of its own, on free ports of loopback.
 */
final class ServerProcess implements AutoCloseable {
  static final String USER = "anna@example.org";
  static final String PASSWORD = "correct horse";
  static final String CONFIG =
      """
      hostname = "mail.example.org"
      domains = ["example.org"]
      [listener.submission]
      bind = ["127.0.0.1:0"]
      tls = "starttls"
      [listener.submissions]
      bind = ["127.0.0.1:0"]
      tls = "implicit"
      [route.default]
      to = "maildir"
      path = "var/mail"
      [limit]
      connections-per-address = 20000
      exempt = ["127.0.0.0/8"]
      """;
  private static final Pattern LISTENER = Pattern.compile("([a-z]+)@127\\.0\\.0\\.1:(\\d+)");
  private static final Path CHECKOUT = Path.of("").toAbsolutePath();

  static {
    makeCache();
  }

  private final Path home;
  private final Map<String, String> environment;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> ports = new HashMap<>();
  private Process process;

  private ServerProcess(Path home, Map<String, String> environment) {
    this.home = home;
    this.environment = environment;
  }

  /** Some tests start the server hundreds of times; with its cache of classes that takes half. */
  private static void makeCache() {
    try {
      Result made =
          run(
              List.of(CHECKOUT.resolve("bin/heddle").toString(), "version"),
              "",
              Map.of("HEDDLE_CACHE", "make"));
      if (made.exit() != 0) {
        throw new IOException(made.toString());
      }
    } catch (Exception trouble) {
      throw new IllegalStateException("bin/heddle does not run", trouble);
    }
  }

  /** How often a test kills the server: all of the times with {@code -Pkills}, else a share. */
  static int kills(int all) {
    return Math.max(1, all * Integer.getInteger("heddle.kills.percent", 100) / 100);
  }

  /** A home with one user, not yet served. */
  static ServerProcess prepare(String config, Map<String, String> environment) throws Exception {
    Path home = Files.createTempDirectory("heddle");
    Files.createDirectories(home.resolve("etc"));
    Files.writeString(home.resolve("etc/heddle.toml"), config);
    var server = new ServerProcess(home, environment);
    Result added = server.heddle(PASSWORD + "\n", "user", "add", USER, "--password-stdin");
    if (added.exit() != 0) {
      throw new IOException(added.toString());
    }
    return server;
  }

  static ServerProcess start(String config) throws Exception {
    ServerProcess server = prepare(config, Map.of());
    server.serve();
    return server;
  }

  /** What a command printed, and its exit code. */
  record Result(int exit, String out, String err) {}

  Result heddle(String input, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(CHECKOUT.resolve("bin/heddle").toString());
    command.add("--home");
    command.add(home.toString());
    command.addAll(List.of(words));
    return run(command, input, environment);
  }

  static Result run(List<String> command, String input, Map<String, String> environment)
      throws Exception {
    Path err = Files.createTempFile("err", "");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException closedEarly) {
      // It did not want to hear all of it.
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("did not end: " + command);
    }
    Result result = new Result(process.exitValue(), out, Files.readString(err));
    Files.delete(err);
    return result;
  }

  /**
   * @param before a command that becomes the server
   */
  void serve(String... before) throws Exception {
    log.clear();
    List<String> command = new ArrayList<>(List.of(before));
    command.addAll(
        List.of(CHECKOUT.resolve("bin/heddle").toString(), "--home", home.toString(), "serve"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.start();
    var started = new CountDownLatch(1);
    InputStream out = process.getInputStream();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new java.io.InputStreamReader(out, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  log.add(line);
                  if (line.contains("started version=") || line.contains("\"event\":\"started\"")) {
                    Matcher listener = LISTENER.matcher(line);
                    while (listener.find()) {
                      ports.put(listener.group(1), Integer.parseInt(listener.group(2)));
                    }
                    started.countDown();
                  }
                }
              } catch (IOException ended) {
                // The process was killed.
              } finally {
                started.countDown();
              }
            });
    if (!started.await(60, TimeUnit.SECONDS) || ports.isEmpty()) {
      throw new IOException("did not start: " + log);
    }
  }

  int port(String listener) {
    return ports.get(listener);
  }

  long pid() {
    return process.pid();
  }

  Path home() {
    return home;
  }

  Path certificate() {
    return home.resolve("var/tls/self-signed.crt");
  }

  List<String> log() {
    return log;
  }

  String awaitLog(Predicate<String> wanted) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < until) {
      for (String line : log) {
        if (wanted.test(line)) {
          return line;
        }
      }
      Thread.sleep(10);
    }
    throw new AssertionError("not in the log: " + log);
  }

  /** SIGKILL. */
  void kill() throws Exception {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM; the exit code. */
  int stop() throws Exception {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      kill();
      throw new IOException("did not stop");
    }
    return process.exitValue();
  }

  /** The texts in a recipient's Maildir. */
  List<Path> arrived(String address) throws IOException {
    Path box = home.resolve("var/mail").resolve(address).resolve("new");
    if (!Files.isDirectory(box)) {
      return List.of();
    }
    try (var files = Files.list(box)) {
      return files.sorted().toList();
    }
  }

  @Override
  public void close() throws Exception {
    if (process != null && process.isAlive()) {
      stop();
    }
    TestHome.delete(home);
  }
}
