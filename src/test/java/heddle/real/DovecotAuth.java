package heddle.real;

import heddle.app.TestHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The auth service of a Dovecot of our own, in one folder: a socket in the file system and a port
 * of loopback. It can be stopped and started again. Needs root.
 */
final class DovecotAuth implements AutoCloseable {
  static final String PASSWORD = "over the hills & far away";

  /** "banned" is denied before it is looked for, and where "away" is judged nobody can say. */
  private static final String USERS =
      """
      anna:{PLAIN}PASSWORD
      müller:{PLAIN}PASSWORD
      shut:{PLAIN}PASSWORD::::::nologin=y
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
    // By checkpassword's book, a temporary problem.
    Files.writeString(folder.resolve("away"), "exit 111\n");
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
    auth_username_chars =
    auth_verbose = yes
    passdb {
      driver = passwd-file
      deny = yes
      args = DIR/banned
    }
    passdb {
      driver = checkpassword
      args = /bin/sh DIR/away
      username_filter = away
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

  /** All of it: its auth process would live on for as long as a client stays. */
  void stop() throws Exception {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    for (ProcessHandle each : children) {
      each.destroyForcibly();
    }
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("Dovecot did not stop");
    }
    Files.deleteIfExists(socket());
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
