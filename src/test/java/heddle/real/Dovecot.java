package heddle.real;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import heddle.app.TestHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Dovecot of our own: configuration, users, Maildirs, sockets and log below one folder. It
 * listens on 127.0.0.1 and on 127.0.0.2; who calls the latter is a stranger to it, while callers
 * from its own address count as secure. It starts as root only.
 */
public final class Dovecot implements AutoCloseable {
  /** With STARTTLS. */
  public static final String IMAP = "imap";

  /** With TLS from the first octet. */
  public static final String IMAPS = "imaps";

  /** Its authentication protocol over TCP. */
  public static final String AUTH = "auth";

  /** Somebody about whom it can never tell, for the file that they are in cannot be opened. */
  public static final String UNTOLD = "untold";

  /**
   * How it is to be.
   *
   * @param users lines of a passwd-file: {@code NAME:{PLAIN}PASSWORD::::::FIELDS}
   * @param ports those that are not to be just any; by {@link #IMAP} and the like
   * @param more configuration behind ours, so that it wins; DIR is the folder
   */
  public record Setup(List<String> users, Map<String, Integer> ports, boolean imap, String more) {
    public static Setup of(String... users) {
      return new Setup(List.of(users), Map.of(), true, "");
    }

    public Setup on(String service, int port) {
      Map<String, Integer> all = new HashMap<>(ports);
      all.put(service, port);
      return new Setup(users, all, imap, more);
    }

    /** It knows who may log in, and has no mail. */
    public Setup withoutImap() {
      return new Setup(users, ports, false, more);
    }

    public Setup with(String configuration) {
      return new Setup(users, ports, imap, more + configuration);
    }
  }

  private final Path folder;
  private final Authority authority;
  private final Map<String, Integer> ports = new LinkedHashMap<>();

  private Dovecot(Setup setup) throws Exception {
    folder = Tools.folder("dovecot");
    Files.createDirectory(folder.resolve("tls"));
    Files.createDirectory(folder.resolve("mail"));
    Tools.run("chown", "65534:65534", folder.resolve("mail").toString());
    authority = Authority.make(folder.resolve("tls"), "authority");
    authority.certify("server", "DNS:localhost,IP:127.0.0.1,IP:127.0.0.2");
    for (String each : setup.imap() ? List.of(IMAP, IMAPS, AUTH) : List.of(AUTH)) {
      Integer given = setup.ports().get(each);
      ports.put(each, given == null ? Tools.freePort() : given);
    }
    users(setup.users());
    Files.writeString(
        folder.resolve("untold"),
        """
        uri = file:%s/users/none
        key passdb {
          key = passdb/%%u
          format = json
        }
        passdb_objects = passdb
        """
            .formatted(folder));
    Files.writeString(conf(), configuration(setup));
  }

  public static Dovecot start(Setup setup) throws Exception {
    assumeTrue(Tools.isRoot(), "Dovecot starts as root only");
    var dovecot = new Dovecot(setup);
    dovecot.start();
    return dovecot;
  }

  /** Starts it again where it was stopped. */
  public void start() throws Exception {
    Tools.run("dovecot", "-c", conf().toString());
    for (int port : ports.values()) {
      Tools.awaitPort(port);
    }
    Tools.await("Dovecot", Duration.ofSeconds(20), () -> Files.exists(authSocket()) ? true : null);
  }

  /** Stops it, and waits until it is gone; ports and files stay its own. */
  public void stop() throws Exception {
    Path pid = folder.resolve("run/master.pid");
    if (!Files.exists(pid)) {
      return;
    }
    long master = Long.parseLong(Files.readString(pid).strip());
    var process = ProcessHandle.of(master);
    // Its children would take their time, and some live on for as long as a client stays.
    List<ProcessHandle> children = process.stream().flatMap(ProcessHandle::descendants).toList();
    process.ifPresent(ProcessHandle::destroy);
    children.forEach(ProcessHandle::destroyForcibly);
    Tools.await(
        "the end of Dovecot",
        Duration.ofSeconds(20),
        () -> ProcessHandle.of(master).isEmpty() ? true : null);
  }

  /** Replaces its users, each a line of the passwd-file. */
  public void users(List<String> lines) throws IOException {
    Files.writeString(folder.resolve("users"), String.join("\n", lines) + "\n");
  }

  private String configuration(Setup setup) {
    String imap =
        """
        protocols = imap
        service imap-login {
          inet_listener imap {
            port = IMAP
          }
          inet_listener imaps {
            port = TLS
            ssl = yes
          }
          service_count = 0
        }
        """;
    String all =
        """
        base_dir = DIR/run
        state_dir = DIR/state
        log_path = DIR/log
        listen = 127.0.0.1, 127.0.0.2
        auth_mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256
        auth_username_chars =
        auth_username_format = %u
        auth_failure_delay = 0
        auth_verbose = yes
        auth_debug = yes
        mail_max_userip_connections = 0
        mail_location = maildir:~/Maildir
        ssl = yes
        ssl_cert = <DIR/tls/server.crt
        ssl_key = <DIR/tls/server.key
        passdb {
          driver = passwd-file
          args = scheme=PLAIN username_format=%u DIR/users
        }
        passdb {
          driver = dict
          args = DIR/untold
          username_filter = UNTOLD
        }
        userdb {
          driver = static
          args = uid=65534 gid=65534 home=DIR/mail/%Mu
        }
        service anvil {
          unix_listener anvil-auth-penalty {
            mode = 0
          }
        }
        service auth {
          unix_listener auth-client {
            mode = 0666
          }
          inet_listener {
            address = 127.0.0.1
            port = AUTH
          }
        }
        """
            + (setup.imap() ? imap : "protocols =\n")
            + setup.more();
    return all.replace("DIR", folder.toString())
        .replace("UNTOLD", UNTOLD)
        .replace("port = IMAP", "port = " + ports.get(IMAP))
        .replace("port = TLS", "port = " + ports.get(IMAPS))
        .replace("port = AUTH", "port = " + ports.get(AUTH));
  }

  private Path conf() {
    return folder.resolve("dovecot.conf");
  }

  /** By {@link #IMAP} and the like. */
  public int port(String service) {
    return ports.get(service);
  }

  /** Where clients of its authentication protocol are heard. */
  public Path authSocket() {
    return folder.resolve("run/auth-client");
  }

  /** Whoever certified it, as PEM. */
  public Path authorityCertificate() {
    return authority.certificate();
  }

  /** The SHA-256 of its own certificate. */
  public String fingerprint() throws Exception {
    return authority.fingerprint("server");
  }

  /** What it noted so far. */
  public List<String> log() throws IOException {
    Path log = folder.resolve("log");
    return Files.exists(log) ? Files.readAllLines(log, StandardCharsets.ISO_8859_1) : List.of();
  }

  @Override
  public void close() throws Exception {
    stop();
    TestHome.delete(folder);
  }
}
