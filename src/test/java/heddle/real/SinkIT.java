package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of mail when the smarthost refuses, defers, hangs up or can little. */
class SinkIT {
  private static final Pattern MAIL = Pattern.compile("X-Mail-Args: <anna@example\\.org>");
  private static final List<String> COMMANDS =
      List.of("connect", "ehlo", "mail", "rcpt", "data", "dot", "quit");
  private static final Map<String, Sink> SINKS = new LinkedHashMap<>();
  private static Path trace;
  private static Path traceOfOneByOne;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    for (String command : COMMANDS) {
      String word = command.equals("dot") ? "." : command;
      SINKS.put("defer-" + command, new Sink("-r", word));
      SINKS.put("refuse-" + command, new Sink("-f", word));
      SINKS.put("hangup-" + command, new Sink("-q", word));
      SINKS.put("close-" + command, new Sink("-Q", word));
    }
    SINKS.put("no-rset", new Sink("-f", "RCPT,RSET"));
    SINKS.put("seven-bit", new Sink("-8"));
    SINKS.put("hello", new Sink("-e"));
    SINKS.put("many", new Sink());
    SINKS.put("together", new Sink());
    trace = Files.createTempFile("sink", ".trace");
    traceOfOneByOne = Files.createTempFile("sink", ".trace");
    SINKS.put("pipelining", traced(trace));
    SINKS.put("one-by-one", traced(traceOfOneByOne, "-p"));
    server = ServerProcess.start(config());
  }

  private static Sink traced(Path trace, String... options) throws Exception {
    List<String> strace =
        List.of("strace", "-f", "-s", "4000", "-e", "trace=read,recvfrom", "-o", trace.toString());
    return new Sink(Tools.freePort(), strace, options);
  }

  private static String config() {
    var config =
        new StringBuilder(ServerProcess.CONFIG)
            .append(
                """
                [route.reports]
                if = "recipient-domain"
                eq = "example.org"
                to = "maildir"
                path = "var/mail"
                """);
    SINKS.forEach(
        (name, sink) ->
            config.append(
                """
                [route.%s]
                if = "recipient-domain"
                eq = "%s.example"
                to = "smarthost"
                address = "127.0.0.1"
                port = %d
                tls = "none"
                """
                    .formatted(name, name, sink.port())));
    return config.toString();
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    for (Sink each : SINKS.values()) {
      each.close();
    }
    Files.deleteIfExists(trace);
    Files.deleteIfExists(traceOfOneByOne);
  }

  /** The id. */
  private static String send(Letter letter, String... to) throws Exception {
    try (Client client = new Client(server.port("submissions")).login()) {
      return send(client, letter, to);
    }
  }

  private static String send(Client client, Letter letter, String... to) throws Exception {
    client.command("MAIL FROM:<anna@example.org> BODY=8BITMIME", 250);
    for (String each : to) {
      client.command("RCPT TO:<" + each + ">", 250);
    }
    client.command("DATA", 354);
    client.write(letter.stuffed());
    client.write(".\r\n");
    return client.expect(250).replaceAll(".* ", "");
  }

  /** What the log says became of it first: {@code delivered}, {@code deferred}, {@code failed}. */
  private static String fate(String id) throws Exception {
    Pattern fate = Pattern.compile(id + ": (delivered|deferred|failed) ");
    return server.awaitLog(line -> fate.matcher(line).find());
  }

  @ParameterizedTest
  @CsvSource({
    "defer-connect, deferred, 421 4.3.0 greeted with: 450 4.3.0",
    "defer-ehlo, deferred, 421 4.3.0 answer to EHLO: 450 4.3.0",
    "defer-mail, deferred, 450 4.3.0 Error: command failed",
    "defer-rcpt, deferred, 450 4.3.0 Error: command failed",
    "defer-data, deferred, 450 4.3.0 Error: command failed",
    "defer-dot, deferred, 450 4.3.0 Error: command failed",
    "defer-quit, delivered, 250 2.0.0 Ok",
    // A server that has nothing to say to us may have it another day; nothing of it is the mail's.
    "refuse-connect, deferred, 421 4.3.2 greeted with: 5",
    "refuse-ehlo, delivered, 250 2.0.0 Ok",
    "refuse-mail, failed, 500 5.3.0 Error: command failed",
    "refuse-rcpt, failed, 500 5.3.0 Error: command failed",
    "refuse-data, failed, 500 5.3.0 Error: command failed",
    "refuse-dot, failed, 500 5.3.0 Error: command failed",
    "refuse-quit, delivered, 250 2.0.0 Ok",
    "hangup-connect, deferred, 421 4.4.2 the other side hung up at",
    "hangup-ehlo, deferred, 421 4.4.2 the other side hung up at EHLO",
    "hangup-mail, deferred, 451 4.4.2 the other side hung up at MAIL",
    "hangup-rcpt, deferred, 451 4.4.2 the other side hung up at RCPT",
    "hangup-data, deferred, 451 4.4.2 the other side hung up at DATA",
    "hangup-dot, deferred, 'so that it may arrive twice'",
    "hangup-quit, delivered, 250 2.0.0 Ok",
    "close-connect, deferred, 421 4.",
    "close-ehlo, deferred, 421 4.",
    "close-mail, deferred, 421 4.",
    "close-rcpt, deferred, 421 4.",
    "close-data, deferred, 421 4.",
    "close-dot, deferred, 421 4.",
    "close-quit, delivered, 250 2.0.0 Ok",
  })
  void at_each_command(String sink, String fate, String words) throws Exception {
    String id = send(Letter.plain(sink), "bob@" + sink + ".example");
    String line = fate(id);
    assertTrue(line.contains(": " + fate + " "), line);
    assertTrue(line.contains(words), line);
    if (fate.equals("failed")) {
      String report = report(sink);
      assertTrue(report.contains("\r\nAction: failed\r\nStatus: 5.3.0\r\n"), report);
      assertTrue(report.contains("Diagnostic-Code: smtp; " + words), report);
    }
  }

  private static String report(String token) throws Exception {
    return Tools.await(
        "a report about " + token,
        Duration.ofSeconds(20),
        () -> {
          for (Path each : server.arrived("anna@example.org")) {
            String text = Letter.latin(Files.readAllBytes(each));
            if (text.contains("Message-ID: <" + token + "@example.org>")) {
              return text;
            }
          }
          return null;
        });
  }

  @Test
  void a_refused_rset_costs_the_connection_and_not_the_message() throws Exception {
    for (int i = 0; i < 3; i++) {
      String id = send(Letter.plain("rset-" + i), "bob@no-rset.example");
      String line = fate(id);
      assertTrue(line.contains(": failed "), line);
      assertTrue(line.contains("500 5.3.0"), line);
    }
    assertEquals(3, SINKS.get("no-rset").connections());
  }

  @Test
  void eight_bits_for_a_server_of_seven_come_back() throws Exception {
    String line = fate(send(Letter.of("eight"), "bob@seven-bit.example"));
    assertTrue(line.contains(": failed "), line);
    String report = report("eight");
    assertTrue(report.contains("\r\nAction: failed\r\nStatus: 5.6.3\r\n"), report);
    assertTrue(fate(send(Letter.plain("seven"), "bob@seven-bit.example")).contains("delivered"));
    assertEquals(1, SINKS.get("seven-bit").transactions().size());
  }

  @Test
  void a_server_that_knows_helo_only_is_good_enough_for_seven_bits() throws Exception {
    assertTrue(fate(send(Letter.plain("helo"), "bob@hello.example")).contains("delivered"));
    String dump = SINKS.get("hello").transactions().getFirst();
    assertTrue(dump.contains("X-Client-Proto: SMTP\n"), dump);
    assertTrue(dump.contains("X-Mail-Args: <anna@example.org>\n"), dump);
  }

  @Test
  void commands_go_together_only_where_pipelining_is_offered() throws Exception {
    fate(send(Letter.plain("together"), "bob@pipelining.example", "carol@pipelining.example"));
    fate(send(Letter.plain("alone"), "bob@one-by-one.example", "carol@one-by-one.example"));
    Pattern command = Pattern.compile("(EHLO|MAIL|RCPT|DATA)[^\\\\]*\\\\r\\\\n");
    assertTrue(mostInOneRead(trace, command) >= 3, "MAIL and two RCPTs in one");
    assertEquals(1, mostInOneRead(traceOfOneByOne, command));
  }

  private static long mostInOneRead(Path trace, Pattern command) throws Exception {
    return Files.readAllLines(trace).stream()
        .filter(
            line ->
                line.contains("\"EHLO ") || line.contains("\"MAIL ") || line.contains("\"RCPT "))
        .mapToLong(line -> command.matcher(line).results().count())
        .max()
        .orElseThrow();
  }

  @Test
  void two_hundred_messages_share_few_connections() throws Exception {
    Sink sink = SINKS.get("many");
    long began = System.nanoTime();
    List<Thread> clients = new ArrayList<>();
    for (int c = 0; c < 4; c++) {
      int which = c;
      clients.add(
          Thread.startVirtualThread(
              () -> {
                try (Client client = new Client(server.port("submissions")).login()) {
                  for (int i = 0; i < 50; i++) {
                    send(client, Letter.plain("many-" + which + "-" + i), "bob@many.example");
                  }
                } catch (Exception trouble) {
                  throw new IllegalStateException(trouble);
                }
              }));
    }
    for (Thread each : clients) {
      each.join();
    }
    Map<String, Integer> tokens =
        Tools.await(
            "200 messages",
            Duration.ofSeconds(30),
            () -> sink.transactions().size() < 200 ? null : tokens(sink.transactions()));
    System.out.printf(
        "sink: 200 messages over %d connections in %d ms%n",
        sink.connections(), (System.nanoTime() - began) / 1_000_000);
    assertEquals(200, tokens.size());
    assertTrue(tokens.values().stream().allMatch(n -> n == 1), tokens::toString);
    // Five at one time, of a hundred messages each.
    assertTrue(sink.connections() <= 10, "connections: " + sink.connections());
  }

  /** The subjects, and how often each came. */
  static Map<String, Integer> tokens(List<String> transactions) {
    Map<String, Integer> tokens = new TreeMap<>();
    for (String each : transactions) {
      Matcher subject = Pattern.compile("\nSubject: (.*)\n").matcher(each);
      if (subject.find()) {
        tokens.merge(subject.group(1), 1, Integer::sum);
      }
    }
    return tokens;
  }

  @Test
  void the_recipients_at_one_next_hop_share_a_transaction() throws Exception {
    List<String> to =
        new ArrayList<>(
            IntStream.range(0, 90).mapToObj(i -> "bob" + i + "@together.example").toList());
    to.add("bob@defer-quit.example");
    send(Letter.plain("shared"), to.toArray(String[]::new));
    String dump =
        Tools.await(
            "the message",
            Duration.ofSeconds(20),
            () -> {
              List<String> all = SINKS.get("together").transactions();
              return all.isEmpty() || !all.getFirst().endsWith("Hello.\n\n")
                  ? null
                  : all.getFirst();
            });
    assertEquals(1, SINKS.get("together").transactions().size());
    assertEquals(1, MAIL.matcher(dump).results().count());
    assertEquals(
        to.subList(0, 90),
        Pattern.compile("X-Rcpt-Args: <([^>]*)>")
            .matcher(dump)
            .results()
            .map(m -> m.group(1))
            .toList());
  }
}
