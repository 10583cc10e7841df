package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that lives and cannot work says so and why; and whoever asks does it no harm. */
class ReadyIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CONFIG =
      """
      hostname = "mail.example.org"
      domains = ["example.org"]
      [listener.submissions]
      bind = ["127.0.0.1:0"]
      tls = "implicit"
      [tls]
      certificate = "pair.pem"
      key = "pair.pem"
      [route.default]
      to = "maildir"
      path = "var/mail"
      [metrics]
      bind = "127.0.0.1:0"
      """;

  private ServerProcess server;

  @BeforeEach
  void start() throws Exception {
    server = ServerProcess.prepare(CONFIG, Map.of());
    pair(30);
    server.serve();
    assertEquals("ready\n", Figures.get(server, "/ready").body());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  /** A certificate and its key in one file, exchanged at one moment. */
  private void pair(int days) throws Exception {
    Path folder = server.home().resolve("etc");
    Path key = folder.resolve("new.key");
    Path request = folder.resolve("new.csr");
    Path certificate = folder.resolve("new.crt");
    Tools.run(
        ("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj"
                + " /CN=mail.example.org -keyout "
                + key
                + " -out "
                + request)
            .split(" "));
    Tools.run(
        ("openssl x509 -req -days "
                + days
                + " -signkey "
                + key
                + " -in "
                + request
                + " -out "
                + certificate)
            .split(" "));
    Path pair = folder.resolve("new.pem");
    Files.writeString(pair, Files.readString(certificate) + Files.readString(key));
    Files.setPosixFilePermissions(
        pair, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    Files.move(pair, folder.resolve("pair.pem"), StandardCopyOption.REPLACE_EXISTING);
  }

  private String await(int code, Predicate<String> words) throws Exception {
    return Tools.await(
        "/ready to be " + code,
        PATIENCE,
        () -> {
          var ready = Figures.get(server, "/ready");
          assertEquals(200, Figures.get(server, "/live").statusCode());
          return ready.statusCode() == code && words.test(ready.body()) ? ready.body() : null;
        });
  }

  private double ready(String check) throws Exception {
    return Figures.scrape(server).sample("heddle_ready{check=\"" + check + "\"}");
  }

  @Test
  void a_certificate_that_has_ended_until_there_is_another() throws Exception {
    pair(-1);
    String words = await(503, w -> true);
    assertTrue(
        words.matches("certificate: that for mail.example.org has ended on 2\\S+Z\n"), words);
    assertEquals(0, ready("certificate"));
    assertEquals(1, ready("store"));
    pair(30);
    await(200, "ready\n"::equals);
  }

  @Test
  void accounts_that_another_process_keeps_for_itself() throws Exception {
    Path database = server.home().resolve("var/heddle.db");
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      assertEquals("store: the accounts are locked by another process\n", await(503, w -> true));
      assertEquals(0, ready("store"));
      statement.execute("ROLLBACK");
    }
    await(200, "ready\n"::equals);
  }

  /** No file of the process may grow: what a full disk is to it. */
  @Test
  void a_disk_without_room_until_there_is_some() throws Exception {
    String pid = Long.toString(server.pid());
    Tools.run("prlimit", "--pid", pid, "--fsize=0:unlimited");
    try (Client anna = new Client(server.port("submissions")).login()) {
      anna.command("MAIL FROM:<" + ServerProcess.USER + ">", 250);
      anna.command("RCPT TO:<carol@example.org>", 250);
      anna.command("DATA", 354);
      anna.write("Subject: x\r\n\r\nx\r\n.\r\n");
      anna.expect(452);
      String words = await(503, w -> w.contains("spool: "));
      assertTrue(words.startsWith("spool: no message is taken: "), words);
      assertEquals(0, ready("spool"));
      assertEquals(
          1,
          Figures.scrape(server)
              .sample("heddle_messages_rejected_total{code=\"452\",stage=\"data\"}"));
      Tools.run("prlimit", "--pid", pid, "--fsize=unlimited:unlimited");
      await(200, "ready\n"::equals);
      anna.send("carol@example.org", Letter.plain("again").sent());
    }
  }

  @Test
  void one_that_stops_hears_nobody_new_while_it_waits_for_those_within() throws Exception {
    try (Client anna = new Client(server.port("submissions")).login()) {
      anna.command("MAIL FROM:<" + ServerProcess.USER + ">", 250);
      anna.command("RCPT TO:<carol@example.org>", 250);
      anna.command("DATA", 354);
      Tools.run("kill", Long.toString(server.pid()));
      String words = await(503, w -> true);
      assertEquals(
          "listeners: nobody is heard at submissions@127.0.0.1:"
              + server.port("submissions")
              + "\n",
          words);
      anna.write("Subject: x\r\n\r\nx\r\n.\r\n");
      anna.expect(250);
    }
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port("metrics"));
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void say(Socket socket, String words) throws IOException {
    socket.getOutputStream().write(words.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** What it still says, until it hangs up. */
  private static String rest(Socket socket) {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketTimeoutException waits) {
      throw new AssertionError("it neither answers nor hangs up");
    } catch (IOException hungUp) {
      return "";
    }
  }

  @Test
  void slow_and_greedy_clients_are_few_get_little_and_do_not_stay() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        Socket socket = connect();
        slow.add(socket);
        try {
          say(socket, "GET /metrics HTTP/1.1\r\nHost: x\r\nX-Slow: ");
        } catch (IOException turnedAway) {
          // There are enough of them already.
        }
      }
      long threads = threads();
      assertTrue(threads < 120, threads + " threads");
      // Mail goes on meanwhile.
      try (Client anna = new Client(server.port("submissions")).login()) {
        anna.send("carol@example.org", Letter.plain("meanwhile").sent());
      }
      for (Socket socket : slow) {
        assertEquals("", rest(socket));
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    for (String greedy :
        List.of(
            "GET /metrics HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(1_000_000),
            "GET /" + "a".repeat(1_000_000),
            "GET /metrics HTTP/1.1\r\n" + "X: y\r\n".repeat(100_000),
            "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n"
                + "a".repeat(1_000_000))) {
      try (Socket socket = connect()) {
        try {
          say(socket, greedy);
        } catch (IOException hungUp) {
          // It did not want to hear all of it.
        }
        String said = rest(socket);
        assertTrue(said.isEmpty() || said.matches("(?s)HTTP/1.1 [45].*"), said);
      }
    }
    assertEquals("ready\n", Figures.get(server, "/ready").body());
    Figures.scrape(server);
  }

  private long threads() throws IOException {
    try (var tasks = Files.list(Path.of("/proc/" + server.pid() + "/task"))) {
      return tasks.count();
    }
  }

  @Test
  void an_address_that_another_has_is_refused_in_words() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        ServerProcess second =
            ServerProcess.prepare(
                ServerProcess.CONFIG
                    + "[metrics]\nbind = \"127.0.0.1:"
                    + other.getLocalPort()
                    + "\"\n",
                Map.of())) {
      var said = second.heddle("", "serve");
      assertEquals(1, said.exit(), said.toString());
      assertTrue(
          said.err()
              .startsWith(
                  "heddle: metrics.bind cannot use 127.0.0.1:"
                      + other.getLocalPort()
                      + "\n   why: Address already in use\n   do:  another program has the port;"
                      + " choose another, or stop it\n"),
          said.toString());
    }
  }
}
