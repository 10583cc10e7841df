package heddle.mail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

class MailProperties {
  /** Addresses, and what is nearly one. */
  @Provide
  Arbitrary<String> nearlyAnAddress() {
    Arbitrary<String> local =
        Arbitraries.oneOf(
            Arbitraries.strings().withChars("abAB.+ü\u0308ß用").ofMinLength(1).ofMaxLength(8),
            Arbitraries.strings()
                .withChars("ab .@\\\"<>ü")
                .ofMaxLength(8)
                .map(s -> "\"" + s + "\""));
    Arbitrary<String> domain =
        Arbitraries.strings()
            .withChars("abAB.-09üÜ用İſK\uff21")
            .ofMinLength(1)
            .ofMaxLength(10)
            .map(s -> s + ".example");
    return Combinators.combine(local, domain).as((l, d) -> l + "@" + d);
  }

  @Property(tries = 5000)
  void an_address_survives_its_own_spelling_and_its_normal_form_is_a_fixed_point(
      @ForAll("nearlyAnAddress") String text) {
    Optional<Mailbox> parsed = Mailbox.parse(text);
    parsed.ifPresent(
        mailbox -> {
          assertEquals(mailbox, Mailbox.of(mailbox.toString()));
          assertEquals(mailbox.normal(), Mailbox.of(mailbox.normal()).normal());
          assertEquals(mailbox.domain(), Domain.of(mailbox.domain().ascii()));
          assertEquals(mailbox.domain(), Domain.of(mailbox.domain().unicode()));
          assertTrue(mailbox.domain().ascii().matches("[a-z0-9.-]+"), mailbox.domain().ascii());
        });
    Statistics.collect(parsed.isPresent());
    Statistics.coverage(
        c -> {
          c.check(true).percentage(p -> p > 10);
          c.check(false).percentage(p -> p > 10);
        });
  }

  @Property(tries = 2000)
  void any_text_is_an_address_or_none_and_never_an_exception(@ForAll String text) {
    assertEquals(Mailbox.parse(text).isPresent(), Mailbox.parse(text).isPresent());
    assertTrue(Domain.parse(text).map(d -> d.toString().equals(text)).orElse(true));
  }

  @Property
  void octets_go_through_base64_and_back_and_are_not_printed(@ForAll byte[] bytes) {
    Octets octets = Octets.of(bytes);
    assertEquals(Optional.of(octets), Octets.ofBase64(octets.base64()));
    assertArrayEquals(bytes, octets.toArray());
    assertEquals("Octets[" + bytes.length + "]", octets.toString());
  }

  @Property
  void ids_are_twelve_characters_and_read_back(@ForAll long seed) {
    Id id = Id.draw(new Random(seed));
    assertEquals(Optional.of(id), Id.parse(id.toString()));
    assertEquals(12, id.value().length());
  }

  @Property
  void a_reply_never_breaks_its_own_lines(@ForAll String words) {
    boolean control = words.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f);
    try {
      Reply reply = Reply.of(250, "2.0.0", words, words);
      assertFalse(control, "a control character went through");
      assertEquals("250-2.0.0 " + words + "\r\n250 2.0.0 " + words + "\r\n", reply.wire());
    } catch (IllegalArgumentException refused) {
      assertTrue(control);
    }
  }
}
