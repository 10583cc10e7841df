package heddle.console;

import java.util.Optional;

/** Whoever sits there and can be asked. */
interface Person {
  /** A line; empty where they would not answer. */
  Optional<String> ask(String prompt);

  /** A line that is not shown; empty where they would not answer. */
  Optional<char[]> askSecret(String prompt);

  /** Where input and output are a terminal, whoever started this program. */
  static Optional<Person> atTerminal() {
    return Optional.ofNullable(System.console())
        .filter(java.io.Console::isTerminal)
        .map(Person::of);
  }

  private static Person of(java.io.Console console) {
    return new Person() {
      @Override
      public Optional<String> ask(String prompt) {
        return Optional.ofNullable(console.readLine("%s", prompt));
      }

      @Override
      public Optional<char[]> askSecret(String prompt) {
        return Optional.ofNullable(console.readPassword("%s", prompt));
      }
    };
  }
}
