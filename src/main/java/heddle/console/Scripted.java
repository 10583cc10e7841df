package heddle.console;

import heddle.control.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Commands from a file or a pipe: no banner, no colours, no questions. It stops at the first that
 * does not succeed, unless told to go on.
 */
final class Scripted {
  private final Desk desk;
  private final boolean keepGoing;

  Scripted(Desk desk, boolean keepGoing) {
    this.desk = desk;
    this.keepGoing = keepGoing;
  }

  /**
   * @return 0, or the exit code of the first that did not succeed
   */
  int run(InputStream in) throws IOException {
    int exit = 0;
    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      int ended = run(Typed.of(text));
      if (ended != 0) {
        exit = exit == 0 ? ended : exit;
        Io.now()
            .err()
            .println("heddle: line " + number + " ended with " + ended + ": " + Printer.cell(text));
        if (!keepGoing) {
          return exit;
        }
      }
    }
    return exit;
  }

  private int run(Typed typed) {
    if (typed.words().equals(java.util.List.of("exit"))) {
      return 0;
    }
    Optional<Answer> mistake = Filters.mistake(typed.filters());
    Io io = Io.now();
    if (mistake.isPresent()) {
      return new Printer(io, false).print(mistake.get(), "");
    }
    String[] words = typed.words().toArray(String[]::new);
    try (var through = Filters.through(typed.filters(), io.out());
        var out = new PrintStream(through, true, StandardCharsets.UTF_8)) {
      // What is read from here are commands, and no passwords: nobody can be asked.
      return new Io(out, io.err(), Optional.empty(), false, true, false, 0)
          .within(() -> HeddleCommand.run(desk, words));
    }
  }
}
