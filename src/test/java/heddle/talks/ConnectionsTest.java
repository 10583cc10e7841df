package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import heddle.event.Event;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is at the other end: behind a UNIX socket, behind a PROXY header, behind XCLIENT. */
class ConnectionsTest {
  private static final String CONFIG =
      """
      [listener.local]
      bind = ["unix:run/submission.sock"]
      tls = "starttls"
      [listener.relay]
      bind = ["unix:run/relay.sock"]
      tls = "none"
      proxy-protocol-from = ["127.0.0.1"]
      [listener.proxied]
      bind = ["127.0.0.1:0"]
      tls = "none"
      proxy-protocol-from = ["127.0.0.0/8"]
      [listener.proxiedtls]
      bind = ["127.0.0.1:0"]
      tls = "implicit"
      proxy-protocol-from = ["127.0.0.1"]
      [listener.told]
      bind = ["127.0.0.1:0"]
      tls = "starttls"
      xclient-from = ["127.0.0.1"]
      [listener.open]
      bind = ["127.0.0.1:0"]
      tls = "none"
      xclient-from = ["127.0.0.1"]
      [session]
      proxy = "Looking"
      [session.auth]
      mechanisms = ["PLAIN", "EXTERNAL"]
      require = [
        { if = "listener", eq = "open", then = false },
        { if = "helo", eq = "proxy.internal", then = false },
        { else = true },
      ]
      [route.big]
      if = "size"
      gt = "1000"
      to = "hold"
      """;

  /** Answers XLOOK with what the seed's names have, one line each. */
  private static final String LOOKING =
      """
      import static heddle.hook.Decisions.*;
      import heddle.hook.*;
      import java.util.*;

      public class Looking implements ProxyHook {
        public ProxyDecision command(ProxyCommand command) {
          if (command.verb().equals("XNOTE")) {
            return proxyReply("" + command.attributes().put("note", command.command()));
          }
          if (!command.verb().equals("XLOOK")) {
            return pass();
          }
          Map<String, Object> all = new TreeMap<>(command.connection().toMap());
          all.keySet().retainAll(
              Set.of("remoteip", "remoteport", "remoteptr", "remoteuid", "localip", "localport", "helo"));
          List<String> lines = new ArrayList<>();
          all.forEach((name, value) -> lines.add(name + "=" + value));
          command.connection().unixPeer().ifPresent(u -> lines.add("user=" + u.user() + " " + u.group()));
          for (Object each : (List<?>) command.transaction().toMap().get("recipients")) {
            lines.add("transportid=" + ((Map<?, ?>) each).get("transportid"));
          }
          return proxyReply(lines.toArray(String[]::new));
        }
      }
      """;

  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(CONFIG, Map.of("etc/hooks/Looking.java", LOOKING));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** What the hook sees. */
  private static List<String> look(Visitor client) throws IOException {
    return java.util.Arrays.stream(client.ask("XLOOK").split("\\|"))
        .map(l -> l.replaceFirst("^250[ -]2\\.0\\.0 ", ""))
        .toList();
  }

  private static Path socketFile() {
    return server.home().root().resolve("run/submission.sock");
  }

  private static String me() {
    return System.getProperty("user.name");
  }

  private static long myUid() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  // ---- a UNIX socket

  @Test
  @Tag("C6")
  void a_unix_socket_tells_who_is_behind_it() throws Exception {
    try (Visitor caller = Visitor.at(socketFile())) {
      assertTrue(caller.hear().startsWith("220 "));
      caller.ask("EHLO printer");
      List<String> seen = look(caller);
      assertTrue(seen.contains("remoteuid=" + myUid()), seen.toString());
      assertTrue(seen.stream().anyMatch(l -> l.startsWith("user=" + me() + " ")), seen.toString());
      assertTrue(seen.contains("remoteip=127.0.0.1"), seen.toString());
    }
    assertTrue(
        server.events().stream()
            .anyMatch(
                e ->
                    e instanceof Event.Connected c
                        && c.listener().equals("local")
                        && c.user().equals(java.util.Optional.of(me()))));
  }

  @Test
  void only_a_user_named_by_a_key_logs_in_by_the_kernels_word() throws Exception {
    try (Visitor caller = Visitor.at(socketFile())) {
      caller.hear();
      assertFalse(caller.ask("EHLO x").contains("EXTERNAL"));
      assertTrue(caller.ask("AUTH EXTERNAL =").startsWith("535 5.7.8 "));
    }
    TestHome.ask(
        server.heddle(), "key.add", Map.of("address", "anna@example.org", "proof", "unix:" + me()));
    try (Visitor caller = Visitor.at(socketFile())) {
      caller.hear();
      assertTrue(caller.ask("EHLO x").contains("AUTH PLAIN EXTERNAL"));
      assertTrue(
          caller.ask("AUTH EXTERNAL " + Speaker.base64("bob@example.org")).startsWith("535 "));
      assertTrue(caller.ask("AUTH EXTERNAL =").startsWith("235 2.7.0 "));
      assertTrue(caller.ask("MAIL FROM:<anna@example.org>").startsWith("250 "));
    }
    try (Visitor caller = Visitor.at(server, "told")) {
      caller.hear();
      assertFalse(caller.ask("EHLO x").contains("EXTERNAL"), "TCP tells of no user");
    }
    aProxysOwnUserIsNotItsClients();
  }

  /** Nobody listens in on a socket of this machine. */
  @Test
  void a_password_needs_no_tls_there_and_a_message_goes_through() throws Exception {
    try (Visitor caller = Visitor.at(socketFile())) {
      caller.hear();
      assertTrue(caller.ask("EHLO x").contains("AUTH PLAIN"));
      assertTrue(
          caller
              .ask("AUTH PLAIN " + Speaker.base64("\0anna@example.org\0correct horse"))
              .startsWith("235 "));
      caller.ask("MAIL FROM:<anna@example.org>");
      caller.ask("RCPT TO:<anna@example.org>");
      assertTrue(caller.ask("DATA").startsWith("354 "));
      String line = "x".repeat(70) + "\r\n";
      assertTrue(
          caller.ask("Subject: local\r\n\r\n" + line.repeat(20_000) + ".").startsWith("250 "));
      assertTrue(caller.ask("QUIT").startsWith("221 "));
      assertEquals("gone", caller.hear());
    }
  }

  @Test
  void the_socket_is_open_to_all_whom_its_folder_lets_in() throws Exception {
    assertEquals(
        "rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(socketFile())));
  }

  // ---- PROXY

  @Test
  @Tag("A2")
  void a_proxy_tells_of_its_client_before_the_greeting() throws Exception {
    try (Visitor caller = Visitor.at(server, "proxied")) {
      caller.send(
          "PROXY TCP4 192.0.2.77 198.51.100.9 4711 465\r\n".getBytes(StandardCharsets.US_ASCII));
      assertTrue(caller.hear().startsWith("220 "));
      assertTrue(caller.ask("EHLO x").contains("greets 192.0.2.77"));
      List<String> seen = look(caller);
      assertTrue(
          seen.containsAll(
              List.of(
                  "remoteip=192.0.2.77",
                  "remoteport=4711",
                  "localip=198.51.100.9",
                  "localport=465")),
          seen.toString());
    }
    assertTrue(
        server.events().stream()
            .anyMatch(
                e ->
                    e instanceof Event.Connected c
                        && c.client().toString().equals("192.0.2.77:4711")
                        && c.via().orElseThrow().ip().equals("127.0.0.1")));
  }

  @Test
  void behind_the_header_comes_tls() throws Exception {
    try (Visitor proxy = Visitor.at(server, "proxiedtls")) {
      proxy.send("PROXY TCP6 2001:db8::7 ::1 1 465\r\n".getBytes(StandardCharsets.US_ASCII));
      Visitor caller = proxy.tls();
      assertTrue(caller.hear().startsWith("220 "));
      assertTrue(caller.ask("EHLO x").contains("greets 2001:db8:0:0:0:0:0:7"));
    }
  }

  @Test
  void without_its_header_a_proxy_hears_nothing() throws Exception {
    try (Visitor caller = Visitor.at(server, "proxied")) {
      caller.send("EHLO x\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals("gone", end(caller));
    }
    try (Visitor caller = Visitor.at(server, "proxied")) {
      long began = System.nanoTime();
      assertEquals("gone", end(caller));
      long took = (System.nanoTime() - began) / 1_000_000;
      assertTrue(took > 2_500, took + " ms");
    }
    assertTrue(
        server.events().stream()
            .anyMatch(
                e ->
                    e instanceof Event.ConnectionRefused r
                        && r.why().equals("PROXY header: there is none")));
    assertTrue(
        server.events().stream()
            .anyMatch(
                e ->
                    e instanceof Event.ConnectionRefused r
                        && r.why().equals("PROXY header: it did not come within 3 s")));
  }

  private static String end(Visitor caller) throws IOException {
    try {
      return caller.hear();
    } catch (java.net.SocketException reset) {
      return "gone";
    }
  }

  @Test
  void from_anybody_else_the_header_is_an_unknown_command() throws Exception {
    try (Visitor caller = Visitor.at(server, "clear")) {
      caller.send(
          "PROXY TCP4 192.0.2.77 198.51.100.9 4711 465\r\n".getBytes(StandardCharsets.US_ASCII));
      assertTrue(caller.hear().startsWith("220 "));
      assertTrue(caller.hear().startsWith("500 5.5.1 "));
    }
  }

  /** Whoever a proxy speaks for without a word who that is: it is not the proxy. */
  private static void aProxysOwnUserIsNotItsClients() throws Exception {
    Path relay = server.home().root().resolve("run/relay.sock");
    for (String header : List.of("PROXY UNKNOWN\r\n", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n")) {
      try (Visitor caller = Visitor.at(relay)) {
        caller.send(header.getBytes(StandardCharsets.US_ASCII));
        caller.hear();
        assertFalse(caller.ask("EHLO x").contains("EXTERNAL"), header);
        assertTrue(caller.ask("AUTH EXTERNAL =").startsWith("535 "), header);
        assertTrue(
            caller
                .ask("AUTH PLAIN " + Speaker.base64("\0anna@example.org\0correct horse"))
                .startsWith("538 "),
            header);
      }
    }
  }

  @Test
  void a_socket_takes_the_place_of_a_dead_one_and_of_nothing_else() throws Exception {
    Path folder = Files.createTempDirectory("sockets");
    Path fifo = folder.resolve("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    for (Path taken : List.of(fifo, Files.createFile(folder.resolve("file")), socketFile())) {
      var refused =
          org.junit.jupiter.api.Assertions.assertThrows(
              Exception.class,
              () -> TestServer.start("[listener.local]\nbind = [\"unix:%s\"]\n".formatted(taken)));
      assertTrue(Files.exists(taken), refused.toString());
    }
    Path dead = folder.resolve("dead");
    java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(dead))
        .close();
    try (TestServer other =
        TestServer.start("[listener.local]\nbind = [\"unix:%s\"]\n".formatted(dead))) {
      Visitor.at(dead).close();
    }
    assertFalse(Files.exists(dead), "a server takes its socket along");
  }

  // ---- XCLIENT

  private static Visitor told() throws Exception {
    Visitor caller = Visitor.at(server, "told");
    assertTrue(caller.hear().startsWith("220 "));
    return caller;
  }

  @Test
  @Tag("C26")
  void a_proxy_of_ours_tells_for_whom_it_speaks() throws Exception {
    try (Visitor caller = told()) {
      assertTrue(
          caller.ask("EHLO proxy").contains("XCLIENT NAME ADDR PORT PROTO HELO DESTADDR DESTPORT"));
      assertTrue(
          caller
              .ask(
                  "XCLIENT NAME=spike.example.com ADDR=192.0.2.5 PORT=99 DESTADDR=IPV6:2001:db8::2"
                      + " DESTPORT=587")
              .startsWith("220 mail.example.org ESMTP"));
      assertTrue(caller.ask("MAIL FROM:<>").startsWith("503 "), "as before EHLO");
      assertTrue(caller.ask("EHLO x").contains("greets 192.0.2.5"));
      List<String> seen = look(caller);
      assertTrue(
          seen.containsAll(
              List.of(
                  "remoteip=192.0.2.5",
                  "remoteport=99",
                  "remoteptr=spike.example.com",
                  "localip=2001:db8:0:0:0:0:0:2",
                  "localport=587")),
          seen.toString());
      assertTrue(caller.ask("XCLIENT ADDR=192.0.2.6").startsWith("220 "), "it may tell again");
      assertTrue(look(caller).contains("remoteip=192.0.2.6"));
    }
  }

  @Test
  void the_name_it_tells_stands_for_ehlo() throws Exception {
    try (Visitor caller = told()) {
      assertTrue(caller.ask("XCLIENT HELO=spike+2Dmail PROTO=SMTP").startsWith("220 "));
      assertTrue(
          look(caller).stream().anyMatch(l -> l.contains("spike-mail") && l.contains("HELO")));
    }
  }

  @Test
  void rules_are_asked_about_the_client_and_not_about_its_proxy() throws Exception {
    try (Visitor caller = told()) {
      caller.ask("EHLO proxy.internal");
      assertTrue(
          caller.ask("XCLIENT ADDR=192.0.2.66 HELO=evil.example").startsWith("220 "), "told");
      assertTrue(caller.ask("MAIL FROM:<a@example.com>").startsWith("530 "));
      assertTrue(caller.ask("XCLIENT HELO=proxy.internal").startsWith("220 "));
      assertTrue(caller.ask("MAIL FROM:<a@example.com>").startsWith("250 "));
    }
  }

  @Test
  void what_hooks_keep_about_one_client_the_next_does_not_inherit() throws Exception {
    try (Visitor caller = told()) {
      caller.ask("XCLIENT ADDR=192.0.2.1 NAME=one.example");
      assertTrue(caller.ask("XNOTE one").endsWith(" null"));
      assertTrue(caller.ask("XNOTE two").endsWith(" XNOTE one"));
      caller.ask("XCLIENT ADDR=192.0.2.2");
      assertTrue(caller.ask("XNOTE three").endsWith(" null"));
      assertFalse(look(caller).contains("remoteptr=one.example"));
    }
  }

  @Test
  void nobody_logs_in_by_assertion() throws Exception {
    try (Visitor caller = told()) {
      caller.ask("EHLO x");
      for (String login : List.of("LOGIN=anna@example.org", "ADDR=192.0.2.1 LOGIN=[UNAVAILABLE]")) {
        assertTrue(caller.ask("XCLIENT " + login).startsWith("501 5.5.4 "));
      }
      assertTrue(look(caller).contains("remoteip=127.0.0.1"), "nothing of it was taken");
    }
  }

  @Test
  void who_had_logged_in_has_not_any_more() throws Exception {
    try (Visitor clear = told()) {
      clear.ask("EHLO proxy");
      assertTrue(clear.ask("XCLIENT ADDR=192.0.2.5").startsWith("220 "));
      clear.ask("EHLO proxy");
      assertTrue(clear.ask("STARTTLS").startsWith("220 "));
      Visitor caller = clear.tls();
      caller.ask("EHLO proxy");
      assertTrue(
          look(caller).contains("remoteip=127.0.0.1"), "RFC 3207: what was told is forgotten");
      assertTrue(
          caller
              .ask("AUTH PLAIN " + Speaker.base64("\0anna@example.org\0correct horse"))
              .startsWith("235 "));
      assertTrue(caller.ask("XCLIENT ADDR=192.0.2.6").startsWith("220 "));
      caller.ask("EHLO x");
      assertTrue(caller.ask("MAIL FROM:<anna@example.org>").startsWith("530 "));
    }
  }

  @Test
  void not_within_a_message_and_not_from_anybody_else() throws Exception {
    try (Visitor caller = Visitor.at(server, "open")) {
      caller.hear();
      caller.ask("EHLO x");
      caller.ask("MAIL FROM:<a@example.com>");
      assertTrue(caller.ask("XCLIENT ADDR=192.0.2.5").startsWith("503 5.5.1 "));
    }
    try (Visitor caller = Visitor.at(server, "clear")) {
      caller.hear();
      assertFalse(caller.ask("EHLO x").contains("XCLIENT"));
      assertTrue(caller.ask("XCLIENT ADDR=127.0.0.1").startsWith("550 5.7.0 "));
      assertTrue(caller.ask("XCLIENT what").startsWith("550 5.7.0 "));
    }
  }

  // ---- the transaction

  @Test
  @Tag("C20")
  void a_hook_sees_which_route_each_recipient_takes() throws Exception {
    try (Visitor caller = Visitor.at(server, "open")) {
      caller.hear();
      caller.ask("EHLO x");
      caller.ask("MAIL FROM:<a@example.com>");
      caller.ask("RCPT TO:<anna@example.org>");
      assertTrue(look(caller).contains("transportid=default"));
      caller.ask("RSET");
      caller.ask("MAIL FROM:<a@example.com> SIZE=1001");
      caller.ask("RCPT TO:<anna@example.org>");
      assertTrue(look(caller).contains("transportid=big"));
    }
  }
}
