package heddle.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A password from standard input is taken as it is, or not at all. */
class PasswordsTest {
  private static Passwords.Given read(byte[] input) {
    return Passwords.read(new ByteArrayInputStream(input));
  }

  private static Passwords.Given read(String input) {
    return read(input.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(byte[] input, String why) {
    var trouble = assertInstanceOf(Passwords.Given.Trouble.class, read(input));
    assertEquals(2, trouble.answer().exit());
    assertTrue(trouble.answer().why().contains(why), trouble.answer().why());
  }

  @Test
  void the_first_line_is_the_password_whatever_ends_it() {
    assertEquals(new Passwords.Given.Word("grün 1 "), read("grün 1 \nmore\n"));
    assertEquals(new Passwords.Given.Word("x"), read("x\r\n"));
    assertEquals(new Passwords.Given.Word("x"), read("x"));
  }

  @Test
  void what_could_not_be_typed_again_is_refused() {
    // Read as something else it would be set, and no client could ever send it.
    refused("p\u00e4ss\n".getBytes(StandardCharsets.ISO_8859_1), "not UTF-8");
    refused(new byte[0], "empty");
    refused("\r\n".getBytes(StandardCharsets.US_ASCII), "empty");
    refused("x".repeat(1025).getBytes(StandardCharsets.US_ASCII), "longer");
  }

  @Test
  void whoever_leaves_the_question_has_changed_nothing() {
    Person gone =
        new Person() {
          @Override
          public java.util.Optional<String> ask(String prompt) {
            return java.util.Optional.empty();
          }

          @Override
          public java.util.Optional<char[]> askSecret(String prompt) {
            return java.util.Optional.empty();
          }
        };
    var io = new Io(System.out, System.err, java.util.Optional.of(gone), true, true, false, 0);
    int exit =
        io.within(
            () ->
                Passwords.get(false) instanceof Passwords.Given.Trouble(var answer)
                    ? answer.exit()
                    : 0);
    assertEquals(4, exit);
  }
}
