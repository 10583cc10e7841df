package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.console.ManPages;
import heddle.control.JsonLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A command answers the same, typed alone or among others. */
class OneShotIT {
  /** What commands need behind their names; what stands here with nothing needs nothing. */
  private static final Map<String, String> SAMPLES =
      Map.ofEntries(
          Map.entry("trace", "anna@example.org"),
          Map.entry("completion", "bash"),
          // Commands that connect to the server are told of, too, and would stand in one answer
          // only.
          Map.entry("events", "name:admin"),
          Map.entry("user show", "anna@example.org"),
          Map.entry("app show", "anna@example.org phone"),
          Map.entry("key show", "anna@example.org card"),
          Map.entry("device show", "anna@example.org scanner"),
          Map.entry("auth explain", "anna@example.org 192.0.2.7"),
          Map.entry("session show", "7Q4K2"),
          Map.entry("session trace", "7Q4K2"),
          Map.entry("queue show", "7Q4K2"),
          Map.entry("cert show", "mail.example.org"),
          Map.entry("config explain", "session.auth.require"),
          Map.entry("hook test", "nowhere.java"),
          Map.entry("spool cat", "7Q4K2"),
          Map.entry("spool export", "nowhere"),
          Map.entry("backup verify", "nowhere"));

  /** They change something and cannot tell beforehand what, or they do not end by themselves. */
  private static final Set<String> OTHERS =
      Set.of("serve", "quickstart", "top", "cert reload", "send test", "backup create", "doctor");

  /** Values that are others a moment later. */
  private static final String NOW = "\"(sessions|accepted-today|heap|cpu|now)\":\\d+";

  /** Those that look, with what they need, by the model. */
  private static List<String> looking() {
    List<String> commands = new ArrayList<>();
    Set<String> lacking = new TreeSet<>();
    ManPages.model()
        .getSubcommands()
        .forEach(
            (noun, line) -> {
              if (line.getSubcommands().isEmpty()) {
                add(noun, line, commands, lacking);
              }
              line.getSubcommands()
                  .forEach((verb, l) -> add(noun + " " + verb, l, commands, lacking));
            });
    assertEquals(Set.of(), lacking, "commands that need something: add a sample for each");
    return commands;
  }

  private static void add(
      String name, CommandLine line, List<String> commands, Set<String> lacking) {
    var spec = line.getCommandSpec();
    if (spec.findOption("--dry-run") != null || OTHERS.contains(name)) {
      return;
    }
    boolean needs = spec.positionalParameters().stream().anyMatch(p -> p.arity().min() > 0);
    if (needs && !SAMPLES.containsKey(name)) {
      lacking.add(name);
    }
    commands.add((name + " " + SAMPLES.getOrDefault(name, "")).strip());
  }

  private static String still(String text) {
    return text.replaceAll(NOW, "\"$1\":0");
  }

  @Test
  void each_command_that_looks_answers_alone_what_it_answers_in_a_script() throws Exception {
    try (ServerProcess server = ServerProcess.start(ServerProcess.CONFIG)) {
      for (String made :
          List.of(
              "app add anna@example.org phone",
              "device add anna@example.org scanner --network 192.0.2.41",
              "key add anna@example.org unix:anna --label card",
              "block add 203.0.113.0/24 --reason test")) {
        assertEquals(0, server.heddle("", made.split(" ")).exit(), made);
      }
      List<String> commands = looking().stream().map(command -> command + " --json").toList();
      Path script =
          Files.writeString(server.home().resolve("script"), String.join("\n", commands) + "\n");
      var all = server.heddle("", "-f", script.toString(), "--keep-going");
      List<String> scripted = new ArrayList<>(all.out().lines().toList());
      List<String> answered = new ArrayList<>();
      Set<String> ended = new TreeSet<>();
      for (String command : commands) {
        var alone = server.heddle("", command.split(" "));
        assertEquals("", alone.err(), command);
        for (String line : alone.out().lines().toList()) {
          assertEquals(1, JsonLines.read(line).get("v"), command + ": " + line);
          assertEquals(still(line), still(scripted.removeFirst()), command);
        }
        if (alone.exit() == 0 && !alone.out().isEmpty()) {
          answered.add(command);
        } else if (alone.exit() != 0) {
          ended.add(" ended with " + alone.exit() + ": " + command);
        }
      }
      assertEquals(List.of(), scripted);
      // What a script prints of a command that did not succeed has its exit code.
      ended.forEach(end -> assertTrue(all.err().contains(end + "\n"), end + all.err()));
      assertTrue(answered.size() >= 20, answered.toString());
    }
  }
}
