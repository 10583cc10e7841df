package heddle.console;

import heddle.control.Answer;
import java.util.Optional;

/** What cannot be undone is confirmed by typing its name. */
final class Confirmation {
  private Confirmation() {}

  /** False where no person is there to ask. */
  static boolean typed(String name) {
    return typed("This cannot be undone. ", name);
  }

  static boolean typed(String before, String name) {
    return Io.now()
        .person()
        .flatMap(person -> person.ask(before + "Type " + name + " to confirm: "))
        .map(String::strip)
        .filter(name::equals)
        .isPresent();
  }

  /** What is said where it was not confirmed. */
  static Answer missing(String nothingWas, String what, String type) {
    return Answer.no(
        Answer.REFUSED,
        nothingWas,
        what + " cannot be undone and was not confirmed",
        "type " + type + " when asked, or say --yes");
  }

  /** One person who would rather be asked than be sorry. */
  static Optional<Person> somebody() {
    return Io.now().person();
  }
}
