package heddle.console;

import java.io.Console;
import java.util.Optional;

/** Whether a person sits there. */
final class Terminal {
  private Terminal() {}

  /** Empty where input or output is a pipe or a file. */
  static Optional<Console> person() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal);
  }
}
