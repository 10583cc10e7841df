package heddle.console;

import heddle.control.Answer;
import heddle.mail.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Where a new password comes from: standard input, or a person; never the command line. */
final class Passwords {
  private static final int LONGEST = 1024;

  /** A password, or why there is none. */
  sealed interface Given {
    record Word(String password) implements Given {}

    record Made() implements Given {}

    record Trouble(Answer answer) implements Given {}
  }

  private Passwords() {}

  static Given get(boolean fromStandardInput) {
    if (fromStandardInput) {
      return read(System.in);
    }
    return Io.now().person().map(Passwords::ask).orElseGet(Given.Made::new);
  }

  /** The first line, in UTF-8 whatever the locale says: with none the JDK would read ASCII. */
  static Given read(InputStream in) {
    try {
      var line = new ByteArrayOutputStream();
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
        line.write(c);
        if (line.size() > LONGEST) {
          return trouble("it is longer than " + LONGEST + " octets");
        }
      }
      Optional<String> text = Octets.of(line.toByteArray()).utf8();
      if (text.isEmpty()) {
        return trouble("it is not UTF-8");
      }
      String password = text.get();
      if (password.endsWith("\r")) {
        password = password.substring(0, password.length() - 1);
      }
      return password.isEmpty() ? trouble("it is empty") : new Given.Word(password);
    } catch (IOException unreadable) {
      return trouble("standard input cannot be read");
    }
  }

  private static Given ask(Person person) {
    Optional<char[]> first = person.askSecret("New password (empty: make one): ");
    if (first.isEmpty()) {
      return left();
    }
    if (first.get().length == 0) {
      return new Given.Made();
    }
    Optional<char[]> again = person.askSecret("The same again: ");
    if (again.isEmpty()) {
      return left();
    }
    if (!java.util.Arrays.equals(first.get(), again.get())) {
      return trouble("the two differ");
    }
    return new Given.Word(new String(first.get()));
  }

  /** Whoever leaves the question has changed their mind. */
  private static Given left() {
    return new Given.Trouble(
        Answer.no(Answer.REFUSED, "nothing was changed", "the question was left", "begin anew"));
  }

  private static Given trouble(String why) {
    return new Given.Trouble(
        Answer.no(Answer.USAGE, "the password was not taken", why, "give it as one line of text"));
  }
}
