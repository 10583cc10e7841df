package heddle.console;

import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/**
 * Whoever sits at the console, asked in the midst of a command. What they say is not remembered.
 */
final class Typist implements Person {
  private final LineReader reader;

  Typist(Terminal terminal) {
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .variable(LineReader.DISABLE_HISTORY, true)
            .build();
  }

  @Override
  public Optional<String> ask(String prompt) {
    try {
      return Optional.of(reader.readLine(prompt));
    } catch (UserInterruptException | EndOfFileException no) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<char[]> askSecret(String prompt) {
    try {
      return Optional.of(reader.readLine(prompt, '\0').toCharArray());
    } catch (UserInterruptException | EndOfFileException no) {
      return Optional.empty();
    }
  }
}
