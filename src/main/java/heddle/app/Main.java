package heddle.app;

import heddle.console.HeddleCommand;
import heddle.tls.TlsProperties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Where it begins. */
public final class Main {
  private static final String HOME = "heddle.home";

  /** What only asks a running server, or looks at its files, loads nothing of TLS. */
  private static final Set<String> QUICK =
      Set.of(
          "app",
          "auth",
          "block",
          "completion",
          "device",
          "events",
          "key",
          "login",
          "queue",
          "session",
          "spool",
          "status",
          "top",
          "trace",
          "user",
          "version");

  private Main() {}

  /** {@code [--home DIR] NOUN VERB …}; ends the process with the command's exit code. */
  public static void main(String... args) {
    List<String> words = new ArrayList<>(List.of(args));
    String home = home(words);
    if (words.isEmpty() || !QUICK.contains(words.getFirst())) {
      // Before any class of TLS loads: the JDK reads its lists once.
      TlsProperties.install();
    }
    if (home.isBlank()) {
      System.err.println("heddle: --home names no folder");
      System.exit(2);
    }
    // Hooks find their files by it, however the home was named.
    System.setProperty(HOME, Path.of(home).toAbsolutePath().toString());
    var program = new Program(new Home(Path.of(home)));
    // The server does not wait for the command line's machinery to load.
    int exit =
        words.equals(List.of("serve"))
            ? program.serve()
            : HeddleCommand.run(program, words.toArray(String[]::new));
    System.out.flush();
    System.exit(exit);
  }

  /** Takes {@code --home DIR} or {@code --home=DIR} out of the words, wherever it stands. */
  private static String home(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).startsWith("--home=")) {
        return words.remove(i).substring("--home=".length());
      }
      if (words.get(i).equals("--home") && i + 1 < words.size()) {
        words.remove(i);
        return words.remove(i);
      }
    }
    return System.getProperty(HOME, ".");
  }
}
