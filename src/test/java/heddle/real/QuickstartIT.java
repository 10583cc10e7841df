package heddle.real;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From nothing to a first message, as the README tells it. */
class QuickstartIT {
  private static final String YOU = "you@example.org";
  private static final String HEDDLE = Path.of("bin/heddle").toAbsolutePath().toString();
  private Path home;

  @BeforeEach
  void make() throws Exception {
    home = Files.createTempDirectory("heddle quick start"); // with a space in it, as people have
  }

  @AfterEach
  void remove() throws Exception {
    TestHome.delete(home);
  }

  private static ServerProcess.Result run(String input, String... command) throws Exception {
    return ServerProcess.run(List.of(command), input, Map.of());
  }

  private ServerProcess.Result heddle(String input, String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of(HEDDLE, "--home", home.toString()));
    command.addAll(List.of(words));
    return ServerProcess.run(command, input, Map.of());
  }

  private Map<String, String> etc() throws Exception {
    Map<String, String> digests = new TreeMap<>();
    try (var files = Files.walk(home.resolve("etc"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] digest =
            java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        digests.put(file.toString(), HexFormat.of().formatHex(digest));
      }
    }
    return digests;
  }

  @Test
  void the_printed_line_delivers_a_first_message_and_a_second_run_changes_nothing()
      throws Exception {
    String curl = serveAndPaste(1);
    assertTrue(curl.contains("--user"), curl);
    Map<String, String> before = etc();
    assertFalse(before.isEmpty());
    serveAndPaste(2);
    assertEquals(before, etc());
  }

  /** Runs quickstart, pastes what it prints into a shell, and stops it. */
  private String serveAndPaste(int round) throws Exception {
    Process server =
        new ProcessBuilder(HEDDLE, "--home", home.toString(), "quickstart", YOU)
            .redirectErrorStream(true)
            .start();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      String curl = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("curl -sS")) {
          curl = line;
          break;
        }
      }
      assertTrue(curl.contains("curl -sS"), "no curl line was printed");
      if (round == 1) {
        var pasted = run("", "sh", "-c", curl);
        assertEquals(0, pasted.exit(), curl + pasted);
        String arrival = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.contains("first message has arrived")) {
            arrival = lines.readLine().strip();
            break;
          }
        }
        assertTrue(Files.readString(Path.of(arrival)).endsWith("\r\n\r\nIt works.\r\n"), arrival);
        sendOctets(curl);
      } else {
        assertTrue(curl.contains(":PASSWORD"), "a password is shown once: " + curl);
      }
      return curl;
    } finally {
      server.destroy();
      assertTrue(server.waitFor(30, TimeUnit.SECONDS));
    }
  }

  /** The same line with a text of our own: dot lines and 8-bit arrive octet for octet. */
  private void sendOctets(String curl) throws Exception {
    byte[] body =
        ".\r\n..\r\n.x\r\n\u00e4\u00ff\r\n\r\nend\r\n".getBytes(StandardCharsets.ISO_8859_1);
    Path message = home.resolve("message");
    byte[] head =
        "From: you@example.org\r\nSubject: octets\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    Files.write(message, whole);
    String line = "cat '" + message + "' " + curl.substring(curl.indexOf("| curl"));
    var pasted = run("", "sh", "-c", line);
    assertEquals(0, pasted.exit(), pasted.toString());
    // By the mailbox, not by the log: the line about the message before may come behind this one's.
    byte[] there = Tools.await("the octets", Duration.ofSeconds(20), this::withOctets);
    assertArrayEquals(body, Arrays.copyOfRange(there, there.length - body.length, there.length));
  }

  private byte @Nullable [] withOctets() throws IOException {
    try (var files = Files.list(home.resolve("var/mail").resolve(YOU).resolve("new"))) {
      return files
          .map(QuickstartIT::read)
          .filter(f -> new String(f, StandardCharsets.ISO_8859_1).contains("octets"))
          .findFirst()
          .orElse(null);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (java.io.IOException gone) {
      throw new java.io.UncheckedIOException(gone);
    }
  }

  @Test
  void only_preparing_leaves_no_server_and_a_bad_address_is_explained() throws Exception {
    var bad = heddle("", "quickstart", "you");
    assertEquals(2, bad.exit());
    assertTrue(bad.err().contains("\"you\" is no mail address"), bad.err());
    var prepared = heddle("", "quickstart", YOU, "--no-serve");
    assertEquals(0, prepared.exit(), prepared.toString());
    assertTrue(prepared.out().contains("password"), prepared.out());
    assertEquals(0, heddle("", "config", "check").exit());
    assertEquals("state\tstopped", heddle("", "status").out().strip());
    assertEquals("drwx------", mode(home.resolve("var")));
  }

  private static String mode(Path folder) throws Exception {
    return "d"
        + java.nio.file.attribute.PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder));
  }

  @Test
  void a_broken_configuration_is_named_line_by_line_and_ends_with_78() throws Exception {
    Files.createDirectories(home.resolve("etc"));
    Files.writeString(
        home.resolve("etc/heddle.toml"), "domians = [\"example.org\"]\nhostname = 1\n");
    for (String[] words : new String[][] {{"serve"}, {"config", "check"}}) {
      var result = heddle("", words);
      assertEquals(78, result.exit(), result.toString());
      assertTrue(result.err().contains("heddle.toml:1:1"), result.err());
      assertTrue(result.err().contains("Did you mean \"domains\"?"), result.err());
      assertTrue(result.err().contains("heddle.toml:2:1"), result.err());
      assertFalse(result.err().contains("java."), result.err());
    }
  }

  @Test
  void the_launcher_works_through_a_link_and_from_any_folder() throws Exception {
    Path link = home.resolve("h");
    Files.createSymbolicLink(link, Path.of(HEDDLE));
    var result = run("", "sh", "-c", "cd / && '" + link + "' version");
    assertEquals(0, result.exit(), result.toString());
    assertTrue(result.out().startsWith("Heddle "), result.out());
  }

  @Test
  void users_are_kept_with_the_server_running_and_without_one() throws Exception {
    Files.createDirectories(home.resolve("etc"));
    Files.writeString(home.resolve("etc/heddle.toml"), ServerProcess.CONFIG);
    assertEquals(
        0, heddle("secret one\n", "user", "add", "a@example.org", "--password-stdin").exit());
    assertEquals(1, heddle("x\n", "user", "add", "A@EXAMPLE.org", "--password-stdin").exit());
    assertEquals(2, heddle("\n", "user", "add", "b@example.org", "--password-stdin").exit());
    assertEquals(3, heddle("x\n", "user", "password", "no@example.org", "--password-stdin").exit());
    assertEquals(4, heddle("", "user", "remove", "a@example.org").exit());
    Process server =
        new ProcessBuilder(HEDDLE, "--home", home.toString(), "serve")
            .redirectErrorStream(true)
            .start();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
      int port = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(" started ")) {
          port = Integer.parseInt(line.replaceAll(".*submissions@127\\.0\\.0\\.1:(\\d+).*", "$1"));
          break;
        }
      }
      logsIn(port, "secret one", true);
      assertEquals(
          0,
          heddle("secret two\n", "user", "password", "a@example.org", "--password-stdin").exit());
      logsIn(port, "secret one", false);
      logsIn(port, "secret two", true);
      assertEquals(0, heddle("", "user", "disable", "a@example.org", "--reason", "spam").exit());
      logsIn(port, "secret two", false);
      assertTrue(heddle("", "user", "list").out().contains("disabled"));
      assertTrue(heddle("", "user", "list", "--json").out().contains("\"state\":\"disabled\""));
      assertEquals(0, heddle("", "user", "enable", "a@example.org").exit());
      logsIn(port, "secret two", true);
      assertTrue(heddle("", "status").out().contains("running"));
      assertEquals(4, heddle("", "spool", "list").exit());
      assertEquals(0, heddle("", "user", "remove", "a@example.org", "--yes").exit());
      logsIn(port, "secret two", false);
      server.destroyForcibly().waitFor();
    }
    assertEquals("", heddle("", "user", "list").out());
  }

  private static void logsIn(int port, String password, boolean yes) {
    boolean in;
    try (Client client = new Client(port)) {
      client.login("a@example.org", password);
      in = true;
    } catch (java.io.IOException no) {
      in = false;
    }
    assertEquals(yes, in, password);
  }
}
