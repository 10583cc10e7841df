package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.sasl.Refusals;
import heddle.smtp.Replies;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * docs/logins.md does what it says: its commands are run in their order, on a terminal, against a
 * server with its configuration. With {@code -Dmanual.write=true} their answers are written anew.
 */
class LoginsPageIT {
  private static final Path PAGE = Path.of("docs/logins.md");
  private static final String HEDDLE = Path.of("bin/heddle").toAbsolutePath().toString();
  private static final Pattern PASSWORD = Pattern.compile("\\b[0-9A-Z]{5}(-[0-9A-Z]{5}){3}\\b");

  /** What is another one each time, and what stands for it here. */
  private static final List<Map.Entry<String, String>> MASKS =
      List.of(
          Map.entry(PASSWORD.pattern(), "PASSWORD"),
          Map.entry("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "TIME"),
          Map.entry(
              "\\b(\\d{1,2} [A-Z][a-z]{2} (\\d{4} )?)?\\d\\d:\\d\\d(:\\d\\d)?(?![:\\d])", "TIME"),
          Map.entry("\\b[0-9a-f]{64}\\b", "DIGEST"),
          Map.entry("(?m)\\b([0-9A-HJKMNP-TV-Z]{12}\\b|[0-9A-HJKMNP-TV-Z]{6}(?=\\s*$))", "ID"),
          Map.entry(" {2,}", "  "));

  private static final String CONFIG =
      """
      hostname = "mail.example.org"
      domains = ["example.org"]
      [listener.submissions]
      bind = ["127.0.0.1:0"]
      tls = "implicit"
      proxy-protocol-from = ["127.0.0.0/8"]
      [route.default]
      to = "maildir"
      path = "var/mail"
      [session.auth.errors]
      wait = "1ms"
      """;

  private String iphone = "";

  private static String masked(String text) {
    String masked = text;
    for (var mask : MASKS) {
      masked = masked.replaceAll(mask.getKey(), mask.getValue());
    }
    return masked.lines().map(String::strip).filter(l -> !l.isEmpty()).toList().toString();
  }

  /** The office of the page is on loopback here. */
  private static String here(String text) {
    return text.replace("192.168.7.2:2525", "127.0.0.1:0").replace("192.168.7.", "127.110.7.");
  }

  private static String there(String text) {
    return text.replace("127.110.7.", "192.168.7.");
  }

  private static ServerProcess server(List<String> page) throws Exception {
    int at = page.indexOf("    [listener.office]");
    var listener = new StringBuilder();
    for (String line : page.subList(at, at + 4)) {
      listener.append(here(line.strip())).append('\n');
    }
    ServerProcess server = ServerProcess.prepare(CONFIG + listener, Map.of());
    server.heddle("", "user", "remove", ServerProcess.USER, "--yes");
    server.serve();
    Tools.run(
        ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj"
                + " /CN=anna -keyout "
                + server.home().resolve("anna.key")
                + " -out "
                + server.home().resolve("anna.pem"))
            .split(" "));
    return server;
  }

  /** As somebody at a terminal sees it who answers every question with Enter. */
  private String typed(ServerProcess server, String command) throws Exception {
    String words = command.replace("bin/heddle", "'" + HEDDLE + "' --home '" + server.home() + "'");
    Process script =
        new ProcessBuilder("script", "-qec", "stty cols 200; " + here(words), "/dev/null")
            .directory(server.home().toFile())
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = script.getOutputStream()) {
      in.write('\n');
      in.flush();
      String said =
          new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .replace("\r", "");
      Matcher made = PASSWORD.matcher(said);
      if (command.contains(" iphone") && made.find()) {
        iphone = made.group();
      }
      script.waitFor();
      return there(said);
    }
  }

  private void act(ServerProcess server, String what) throws Exception {
    switch (what) {
      case "anna logs in with iphone" -> login(server, "203.0.113.9", iphone, 235);
      case "somebody guesses" -> {
        login(server, "198.51.100.7", "password1", 535);
        login(server, "203.0.113.9", iphone, 235);
        login(server, "198.51.100.7", "password2", 535);
      }
      case "the scanner sends a page" -> scan(server);
      default -> throw new AssertionError("nobody knows how to do: " + what);
    }
  }

  private static void login(ServerProcess server, String from, String password, int code)
      throws Exception {
    String header = "PROXY TCP4 " + from + " 192.0.2.1 51344 465\r\n";
    try (Client client = new Client(server.port("submissions"), "127.0.0.1", header)) {
      client.command("EHLO phone", 250);
      String plain = "\0" + ServerProcess.USER + "\0" + password;
      String words =
          java.util.Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
      client.command("AUTH PLAIN " + words, code);
    }
  }

  private static void scan(ServerProcess server) throws Exception {
    try (Socket scanner = new Socket()) {
      scanner.bind(new InetSocketAddress(InetAddress.ofLiteral("127.110.7.41"), 0));
      scanner.connect(new InetSocketAddress("127.0.0.1", server.port("office")), 20_000);
      String words =
          """
          EHLO NPIF65E56
          MAIL FROM:<scans@example.org>
          RCPT TO:<somebody@example.net>
          RCPT TO:<anna@example.org>
          DATA
          Subject: a page

          .
          QUIT
          """
              .replace("\n", "\r\n");
      scanner.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
      String said = new String(scanner.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertTrue(said.matches("(?s).*\n550 .*\n250 2\\.1\\.5.*\n354 .*\n250 2\\.0\\.0.*"), said);
    }
  }

  @Test
  void each_command_of_the_page_answers_what_stands_below_it() throws Exception {
    List<String> page = Files.readAllLines(PAGE);
    List<String> anew = new ArrayList<>();
    List<String> differ = new ArrayList<>();
    try (ServerProcess server = server(page)) {
      for (int i = 0; i < page.size(); ) {
        String line = page.get(i++);
        anew.add(line);
        if (line.startsWith("<!-- ")) {
          act(server, line.substring(5, line.length() - 4));
        }
        if (!line.startsWith("    $ ")) {
          continue;
        }
        var stands = new StringBuilder();
        while (i < page.size()
            && page.get(i).startsWith("    ")
            && !page.get(i).startsWith("    $ ")) {
          stands.append(page.get(i++)).append('\n');
        }
        String said = typed(server, line.substring(6));
        boolean same = masked(said).equals(masked(stands.toString()));
        if (!same) {
          differ.add(line + "\n" + said + "where the page has\n" + stands);
        }
        (same ? stands.toString() : said)
            .lines()
            .filter(l -> !l.isBlank())
            .forEach(l -> anew.add("    " + l.strip()));
      }
    }
    if (Boolean.getBoolean("manual.write")) {
      Files.writeString(PAGE, String.join("\n", anew) + "\n");
    } else {
      assertEquals(List.of(), differ);
    }
    assertTrue(anew.stream().filter(l -> l.startsWith("    $ ")).count() > 20);
  }

  @Test
  void the_page_has_the_filters_expressions_and_the_servers_own_words() throws Exception {
    String page = Files.readString(PAGE);
    String filter = Files.readString(Path.of("examples/fail2ban/filter.d/heddle.conf"));
    Matcher normal =
        Pattern.compile("(?m)^failregex = ((?:.+\\n)+?)\\s+<mdre-<mode>>$").matcher(filter);
    assertTrue(normal.find());
    List<String> counted = normal.group(1).lines().map(String::strip).toList();
    assertEquals(2, counted.size());
    assertEquals(
        counted, page.lines().filter(l -> l.startsWith("    ^")).map(String::strip).toList());
    for (String reply :
        List.of(
            Replies.LOGIN_ENDED.toString(),
            Replies.LOGIN_EXPIRED.toString(),
            Replies.BLOCKED.toString(),
            Replies.BLOCKED_FOR_GOOD.toString(),
            Replies.TOO_MANY_LOGIN_FAILURES.toString(),
            Refusals.TOO_MANY_FAILURES.reply().toString(),
            Refusals.WRONG.reply().toString())) {
      assertTrue(page.contains(reply), reply);
    }
  }
}
