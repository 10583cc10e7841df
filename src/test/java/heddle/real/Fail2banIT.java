package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import heddle.event.Event;
import heddle.event.Facts;
import heddle.event.Logfmt;
import heddle.mail.Id;
import heddle.peer.RemoteAddress;
import heddle.sasl.Refusal.Reason;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The filter that we ship, in the hands of the real fail2ban, over logs of the real server. */
class Fail2banIT {
  private static final Path SHIPPED = Path.of("examples/fail2ban");
  private static final String FILTER = SHIPPED.resolve("filter.d/heddle.conf").toString();
  private static final String TIME = "2026-11-25T10:00:00.000Z ";
  private static final Duration TOOK = Duration.ofMillis(61);
  private static final String FORGED = "auth-failed why=baduser mech=PLAIN client=8.8.8.8:25";

  /** As systemd starts a unit whose standard output goes to the journal. */
  private static final String AS_A_UNIT =
      "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/$$/fd/1) exec \"$0\" \"$@\"";

  /** What a guesser would say to have somebody else shut out, or not to be seen. */
  private static final List<String> NAMES =
      List.of(
          "nobody@example.org",
          "client=8.8.8.8:25",
          "nobody client=8.8.8.8:25",
          "\"",
          "\" client=8.8.8.8:25",
          "\\\" client=8.8.8.8:25",
          "\\",
          "'x'",
          "x\n" + TIME + "7Q4K2M9XTVC3: " + FORGED,
          "x\r\n" + TIME + "7Q4K2M9XTVC3: " + FORGED + "\r\n",
          "x\u0085" + FORGED,
          "x\u2028" + TIME + "7Q4K2M9XTVC3: " + FORGED,
          "7Q4K2M9XTVC3: auth-ok mech=PLAIN",
          TIME,
          "Nov 25 10:00:00",
          "<3>",
          "host heddle[1]: 7Q4K2M9XTVC3: " + FORGED,
          "zoë@münchen.example",
          "\u202egro.elpmaxe@anna",
          "\ud83d\udc0d",
          "client=[2001:db8::bad]:25",
          "<HOST> %(x)s <F-USER>",
          "\u0007".repeat(9_000),
          "=".repeat(9_000));

  private static final String CONFIG =
      """
      hostname = "mail.example.org"
      domains = ["example.org"]
      [listener.proxied]
      bind = ["127.0.0.1:0"]
      tls = "implicit"
      proxy-protocol-from = ["127.0.0.0/8"]
      [listener.clear]
      bind = ["127.0.0.1:0"]
      tls = "none"
      proxy-protocol-from = ["127.0.0.0/8"]
      [session.auth.errors]
      total = 100
      wait = "1ms"
      """;

  private static List<String> fail2ban(String log, String filter) throws Exception {
    var result =
        ServerProcess.run(
            List.of("fail2ban-regex", "--usedns=no", "-e", "UTF-8", "-o", "<ip>", log, filter),
            "",
            Map.of("LC_ALL", "C.UTF-8"));
    assertEquals(0, result.exit(), result.toString());
    return result.out().lines().toList();
  }

  /** A network of its own for each: so fail2ban's answer tells which it saw. */
  private static String address(int number) {
    return number % 2 == 0
        ? "203.0." + number + ".9"
        : "2001:db8:" + Integer.toHexString(number) + "::1";
  }

  private static String header(String from) {
    return from.indexOf(':') < 0
        ? "PROXY TCP4 " + from + " 192.0.2.1 4711 465\r\n"
        : "PROXY TCP6 " + from + " 2001:db8:1::1 4711 465\r\n";
  }

  private static Client client(ServerProcess server, String from) throws Exception {
    var client = new Client(server.port("proxied"), "127.0.0.1", header(from));
    client.command("EHLO client", 250);
    return client;
  }

  private static String plain(String authz, String user, String password) {
    return "AUTH PLAIN "
        + Base64.getEncoder()
            .encodeToString(
                (authz + "\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
  }

  /** Right and wrong logins; from where the wrong ones came, in their order. */
  private static List<String> play(ServerProcess server) throws Exception {
    List<String> guessers = new ArrayList<>();
    String anna = ServerProcess.USER;
    int number = 1;
    for (String name : NAMES) {
      String from = address(++number);
      boolean possible = name.codePoints().noneMatch(Character::isISOControl);
      try (Client client = client(server, from)) {
        client.command(plain("", name, "x"), possible && name.length() < 9_000 ? 535 : 501);
        client.command(plain("", "nobody", "x"), 535);
      }
      guessers.add(from);
      if (possible && name.length() < 9_000) {
        guessers.add(from);
      }
      try (Client friend = client(server, "198.51.100.1")) {
        friend.command(plain("", anna, ServerProcess.PASSWORD), 235);
        friend.command("MAIL FROM:<client=8.8.8.8@example.org>", 550);
      }
    }
    String wrong = address(++number);
    try (Client client = client(server, wrong)) {
      client.command(plain("", anna, "wrong"), 535);
    }
    guessers.add(wrong);
    // None of these is a guess.
    try (Client client = client(server, "198.51.100.2")) {
      client.command("AUTH PLAIN =bad=", 501);
      client.command("AUTH LOGIN", 334);
      client.command("*", 501);
      client.command(plain("", anna, ""), 501);
    }
    try (Client client = client(server, "198.51.100.3")) {
      client.command(plain("bob@example.org", anna, ServerProcess.PASSWORD), 535);
    }
    try (var clear = new java.net.Socket("127.0.0.1", server.port("clear"))) {
      clear.getOutputStream().write(header("198.51.100.4").getBytes(StandardCharsets.US_ASCII));
      clear.getOutputStream().write("EHLO c\r\nAUTH PLAIN AHgAeA==\r\nQUIT\r\n".getBytes());
      String said = new String(clear.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(said.contains("\r\n538 "), said);
    }
    // Half of a network's twenty for one account; the eleventh is not looked at.
    try (Client client = client(server, "192.0.2.66")) {
      for (int i = 0; i < 10; i++) {
        client.command(plain("", anna, "guess " + i), 535);
      }
      client.command(plain("", anna, "guess 10"), 454);
    }
    for (int i = 0; i < 11; i++) {
      guessers.add("192.0.2.66");
    }
    server.awaitLog(line -> line.contains("why=penalty"));
    return guessers;
  }

  @Test
  void a_log_file_tells_fail2ban_of_each_guess_and_of_nothing_else() throws Exception {
    // Only standard error goes to a journal.
    try (ServerProcess server = ServerProcess.prepare(CONFIG, Map.of("JOURNAL_STREAM", "8:1"))) {
      server.serve();
      List<String> guessers = play(server);
      server.stop();
      Path log = server.home().resolve("heddle.log");
      Files.write(log, server.log());
      assertEquals(guessers, fail2ban(log.toString(), FILTER));
      List<String> all = fail2ban(log.toString(), FILTER + "[mode=aggressive]");
      assertEquals(guessers.size() + 10, all.size());
      assertTrue(all.containsAll(List.of("198.51.100.3", "198.51.100.4")), all.toString());
      assertTrue(!all.contains("198.51.100.1") && !all.contains("8.8.8.8"), all.toString());
    }
  }

  @Test
  void the_journal_tells_fail2ban_the_same() throws Exception {
    try (ServerProcess server = ServerProcess.prepare(CONFIG, Map.of())) {
      server.serve("sh", "-c", AS_A_UNIT);
      List<String> guessers = play(server);
      server.stop();
      Path export = server.home().resolve("export");
      Files.writeString(export, journal(server.log()));
      Path journal = server.home().resolve("heddle.journal");
      Tools.run("/lib/systemd/systemd-journal-remote", "-o", journal.toString(), export.toString());
      assertEquals(guessers, fail2ban("systemd-journal[journalfiles=" + journal + "]", FILTER));
    }
  }

  /** Journal Export Format, as journald keeps what a unit prints: without the priority. */
  private static String journal(List<String> lines) {
    var text = new StringBuilder();
    long at = 1_795_600_800_000_000L;
    for (String line : lines) {
      assertTrue(line.matches("(?s)<[3-6]>.*"), line);
      assertTrue(line.length() < 48 * 1024, "journald would cut it");
      text.append("__REALTIME_TIMESTAMP=").append(at++).append('\n');
      text.append("_HOSTNAME=mail\nSYSLOG_IDENTIFIER=heddle\n_PID=12\n");
      text.append("_SYSTEMD_UNIT=heddle.service\nPRIORITY=").append(line.charAt(1)).append('\n');
      text.append("MESSAGE=").append(line.substring(3)).append("\n\n");
    }
    return text.toString();
  }

  /** Whether it was a guess, or whoever it was knew the password, or our own trouble. */
  private static String mode(Reason reason) {
    return switch (reason) {
      case BAD_USER, BAD_PASSWORD, BAD_TOKEN, BAD_CERTIFICATE, HOOK -> "normal";
      case DISABLED, BARRED, NOT_HERE, BLOCKED, NOT_ALLOWED, DOWNGRADED, NOT_BOUND -> "aggressive";
      case BAD_PROTOCOL, ABORTED -> "aggressive";
      case EXPIRED, PENALTY, UNAVAILABLE, ERROR -> "never";
    };
  }

  @Test
  void of_each_reason_it_is_known_whether_it_counts() throws Exception {
    List<String> lines = new ArrayList<>();
    List<String> normal = new ArrayList<>();
    List<String> aggressive = new ArrayList<>();
    for (Reason reason : Reason.values()) {
      String from = address(reason.ordinal() + 2);
      var client = client(reason.ordinal() + 2);
      var id = new Id("7Q4K2M9XTVC3");
      var name = Optional.of(ServerProcess.USER);
      lines.add(line(failed(id, name, reason.toString(), client)));
      lines.add(
          line(
              new Event.LoginDeferred(
                  id, "proxied", name, "PLAIN", reason.toString(), "local", TOOK, client)));
      if (mode(reason).equals("normal") || reason == Reason.PENALTY) {
        normal.add(from);
      }
      if (!mode(reason).equals("never") || reason == Reason.PENALTY) {
        aggressive.add(from);
      }
    }
    assertEquals(normal, found(lines, FILTER));
    assertEquals(aggressive, found(lines, FILTER + "[mode=aggressive]"));
  }

  @Test
  void no_name_at_all_leads_it_astray() throws Exception {
    List<String> pieces =
        List.of(
            "client=",
            "8.8.8.8:25",
            " ",
            "\"",
            "\\",
            "=",
            "\n",
            "\r",
            "\t",
            "\u0085",
            "\u2028",
            "ü",
            "\ud83d\udc0d",
            "'",
            "x",
            "[2001:db8::bad]:1",
            TIME,
            "7Q4K2M9XTVC3: ",
            FORGED,
            " why=penalty ",
            "mech=PLAIN",
            "user=",
            "\0",
            "\u001b[31m",
            "\u202e",
            "u003d");
    var random = new Random(20261125);
    List<String> lines = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      var name = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        name.append(pieces.get(random.nextInt(pieces.size())));
      }
      int number = i % 250 + 1;
      lines.add(
          line(
              failed(
                  Id.draw(random), Optional.of(name.toString()), "badpassword", client(number))));
      wanted.add(address(number));
    }
    assertEquals(wanted, found(lines, FILTER));
  }

  private static RemoteAddress client(int number) throws Exception {
    return new RemoteAddress(InetAddress.getByName(address(number)), 4711);
  }

  private static Event failed(Id id, Optional<String> name, String why, RemoteAddress client) {
    return new Event.LoginFailed(id, "proxied", name, "PLAIN", why, "local", TOOK, client);
  }

  private static String line(Event event) {
    return TIME + Logfmt.line(Facts.of(event));
  }

  private static List<String> found(List<String> lines, String filter) throws Exception {
    Path log = Files.createTempFile("heddle", ".log");
    try {
      Files.write(log, lines);
      return fail2ban(log.toString(), filter);
    } finally {
      Files.delete(log);
    }
  }

  @Test
  void fail2ban_takes_the_jail_as_it_is() throws Exception {
    Path etc = Files.createTempDirectory("fail2ban");
    try {
      Tools.run("cp", "-r", "/etc/fail2ban/.", etc.toString());
      Tools.run("rm", "-rf", etc + "/jail.local", etc + "/jail.d");
      Tools.run("cp", "-r", SHIPPED + "/.", etc.toString());
      Files.writeString(etc.resolve("jail.d/ours.local"), "[sshd]\nenabled = false\n");
      String dump = Tools.run("fail2ban-client", "-c", etc.toString(), "-d");
      for (String wanted :
          List.of(
              "['add', 'heddle', 'systemd']",
              "['set', 'heddle', 'maxretry', 20]",
              "['set', 'heddle', 'findtime', '10m']",
              "['set', 'heddle', 'addjournalmatch', '_SYSTEMD_UNIT=heddle.service']")) {
        assertTrue(dump.contains(wanted), dump);
      }
    } finally {
      TestHome.delete(etc);
    }
  }
}
