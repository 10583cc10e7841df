package heddle.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reply, Octets, Secret, Id: the small values. */
class WordsTest {
  @Test
  void a_reply_of_one_line_and_of_several() {
    assertEquals("250 2.1.0 OK\r\n", Reply.of(250, "2.1.0", "OK").wire());
    assertEquals("250-a\r\n250-b\r\n250 c\r\n", Reply.bare(250, "a", "b", "c").wire());
    // RFC 2034 §4: the status stands on every line.
    assertEquals("535-5.7.8 a\r\n535 5.7.8 b\r\n", Reply.of(535, "5.7.8", "a", "b").wire());
    assertEquals("334 \r\n", Reply.bare(334, "").wire());
  }

  @Test
  void a_reply_knows_its_class() {
    assertTrue(Reply.bare(354, "x").positive());
    assertFalse(Reply.bare(421, "x").positive());
    assertTrue(Reply.bare(421, "x").temporary());
    assertFalse(Reply.bare(550, "x").temporary());
  }

  @Test
  void a_reply_that_contradicts_itself_is_not_made() {
    assertThrows(IllegalArgumentException.class, () -> Reply.of(250, "5.0.0", "x"));
    assertThrows(IllegalArgumentException.class, () -> Reply.of(550, "4.0.0", "x"));
    assertThrows(IllegalArgumentException.class, () -> Reply.bare(199, "x"));
    assertThrows(IllegalArgumentException.class, () -> Reply.bare(600, "x"));
    assertThrows(IllegalArgumentException.class, () -> Reply.bare(250));
    assertThrows(IllegalArgumentException.class, () -> Reply.bare(250, "a\r\n250 b"));
    assertThrows(IllegalArgumentException.class, () -> Reply.of(250, "2.1000.0", "x"));
  }

  @Test
  void other_words_keep_the_number() {
    assertEquals("535 5.7.8 No", Reply.of(535, "5.7.8", "Yes").saying("No").toString());
  }

  @ParameterizedTest(name = "\"{0}\" is not base64")
  @ValueSource(
      strings = {
        "a",
        "YQ",
        "YQ=",
        "YR==",
        "YQ==\n",
        " YQ==",
        "Y Q==",
        "YQ==YQ==",
        "Y-_=",
        "*",
        "===="
      })
  void base64_is_strict(String text) {
    assertEquals(Optional.empty(), Octets.ofBase64(text));
  }

  @Test
  void octets_are_a_value() {
    byte[] mine = {1, 2, 3};
    Octets octets = Octets.of(mine);
    mine[0] = 9;
    octets.toArray()[1] = 9;
    assertEquals(Octets.of((byte) 1, (byte) 2, (byte) 3), octets);
    assertNotEquals(Octets.of((byte) 1), octets);
    assertEquals(Octets.of((byte) 2), octets.slice(1, 2));
    assertEquals(255, Octets.of((byte) -1).at(0));
    assertEquals(Optional.empty(), Octets.of((byte) 0xc0, (byte) 0x80).utf8());
    assertEquals(Optional.of("ü"), Octets.ofUtf8("ü").utf8());
  }

  @Test
  void a_secret_says_nothing_compares_and_is_wiped() {
    Secret secret = Secret.ofUtf8("geheim");
    assertEquals("Secret", secret.toString());
    assertTrue(secret.matches("geheim"));
    assertFalse(secret.matches("geheim "));
    secret.close();
    assertFalse(secret.matches("geheim"));
    assertTrue(secret.<Boolean>use(b -> b[0] == 0));
  }

  @Test
  void ids_do_not_repeat_and_others_are_refused() {
    var random = new Random(1);
    var seen = new HashSet<Id>();
    for (int i = 0; i < 10_000; i++) {
      assertTrue(seen.add(Id.draw(random)));
    }
    for (String text :
        List.of("", "0123456789A", "0123456789ABC", "0123456789aB", "0123456789AI")) {
      assertEquals(Optional.empty(), Id.parse(text), text);
    }
  }
}
