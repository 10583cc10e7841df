package heddle.real;

import heddle.app.TestHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Postfix of our own, with a Dovecot that checks its logins: configuration, queue, Maildirs and
 * log below one folder, on free ports of loopback. Each service is an smtpd with options of its
 * own, and takes mail for the domain {@code SERVICE.example}.
 */
final class Postfix implements AutoCloseable {
  static final String USER = "heddle";
  static final String PASSWORD = "over the hills";
  static final List<String> LOCAL_PARTS = List.of("bob", "carol", "müller");

  private final Path folder;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Authority authority;
  private final Dovecot dovecot;

  /**
   * @param services name and options; with {@code login} in the options only those who log in
   */
  Postfix(Map<String, List<String>> services) throws Exception {
    this(services, List.of());
  }

  /**
   * @param more people beside {@link #USER}, each a line of a passwd-file
   */
  Postfix(Map<String, List<String>> services, List<String> more) throws Exception {
    folder = Tools.folder("postfix");
    for (String each : List.of("etc", "queue", "data", "mail", "tls")) {
      Files.createDirectory(folder.resolve(each));
    }
    authority = Authority.make(folder.resolve("tls"), "authority");
    authority.certify("server", "DNS:localhost");
    authority.certify("client", "DNS:client.example.org");
    Tools.run("chown", "postfix", folder.resolve("data").toString());
    Tools.run("chown", "65534:65534", folder.resolve("mail").toString());
    for (String each : services.keySet()) {
      ports.put(each, Tools.freePort());
    }
    Files.writeString(folder.resolve("etc/main.cf"), main());
    Files.writeString(folder.resolve("etc/master.cf"), master(services));
    Files.writeString(folder.resolve("etc/mailboxes"), mailboxes());
    Files.writeString(folder.resolve("etc/clients"), authority.fingerprint("client") + " client\n");
    launch();
    dovecot = Dovecot.start(logins(more));
    // An smtpd that does not find its Dovecot gives up, and for a minute there is no other.
    Tools.await(
        "Dovecot",
        Duration.ofSeconds(20),
        () -> Files.exists(folder.resolve("queue/private/auth")) ? true : null);
    awaitPorts();
  }

  private String main() {
    return """
    compatibility_level = 3.6
    queue_directory = DIR/queue
    data_directory = DIR/data
    command_directory = /usr/sbin
    daemon_directory = /usr/lib/postfix/sbin
    mail_owner = postfix
    setgid_group = postdrop
    myhostname = smarthost.example
    mydestination =
    mynetworks = 127.0.0.0/8
    inet_interfaces = 127.0.0.1
    inet_protocols = ipv4
    alias_maps =
    maillog_file = DIR/maillog
    maillog_file_prefixes = DIR
    smtpd_client_connection_count_limit = 0
    smtpd_error_sleep_time = 0
    in_flow_delay = 0
    smtputf8_enable = yes
    local_header_rewrite_clients =
    always_add_missing_headers = no
    message_size_limit = 30000000
    virtual_mailbox_limit = 0
    virtual_mailbox_base = DIR/mail
    virtual_mailbox_domains = DOMAINS
    virtual_mailbox_maps = texthash:DIR/etc/mailboxes
    virtual_minimum_uid = 1
    virtual_uid_maps = static:65534
    virtual_gid_maps = static:65534
    smtpd_relay_restrictions = permit_mynetworks, reject
    smtpd_recipient_restrictions = permit_mynetworks, reject
    smtpd_tls_security_level = none
    smtpd_tls_cert_file = DIR/tls/server.crt
    smtpd_tls_key_file = DIR/tls/server.key
    smtpd_tls_CAfile = DIR/tls/authority.crt
    smtpd_tls_fingerprint_digest = sha256
    smtpd_tls_loglevel = 1
    smtpd_sasl_type = dovecot
    smtpd_sasl_path = private/auth
    relay_clientcerts = texthash:DIR/etc/clients
    """
        .replace("DOMAINS", String.join(", ", domains()))
        .replace("DIR", folder.toString());
  }

  private List<String> domains() {
    List<String> domains = new ArrayList<>();
    for (String service : ports.keySet()) {
      domains.add(service + ".example");
      domains.add(service + ".bücher.example");
      domains.add(service + ".xn--bcher-kva.example");
    }
    domains.add("example.org");
    return domains;
  }

  /** {@code ADDRESS SERVICE/} for each; a domain in UTF-8 has the folder of its service too. */
  private String mailboxes() {
    var lines = new StringBuilder();
    for (String domain : domains()) {
      for (String local : LOCAL_PARTS) {
        String box = domain.replaceAll("\\..*", "/");
        lines.append(local).append('@').append(domain).append(' ').append(box).append('\n');
      }
    }
    return lines.append("anna@example.org sender/\n").toString();
  }

  private String master(Map<String, List<String>> services) {
    var lines = new StringBuilder();
    services.forEach(
        (name, options) -> {
          lines.append(ports.get(name)).append(" inet n - n - - smtpd -v\n");
          lines.append("  -o syslog_name=postfix-").append(name).append('\n');
          for (String option : options) {
            lines.append(option.equals("login") ? LOGIN : "  -o " + option + "\n");
          }
        });
    lines.append(
        """
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        verify unix - - n - 1 verify
        proxymap unix - - n - - proxymap
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        virtual unix - n n - - virtual
        smtp unix - - n - - smtp
        error unix - - n - - error
        retry unix - - n - - error
        discard unix - - n - - discard
        postlog unix-dgram n - n - 1 postlogd
        """);
    return lines.toString();
  }

  private static final String LOGIN =
      """
        -o smtpd_sasl_auth_enable=yes
        -o smtpd_tls_auth_only=yes
        -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
      """;

  private Dovecot.Setup logins(List<String> more) {
    List<String> users = new ArrayList<>(more);
    users.add(USER + ":{PLAIN}" + PASSWORD);
    return Dovecot.Setup.of(users.toArray(String[]::new))
        .withoutImap()
        .with(
            """
            auth_mechanisms = plain login cram-md5 scram-sha-256
            service auth {
              unix_listener QUEUE/private/auth {
                mode = 0660
                user = postfix
                group = postfix
              }
            }
            """
                .replace("QUEUE", folder.resolve("queue").toString()));
  }

  /** Starts it again where it was stopped. */
  void start() throws Exception {
    launch();
    awaitPorts();
  }

  private void launch() throws Exception {
    Tools.run("postfix", "-c", folder.resolve("etc").toString(), "start");
  }

  private void awaitPorts() throws Exception {
    for (int port : ports.values()) {
      Tools.awaitPort(port);
    }
  }

  /** Stops it; the connections end. Its Dovecot goes on. */
  void stop() throws Exception {
    Tools.run("postfix", "-c", folder.resolve("etc").toString(), "stop");
  }

  int port(String service) {
    return ports.get(service);
  }

  Authority authority() {
    return authority;
  }

  /** What the smtpd of a service noted; everything with the empty name. */
  List<String> log(String service) throws IOException {
    Path log = folder.resolve("maillog");
    if (!Files.exists(log)) {
      return List.of();
    }
    String tag = service.isEmpty() ? "" : "postfix-" + service + "/";
    return Files.readString(log, StandardCharsets.ISO_8859_1)
        .lines()
        .filter(line -> line.contains(tag))
        .toList();
  }

  /** The commands that a service heard. */
  List<String> heard(String service) throws IOException {
    return log(service).stream()
        .filter(line -> line.contains(": < "))
        .map(line -> line.replaceFirst(".*: < [^:]*: ", ""))
        .toList();
  }

  /** How often a service has heard this at the beginning of a command. */
  long heard(String service, String verb) throws IOException {
    return heard(service).stream().filter(c -> c.startsWith(verb)).count();
  }

  /** What lies in the box of a service. */
  List<Path> box(String service) throws IOException {
    Path box = folder.resolve("mail").resolve(service).resolve("new");
    if (!Files.isDirectory(box)) {
      return List.of();
    }
    try (var files = Files.list(box)) {
      return files.toList();
    }
  }

  /** The message as it was stored; waits for it. */
  byte[] await(String service, Letter letter) throws Exception {
    return Tools.await(
        letter.token() + " in the box " + service,
        Duration.ofSeconds(10),
        () -> {
          for (Path file : box(service)) {
            byte[] stored = Files.readAllBytes(file);
            if (letter.isIn(stored)) {
              return stored;
            }
          }
          return null;
        });
  }

  @Override
  public void close() throws Exception {
    dovecot.close();
    stop();
    TestHome.delete(folder);
  }
}
