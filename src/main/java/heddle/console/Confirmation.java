package heddle.console;

/** What cannot be undone is confirmed by typing its name. */
final class Confirmation {
  private Confirmation() {}

  /** False where no person is there to ask. */
  static boolean typed(String name) {
    return Terminal.person()
        .map(person -> person.readLine("This cannot be undone. Type %s to confirm: ", name))
        .map(String::strip)
        .filter(name::equals)
        .isPresent();
  }
}
