package heddle.real;

import heddle.app.TestHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL of our own: data and log below one folder, on a free port of loopback and a socket
 * in the folder. It has a database {@link #DATABASE} and an account {@link #USER} that may log in
 * by SCRAM-SHA-256 and owns nothing.
 */
public final class Postgres implements AutoCloseable {
  public static final String DATABASE = "mail";
  public static final String USER = "heddle";
  public static final String PASSWORD = "through the eye";

  private final Path folder;
  private final Path programs;
  private final Authority authority;
  private final int port;
  private final boolean withTls;
  private Process process;

  private Postgres(boolean withTls) throws Exception {
    this.withTls = withTls;
    folder = Tools.folder("postgres");
    programs = programs();
    authority = Authority.make(Files.createDirectory(folder.resolve("tls")), "authority");
    authority.certify("server", "DNS:localhost");
    authority.certify("client", "DNS:client.example.org");
    port = Tools.freePort();
    if (Tools.isRoot()) {
      // It refuses to run as root.
      Tools.run("chown", "65534:65534", folder.toString());
      Tools.run("chown", "65534:65534", authority.file("server", "key").toString());
    }
    Tools.run(
        asNobody(
            "initdb",
            "--pgdata=" + data(),
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "--no-sync"));
    start();
    run("CREATE DATABASE " + DATABASE, "postgres");
    run("CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD + "'");
  }

  /** Which takes connections with TLS and without; its certificate is for {@code localhost}. */
  public static Postgres withTls() throws Exception {
    return new Postgres(true);
  }

  /** Which has no TLS. */
  public static Postgres withoutTls() throws Exception {
    return new Postgres(false);
  }

  /** Debian keeps them apart by version. */
  private static Path programs() throws IOException {
    try (var versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .filter(v -> v.getFileName().toString().matches("\\d+"))
          .max(Comparator.comparingInt(v -> Integer.parseInt(v.getFileName().toString())))
          .orElseThrow(() -> new IOException("no PostgreSQL is installed"))
          .resolve("bin");
    }
  }

  private Path data() {
    return folder.resolve("data");
  }

  private String[] asNobody(String program, String... options) {
    List<String> command = new ArrayList<>();
    if (Tools.isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(options));
    return command.toArray(String[]::new);
  }

  /** Starts it again where it was stopped. */
  public void start() throws Exception {
    Files.setPosixFilePermissions(
        authority.file("server", "key"), PosixFilePermissions.fromString("rw-------"));
    List<String> command = new ArrayList<>(List.of(asNobody("postgres", "-D", data().toString())));
    for (String option :
        List.of(
            "listen_addresses=127.0.0.1",
            "port=" + port,
            "unix_socket_directories=" + folder,
            "fsync=off",
            "max_connections=30",
            "shared_buffers=16MB",
            "log_connections=on",
            "log_statement=all",
            "ssl=" + (withTls ? "on" : "off"),
            "ssl_cert_file=" + authority.file("server", "crt"),
            "ssl_key_file=" + authority.file("server", "key"),
            "ssl_ca_file=" + authority.certificate())) {
      command.add("-c");
      command.add(option);
    }
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    Tools.await(
        "PostgreSQL",
        Duration.ofSeconds(30),
        () -> {
          if (!process.isAlive()) {
            throw new IOException("PostgreSQL does not start: " + log());
          }
          String[] question = asNobody("pg_isready", "-h", folder.toString(), "-p", "" + port);
          return new ProcessBuilder(question).start().waitFor() == 0 ? true : null;
        });
  }

  /** Stops it at once; the connections end. */
  public void stop() throws Exception {
    // SIGTERM would wait for those who are connected.
    Tools.run("kill", "-INT", Long.toString(process.pid()));
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  public int port() {
    return port;
  }

  /** The certificate of who certified it. */
  public Path authority() {
    return authority.certificate();
  }

  /** A certificate and key ({@code .crt}, {@code .key}) that it believes. */
  public Path client(String kind) {
    return authority.file("client", kind);
  }

  /** The SHA-256 of its certificate. */
  public String fingerprint() throws Exception {
    return authority.fingerprint("server");
  }

  /** SQL as the superuser, in {@link #DATABASE}; what psql prints, without titles. */
  public String run(String sql) throws Exception {
    return run(sql, DATABASE);
  }

  private String run(String sql, String database) throws Exception {
    return Tools.run(
            asNobody(
                "psql",
                "--host=" + folder,
                "--port=" + port,
                "--username=postgres",
                "--dbname=" + database,
                "--no-psqlrc",
                "--quiet",
                "--tuples-only",
                "--no-align",
                "--set=ON_ERROR_STOP=1",
                "--command=" + sql))
        .strip();
  }

  /** What it noted since its first start: connections and statements. */
  public List<String> log() throws IOException {
    return Files.readString(folder.resolve("log")).lines().toList();
  }

  @Override
  public void close() throws Exception {
    stop();
    TestHome.delete(folder);
  }
}
