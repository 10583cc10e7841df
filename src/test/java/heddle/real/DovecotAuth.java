package heddle.real;

import heddle.app.TestHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The auth service of a Dovecot of our own, in one folder: a socket in the file system and a port
 * of loopback. It can be stopped and started again. Needs root.
 */
final class DovecotAuth implements AutoCloseable {
  static final String PASSWORD = "over the hills & far away";

  /** "anna", "müller" and "shut" are in the file, "banned" is denied before it is looked for. */
  private static final String USERS =
      """
      anna:{PLAIN}PASSWORD
      müller:{PLAIN}PASSWORD
      shut:{PLAIN}PASSWORD::::::nologin=y
      broken:{NO-SUCH-SCHEME}PASSWORD
      banned:{PLAIN}PASSWORD
      """
          .replace("PASSWORD", PASSWORD);

  private final Path folder;
  private final int port = Tools.freePort();
  private Process process;

  DovecotAuth() throws Exception {
    folder = Tools.folder("dovecot");
    Files.writeString(folder.resolve("users"), USERS);
    Files.writeString(folder.resolve("banned"), "banned:\n");
    Files.writeString(folder.resolve("dovecot.conf"), conf());
    start();
  }

  private String conf() {
    return """
    base_dir = DIR/run
    state_dir = DIR/state
    log_path = DIR/log
    protocols =
    ssl = no
    auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 digest-md5
    auth_failure_delay = 0
    auth_verbose = yes
    passdb {
      driver = passwd-file
      deny = yes
      args = DIR/banned
    }
    passdb {
      driver = passwd-file
      args = DIR/users
    }
    userdb {
      driver = static
      args = uid=65534 gid=65534 home=/nonexistent
    }
    service anvil {
      unix_listener anvil-auth-penalty {
        mode = 0
      }
    }
    service auth {
      unix_listener DIR/auth-client {
        mode = 0600
      }
      inet_listener {
        address = 127.0.0.1
        port = PORT
      }
    }
    """
        .replace("DIR", folder.toString())
        .replace("PORT", "" + port);
  }

  void start() throws Exception {
    process =
        new ProcessBuilder("dovecot", "-F", "-c", folder.resolve("dovecot.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    Tools.await("Dovecot", Duration.ofSeconds(20), () -> Files.exists(socket()) ? true : null);
  }

  void stop() throws Exception {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("Dovecot did not stop");
    }
  }

  Path socket() {
    return folder.resolve("auth-client");
  }

  int port() {
    return port;
  }

  /** What it noted; where it complains of its client, it says BUG. */
  String log() throws IOException {
    return Files.readString(folder.resolve("log")) + Files.readString(folder.resolve("out"));
  }

  @Override
  public void close() throws Exception {
    stop();
    TestHome.delete(folder);
  }
}
