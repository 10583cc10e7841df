package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/control.md gives to copy is run as it stands there, against a real server. */
class ControlPageIT {
  private static final Path PAGE = Path.of("docs/control.md");

  private static String block(String language) throws Exception {
    Matcher block =
        Pattern.compile("(?s)```" + language + "\\n(.*?)```").matcher(Files.readString(PAGE));
    assertTrue(block.find(), language);
    return block.group(1);
  }

  private static void login(ServerProcess server, String password, int code) throws Exception {
    try (Client client = new Client(server.port("submissions"))) {
      client.command("EHLO phone", 250);
      String plain = "\0" + ServerProcess.USER + "\0" + password;
      String words =
          java.util.Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
      client.command("AUTH PLAIN " + words, code);
    }
  }

  @Test
  void the_python_program_tells_of_each_failed_login_once_and_in_order() throws Exception {
    try (ServerProcess server = ServerProcess.start(ServerProcess.CONFIG)) {
      Path program = Files.writeString(server.home().resolve("ask.py"), block("python"));
      String control = server.home().resolve("run/control").toString();
      Process python =
          new ProcessBuilder("python3", program.toString(), control, "2")
              .redirectErrorStream(true)
              .start();
      try (BufferedReader said = python.inputReader(StandardCharsets.UTF_8)) {
        assertEquals("running", said.readLine());
        assertTrue(said.readLine().matches("waiting behind [1-9]\\d*"));
        login(server, "wrong", 535);
        assertEquals("auth-failed user=" + ServerProcess.USER, said.readLine());
        login(server, "wrong", 535);
        assertEquals("auth-failed user=" + ServerProcess.USER, said.readLine());
        assertEquals(null, said.readLine());
      }
      assertEquals(0, python.waitFor());

      var refused =
          ServerProcess.run(
              List.of("python3", program.toString(), control.replace("control", "status"), "1"),
              "",
              Map.of());
      assertEquals(4, refused.exit(), refused.toString());
      assertTrue(refused.out().startsWith("running\n"), refused.out());
      assertTrue(refused.err().contains("events.list is not answered here"), refused.err());
    }
  }

  @Test
  void a_shell_asks_with_socat_and_with_netcat() throws Exception {
    try (ServerProcess server = ServerProcess.start(ServerProcess.CONFIG)) {
      String commands = "cd '" + server.home() + "'\n" + block("sh");
      var said = ServerProcess.run(List.of("sh", "-c", commands), "", Map.of());
      List<String> lines = said.out().lines().toList();
      assertEquals(2, lines.size(), said.toString());
      assertTrue(lines.get(0).startsWith("{\"v\":1,\"exit\":0,\"rows\":[{\"state\":\"running\""));
      assertEquals(
          "{\"v\":1,\"exit\":0,\"rows\":[{\"messages\":0,\"octets\":0}],"
              + "\"what\":\"\",\"why\":\"\",\"remedy\":\"\"}",
          lines.get(1));
    }
  }
}
