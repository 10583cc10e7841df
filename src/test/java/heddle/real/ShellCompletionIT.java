package heddle.real;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script of {@code heddle completion} in the real shells, at a terminal, with a Tab. */
class ShellCompletionIT {
  private static final String HEDDLE = Path.of("bin/heddle").toAbsolutePath().toString();

  /** In two parts as it is typed, so that what is echoed is not taken for it. */
  private static final String READY = "READY> ";

  private static final Pattern COMPLETED = Pattern.compile("\\nGOT = ([^\\r\\n]*?) *\\r?\\n");

  @ParameterizedTest
  @CsvSource({"bash, bash --norc -i", "zsh, zsh -f -i"})
  void a_tab_completes_nouns_verbs_and_options(String name, String command) throws Exception {
    var made = ServerProcess.run(List.of(HEDDLE, "completion", name), "", Map.of());
    assertEquals(0, made.exit(), made.toString());
    Path script = Files.createTempFile("completion", "");
    Files.writeString(script, made.out());
    Process shell =
        new ProcessBuilder("script", "-qec", "TERM=dumb exec " + command, "/dev/null")
            .redirectErrorStream(true)
            .start();
    try (OutputStream in = shell.getOutputStream()) {
      type(in, "PS1='REA''DY> '; source '" + script + "'\n");
      hear(shell.getInputStream(), READY);
      assertEquals("heddle queue", tab(shell, "heddle que"));
      assertEquals("heddle queue list", tab(shell, "heddle queue li"));
      assertEquals("heddle queue drop --dry-run", tab(shell, "heddle queue drop --dr"));
      assertEquals("heddle status", tab(shell, "heddle stat"));
      type(in, "exit\n");
    } finally {
      shell.destroy();
      Files.delete(script);
    }
  }

  @Test
  void another_shell_is_refused_with_those_there_are() throws Exception {
    var refused = ServerProcess.run(List.of(HEDDLE, "completion", "fish"), "", Map.of());
    assertEquals(2, refused.exit());
    assertTrue(refused.err().contains("there is one for: bash, zsh"), refused.err());
  }

  /** The line as it is behind a Tab: it is made the arguments of echo, by way of its beginning. */
  private static String tab(Process shell, String line) throws Exception {
    type(shell.getOutputStream(), line + "\t\u0001echo 'GOT ''=' \n");
    // Where it is drawn anew, the prompt comes several times before the answer.
    String said = hear(shell.getInputStream(), "\nGOT = ") + hear(shell.getInputStream(), READY);
    Matcher completed = COMPLETED.matcher(said);
    assertTrue(completed.find(), said);
    return completed.group(1);
  }

  private static void type(OutputStream terminal, String keys) throws Exception {
    terminal.write(keys.getBytes(StandardCharsets.US_ASCII));
    terminal.flush();
  }

  /** Up to the mark. */
  private static String hear(InputStream terminal, String mark) throws Exception {
    var said = new StringBuilder();
    while (!said.toString().endsWith(mark)) {
      int c = terminal.read();
      if (c < 0) {
        throw new AssertionError("the shell has ended: " + said);
      }
      said.append((char) c);
    }
    return said.toString();
  }
}
