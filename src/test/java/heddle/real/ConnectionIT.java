package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Behind HAProxy, behind a proxy that speaks XCLIENT, and at a UNIX socket. */
class ConnectionIT {
  private static ServerProcess server;
  private static Process haproxy;
  private static int one;
  private static int two;

  @BeforeAll
  static void start() throws Exception {
    server =
        ServerProcess.start(
            ServerProcess.CONFIG
                + """
                [listener.proxied]
                bind = ["127.0.0.1:0"]
                tls = "starttls"
                proxy-protocol-from = ["127.0.0.1"]
                [listener.told]
                bind = ["127.0.0.1:0"]
                tls = "starttls"
                xclient-from = ["127.0.0.1"]
                [listener.local]
                bind = ["unix:run/submission.sock"]
                tls = "none"
                [session.auth]
                mechanisms = ["PLAIN", "EXTERNAL"]
                """);
    Path folder = Tools.folder("haproxy");
    one = Tools.freePort();
    two = Tools.freePort();
    Path config = folder.resolve("haproxy.cfg");
    Files.writeString(
        config,
        """
        global
          maxconn 100
        defaults
          mode tcp
          timeout connect 5s
          timeout client 30s
          timeout server 30s
        listen one
          bind 127.0.0.1:%1$d
          server heddle 127.0.0.1:%3$d send-proxy
        listen two
          bind 127.0.0.1:%2$d
          server heddle 127.0.0.1:%3$d send-proxy-v2 proxy-v2-options crc32c,unique-id
          unique-id-format %%[uuid()]
        """
            .formatted(one, two, server.port("proxied")));
    haproxy =
        new ProcessBuilder("haproxy", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Tools.awaitPort(one);
    Tools.awaitPort(two);
  }

  @AfterAll
  static void stop() throws Exception {
    haproxy.destroy();
    haproxy.waitFor();
    server.close();
  }

  private static ServerProcess.Result swaks(int port, String... more) throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                "swaks",
                "--server",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--tls",
                "--auth",
                "PLAIN",
                "--auth-user",
                ServerProcess.USER,
                "--auth-password",
                ServerProcess.PASSWORD,
                "--from",
                ServerProcess.USER,
                "--to",
                ServerProcess.USER));
    command.addAll(List.of(more));
    return ServerProcess.run(command, "", Map.of());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Tag("A2")
  void haproxy_tells_of_its_client(int version) throws Exception {
    // HAProxy takes the address of whoever connects to it: another one of loopback.
    var sent = swaks(version == 1 ? one : two, "--local-interface", "127.0.0.3" + version);
    assertEquals(0, sent.exit(), sent.toString());
    server.awaitLog(
        line ->
            line.contains(": connect listener=proxied via=127.0.0.1:")
                && line.contains(" client=127.0.0.3" + version + ":"));
    server.awaitLog(
        line -> line.contains(": accepted ") && line.contains(" client=127.0.0.3" + version));
  }

  @Test
  @Tag("C26")
  void swaks_tells_by_xclient() throws Exception {
    var sent =
        swaks(
            server.port("told"),
            "--xclient-addr",
            "192.0.2.99",
            "--xclient-name",
            "spike.example.com",
            "--xclient-helo",
            "two words");
    assertEquals(0, sent.exit(), sent.toString());
    server.awaitLog(line -> line.contains(": accepted ") && line.contains(" client=192.0.2.99:"));
    var refused =
        swaks(server.port("told"), "--xclient-login", ServerProcess.USER, "--xclient-no-verify");
    assertTrue((refused.out() + refused.err()).contains("501 5.5.4 LOGIN"), refused.toString());
  }

  @Test
  @Tag("C6")
  void a_program_of_this_machine_needs_no_password() throws Exception {
    String me = System.getProperty("user.name");
    List<String> msmtp =
        List.of(
            "msmtp",
            "--host=localhost",
            "--socket=" + server.home().resolve("run/submission.sock"),
            "--tls=off",
            "--auth=external",
            "--user=" + ServerProcess.USER,
            "--from=" + ServerProcess.USER,
            "bob@example.net");
    var stranger = ServerProcess.run(msmtp, "Subject: x\r\n\r\nx\r\n", Map.of());
    assertTrue(stranger.exit() != 0, stranger.toString());
    var added = server.heddle("", "key", "add", ServerProcess.USER, "unix:" + me);
    assertEquals(0, added.exit(), added.toString());
    var sent = ServerProcess.run(msmtp, "Subject: x\r\n\r\nx\r\n", Map.of());
    assertEquals(0, sent.exit(), sent.toString());
    server.awaitLog(line -> line.contains(": auth-ok mech=EXTERNAL "));
    server.awaitLog(
        line -> line.contains(": connect listener=local ") && line.contains("unix-user=" + me));
  }
}
