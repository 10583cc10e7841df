package heddle.console;

import java.io.PrintStream;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Where the words of a command go, and who reads them.
 *
 * @param person who can be asked; empty where nobody can
 * @param tables whether a person reads it: then there are tables, else tab-separated values
 * @param titles whether tables have a first and a last line that are no rows
 * @param console whether it is typed without {@code heddle} before it
 * @param width columns of the screen; 0 where nothing has to be cut
 */
record Io(
    PrintStream out,
    PrintStream err,
    Optional<Person> person,
    boolean tables,
    boolean titles,
    boolean console,
    int width) {
  private static final ScopedValue<Io> NOW = ScopedValue.newInstance();

  /** Of the command that runs on this thread. */
  static Io now() {
    return NOW.isBound() ? NOW.get() : ofProcess();
  }

  private static Io ofProcess() {
    Optional<Person> person = Person.atTerminal();
    return new Io(System.out, System.err, person, person.isPresent(), true, false, 0);
  }

  /** Runs a command with these. */
  int within(IntSupplier command) {
    return ScopedValue.where(NOW, this).call(command::getAsInt);
  }
}
