package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.talks.Visitor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The example of the second seed as it was published, every value of it in force: a server with
 * that file, and at port 143 of localhost a Dovecot, with an ear before it. Dovecot takes its
 * caller for a stranger and hears no password in clear.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeedRemoteIT {
  private static final int IMAP = 143;

  /** Of the text from {@code [session.auth]} to its last word. */
  private static final String SHA_256 =
      "dc65e057a4dbdc8ec0798eac395b9072b8b81dbe19efe5e1472b3c1edecb902b";

  private static final String BEFORE =
      """
      hostname = "mail.example.org"
      domains = ["example.org"]
      """;
  private static final String BEHIND =
      """

      [listener.smtp]
      bind = ["127.0.0.1:0"]
      tls = "starttls"
      [listener.submissions]
      bind = ["127.0.0.1:0"]
      tls = "implicit"
      [route.default]
      to = "maildir"
      path = "var/mail"
      """;
  private static final String IN = "235 2.7.0 Logged in";
  private static final String NO = "535 5.7.8 Wrong user name or password";
  private static final String LATER =
      "454 4.7.0 Logins cannot be checked at the moment; try again later";
  private static final String ANNA = "anna@example.org";
  private static final String PASSWORD = "over the hills";
  private static final int CROWD = 30;

  private static Relay relay;
  private static Dovecot dovecot;
  private static ServerProcess server;
  private static Future<Timed> unanswered;

  /** A reply, and how long it took. */
  private record Timed(String reply, Duration time) {
    void lasted(int seconds) {
      assertTrue(time.compareTo(Duration.ofSeconds(seconds)) >= 0, toString());
      assertTrue(time.compareTo(Duration.ofSeconds(seconds + 4)) < 0, toString());
    }
  }

  private static String seed() throws Exception {
    try (var file = SeedRemoteIT.class.getResourceAsStream("/seed-001.toml")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String crowd(int i) {
    return "user" + i + "@example.org";
  }

  @BeforeAll
  static void start() throws Exception {
    assertTrue(Tools.isRoot(), "port 143 and Dovecot are for root alone; run this test as root");
    var users =
        Stream.concat(
                Stream.of(ANNA, "bea@example.org", "silent@example.org"),
                IntStream.range(0, CROWD).mapToObj(SeedRemoteIT::crowd))
            .map(name -> name + ":{PLAIN}" + PASSWORD)
            .toArray(String[]::new);
    try {
      relay = new Relay(IMAP, new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), IMAP));
    } catch (BindException taken) {
      throw new AssertionError(
          "port 143 of 127.0.0.1 is taken; this test needs it, for the seed names it", taken);
    }
    // Each takes a while, and neither needs the other yet.
    var starting =
        new FutureTask<>(
            () ->
                Dovecot.start(
                    Dovecot.Setup.of(users)
                        .on(Dovecot.IMAP, IMAP)
                        .with(
                            """
                    service imap-login {
                      inet_listener imap {
                        address = 127.0.0.2
                      }
                    }
                    ssl_cert = <DIR/tls/authority.crt
                    ssl_key = <DIR/tls/authority.key
                    """)));
    Thread.startVirtualThread(starting);
    try {
      server = ServerProcess.start(BEFORE + seed() + BEHIND);
    } finally {
      dovecot = starting.get();
    }
    int calls = relay.calls();
    relay.silence();
    var question = new FutureTask<>(() -> login("127.0.60.1", "silent@example.org", PASSWORD));
    Thread.startVirtualThread(question);
    unanswered = question;
    awaitCalls(calls + 1);
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable each : new AutoCloseable[] {server, dovecot, relay}) {
      if (each != null) {
        each.close();
      }
    }
  }

  private static void awaitCalls(int calls) throws Exception {
    Tools.await(
        "call " + calls + " at port 143",
        Duration.ofSeconds(10),
        () -> relay.calls() >= calls ? true : null);
  }

  /** Under TLS, the greeting heard and EHLO said. */
  private static Visitor visitor(String from) throws Exception {
    Visitor plain = Visitor.from(from, server.port("submissions"));
    Visitor visitor = plain.patient(Duration.ofSeconds(80)).tls();
    visitor.hear();
    assertTrue(visitor.ask("EHLO client").contains("AUTH PLAIN LOGIN"));
    return visitor;
  }

  private static Timed timed(Callable<String> question) throws Exception {
    long began = System.nanoTime();
    String reply = question.call();
    return new Timed(reply, Duration.ofNanos(System.nanoTime() - began));
  }

  private static Timed login(String from, String user, String password) throws Exception {
    try (Visitor visitor = visitor(from)) {
      return timed(() -> visitor.plain(user, password));
    }
  }

  @Test
  @Order(1)
  void the_file_holds_the_example_octet_for_octet() throws Exception {
    byte[] seed = seed().getBytes(StandardCharsets.UTF_8);
    assertEquals(
        SHA_256, HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(seed)));
    assertEquals(
        BEFORE + seed() + BEHIND, Files.readString(server.home().resolve("etc/heddle.toml")));
  }

  @Test
  @Order(2)
  @Tag("B8")
  @Tag("B14")
  @Tag("B15")
  void who_has_the_password_comes_in_and_it_crosses_by_starttls() throws Exception {
    int calls = relay.calls();
    assertEquals(IN, login("127.0.2.1", ANNA, PASSWORD).reply());
    assertEquals(calls + 1, relay.calls());
    try (Visitor visitor = visitor("127.0.2.1")) {
      visitor.ask("AUTH LOGIN");
      visitor.answer("bea@example.org");
      assertEquals(IN, visitor.answer(PASSWORD));
      assertEquals(calls + 2, relay.calls());
      // She has no account here, and her mail goes out all the same.
      assertTrue(visitor.ask("MAIL FROM:<bea@example.org>").startsWith("250"));
      assertTrue(visitor.ask("RCPT TO:<bob@example.net>").startsWith("250"));
    }
    String said = relay.said();
    assertTrue(said.contains(" STARTTLS\r\n"), said);
    assertFalse(said.contains("LOGIN") || said.contains("AUTHENTICATE"), said);
    for (String user : List.of(ANNA, "bea@example.org")) {
      String line =
          Tools.await(
              "the login of " + user + " in Dovecot's log",
              Duration.ofSeconds(10),
              () ->
                  dovecot.log().stream()
                      .filter(l -> l.contains("Login: user=<" + user + ">"))
                      .findFirst()
                      .orElse(null));
      assertTrue(line.contains("method=PLAIN") && line.contains(", TLS"), line);
    }
  }

  @Test
  @Order(3)
  @Tag("B12")
  @Tag("B13")
  void a_yes_is_not_asked_for_again() throws Exception {
    assertEquals(IN, login("127.0.3.1", "bea@example.org", PASSWORD).reply());
    int calls = relay.calls();
    for (int i = 0; i < 10; i++) {
      assertEquals(IN, login("127.0.3.1", "Bea@Example.org", PASSWORD).reply());
    }
    assertEquals(calls, relay.calls());
  }

  @Test
  @Order(4)
  @Tag("B6")
  @Tag("B7")
  @Tag("B13")
  void three_failures_are_the_end_each_after_its_wait_and_a_no_is_not_asked_for_again()
      throws Exception {
    int calls = relay.calls();
    try (Visitor visitor = visitor("127.0.4.1")) {
      for (int i = 0; i < 2; i++) {
        Timed failed = timed(() -> visitor.plain(ANNA, "over the sea"));
        assertEquals(NO, failed.reply());
        failed.lasted(5);
        assertEquals(calls + 1, relay.calls());
      }
      Timed last = timed(() -> visitor.plain(ANNA, "far away"));
      assertEquals(
          "421 4.7.0 Too many failed logins; closing. Please check name and password",
          last.reply());
      last.lasted(5);
      assertEquals(calls + 2, relay.calls());
      assertEquals("gone", visitor.hear());
    }
    assertEquals(IN, login("127.0.4.1", ANNA, PASSWORD).reply());
  }

  @Test
  @Order(5)
  @Tag("B1")
  @Tag("B3")
  @Tag("B4")
  @Tag("B5")
  void at_the_listener_smtp_nobody_logs_in_and_strangers_write_to_us_alone() throws Exception {
    int calls = relay.calls();
    try (Visitor plain = Visitor.from("127.0.5.1", server.port("smtp"))) {
      plain.hear();
      String offered = plain.ask("EHLO client");
      assertTrue(offered.contains("STARTTLS") && !offered.contains("AUTH"), offered);
      plain.ask("STARTTLS");
      Visitor visitor = plain.tls();
      offered = visitor.ask("EHLO client");
      assertFalse(offered.contains("AUTH"), offered);
      assertEquals(
          "503 5.5.1 Logging in is not offered on this port", visitor.plain(ANNA, PASSWORD));
      assertTrue(visitor.ask("MAIL FROM:<stranger@example.com>").startsWith("250"));
      assertEquals(
          "550 5.7.1 Without a login only our own addresses can be written to",
          visitor.ask("RCPT TO:<bob@example.net>"));
      assertTrue(visitor.ask("RCPT TO:<" + ANNA + ">").startsWith("250"));
      assertTrue(visitor.ask("DATA").startsWith("354"));
      visitor.say("From: stranger@example.com", "Subject: hello", "", "hello", ".");
      assertTrue(visitor.hear().startsWith("250"));
    }
    Tools.await(
        "the stranger's mail",
        Duration.ofSeconds(20),
        () -> server.arrived(ANNA).size() == 1 ? true : null);
    assertEquals(calls, relay.calls());
    try (Visitor visitor = visitor("127.0.5.1")) {
      assertTrue(visitor.ask("MAIL FROM:<stranger@example.com>").startsWith("530 5.7.0"));
    }
  }

  @Test
  @Order(6)
  @Tag("B9")
  void never_more_than_ten_of_thirty_are_asked_about_at_one_time() throws Exception {
    relay.delay(Duration.ofMillis(700));
    relay.most();
    int calls = relay.calls();
    var go = new CountDownLatch(1);
    List<CompletableFuture<String>> logins = new ArrayList<>();
    List<Visitor> visitors = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      String user = crowd(i);
      Visitor visitor = visitor("127.0.6.1");
      visitors.add(visitor);
      logins.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  go.await();
                  return visitor.plain(user, PASSWORD);
                } catch (IOException | InterruptedException trouble) {
                  return trouble.toString();
                }
              },
              Thread::startVirtualThread));
    }
    go.countDown();
    for (var login : logins) {
      assertEquals(IN, login.get(30, TimeUnit.SECONDS));
    }
    relay.delay(Duration.ZERO);
    assertEquals(10, relay.most());
    assertEquals(calls + CROWD, relay.calls());
    for (Visitor visitor : visitors) {
      visitor.close();
    }
  }

  @Test
  @Order(7)
  void while_nobody_is_there_no_login_is_called_wrong() throws Exception {
    relay.shut();
    Timed right = login("127.0.7.1", crowd(0), "another");
    assertEquals(LATER, right.reply());
    assertTrue(right.time().compareTo(Duration.ofSeconds(4)) < 0, right.toString());
    assertEquals(LATER, login("127.0.7.1", "nobody@example.org", PASSWORD).reply());
    // What was heard before still counts.
    assertEquals(IN, login("127.0.7.1", ANNA, PASSWORD).reply());
    server.awaitLog(line -> line.contains("directory-down") && line.contains("remote/imap"));
    relay.open();
    Timed wrong = login("127.0.7.1", crowd(0), "another");
    assertEquals(NO, wrong.reply());
    wrong.lasted(5);
  }

  @Test
  @Order(8)
  @Tag("B10")
  void a_server_that_says_nothing_is_waited_for_a_minute() throws Exception {
    Timed late = unanswered.get(80, TimeUnit.SECONDS);
    assertEquals(LATER, late.reply());
    late.lasted(60);
    assertEquals(IN, login("127.0.8.1", "silent@example.org", PASSWORD).reply());
  }

  @Test
  @Order(9)
  @Tag("B12")
  void a_restart_forgets_what_was_heard() throws Exception {
    int calls = relay.calls();
    assertEquals(IN, login("127.0.9.1", ANNA, PASSWORD).reply());
    assertEquals(calls, relay.calls());
    assertEquals(0, server.stop());
    server.serve();
    assertEquals(IN, login("127.0.9.1", ANNA, PASSWORD).reply());
    assertEquals(calls + 1, relay.calls());
  }

  @Test
  @Order(10)
  void no_password_was_written_down() throws Exception {
    String coded = Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8));
    for (String line : server.log()) {
      assertFalse(line.contains(PASSWORD) || line.contains(coded), line);
    }
  }
}
