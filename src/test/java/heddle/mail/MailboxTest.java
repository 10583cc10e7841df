package heddle.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          anna@example.org           | anna    | anna@example.org
          Anna@EXAMPLE.org           | Anna    | anna@example.org
          a.b.c@example.org          | a.b.c   | a.b.c@example.org
          "a b"@example.org          | a b     | "a b"@example.org
          "ab"@example.org           | ab      | ab@example.org
          "a.b"@example.org          | a.b     | a.b@example.org
          "a..b"@example.org         | a..b    | "a..b"@example.org
          ""@example.org             |         | ""@example.org
          "a\\"b"@example.org        | a"b     | "a\\"b"@example.org
          "a\\\\b"@example.org       | a\\b    | "a\\\\b"@example.org
          "a\\bc"@example.org        | abc     | abc@example.org
          "a@b"@example.org          | a@b     | "a@b"@example.org
          jörg@bücher.example        | jörg    | jörg@bücher.example
          JÖRG@xn--bcher-kva.example | JÖRG    | jörg@bücher.example
          a@[192.0.2.1]              | a       | a@[192.0.2.1]
          """)
  void an_address_has_a_local_part_and_a_normal_form(String text, String local, String normal) {
    Mailbox mailbox = Mailbox.of(text);
    assertEquals(local == null ? "" : local, mailbox.localPart());
    assertEquals(normal, mailbox.normal());
    assertEquals(mailbox, Mailbox.of(mailbox.toString()));
  }

  @Test
  void two_ways_to_write_an_accent_are_one_address() {
    assertEquals(
        Mailbox.of("jo\u0308rg@example.org").normal(),
        Mailbox.of("j\u00f6rg@example.org").normal());
  }

  @ParameterizedTest(name = "\"{0}\" is no address")
  @ValueSource(
      strings = {
        "",
        "a",
        "@",
        "a@",
        "@example.org",
        "a@@example.org",
        "a b@example.org",
        "a@example.org ",
        " a@example.org",
        "a@example.org>",
        "<a@example.org>",
        ".a@example.org",
        "a.@example.org",
        "a..b@example.org",
        "a,b@example.org",
        "a:b@example.org",
        "a\\b@example.org",
        "a\"b\"@example.org",
        "\"a\"b@example.org",
        "\"a@example.org",
        "\"a\\\"@example.org",
        "\"a\tb\"@example.org",
        "\"a\\\tb\"@example.org",
        "\"a\u0000b\"@example.org",
        "\"a\\ü\"@example.org",
        "a\r\nb@example.org",
        "\"a\r\nb\"@example.org",
        "a\u007f@example.org",
        "a\u0085@example.org"
      })
  void what_is_no_address_is_refused(String text) {
    assertEquals(Optional.empty(), Mailbox.parse(text));
  }

  @Test
  void a_local_part_has_at_most_sixty_four_octets_without_its_quotes() {
    assertTrue(Mailbox.parse("a".repeat(64) + "@example.org").isPresent());
    assertFalse(Mailbox.parse("a".repeat(65) + "@example.org").isPresent());
    assertTrue(Mailbox.parse("ü".repeat(32) + "@example.org").isPresent());
    assertFalse(Mailbox.parse("ü".repeat(32) + "a@example.org").isPresent());
  }

  @Test
  void an_address_is_read_in_the_middle_of_a_line() {
    Mailbox.Parsed parsed = Mailbox.parseAt("<a@example.org> SIZE=1", 1).orElseThrow();
    assertEquals(Mailbox.of("a@example.org"), parsed.mailbox());
    assertEquals(14, parsed.end());
  }
}
