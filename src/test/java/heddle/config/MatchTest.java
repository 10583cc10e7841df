package heddle.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.config.MatchParser.Kind;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/** What people type to say which they mean, and whom it means. */
class MatchTest {
  private static final MatchParser PARSER =
      new MatchParser(
          Map.of(
              "id", Kind.ID,
              "from", Kind.ADDRESS,
              "to", Kind.ADDRESS,
              "state", Kind.TEXT,
              "age", Kind.AGE,
              "size", Kind.SIZE,
              "tries", Kind.NUMBER,
              "reply", Kind.TEXT,
              "ip", Kind.IP));

  private static final Map<String, String> MESSAGE =
      Map.of(
          "id", "7Q4K2M9XTVC3",
          "from", "anna@example.org",
          "to", "bob@gmail.com",
          "state", "deferred",
          "age", "7200",
          "size", "23000",
          "tries", "3",
          "reply", "451 4.7.28 rate limited (a+b)",
          "ip", "192.0.2.7");

  private static Match match(String text) {
    return switch (PARSER.parse(text)) {
      case MatchParser.Parsed.Understood(var match) -> match;
      case MatchParser.Parsed.Mistaken mistaken -> throw new AssertionError(mistaken.toString());
    };
  }

  private static boolean holds(String text) {
    return match(text).holds(key -> Optional.ofNullable(MESSAGE.get(key)));
  }

  @Test
  void each_form_means_what_it_says() {
    for (String meant :
        new String[] {
          "",
          "from:anna",
          "from:anna@example.org",
          "from:ANNA",
          "to:@gmail.com",
          "to:b*",
          "from:carol,anna",
          "state:deferred",
          "state=deferred",
          "state!=held",
          "age>1h59m",
          "older:1h",
          "newer:3h",
          "age<=2h",
          "size>20kB",
          "larger:10K",
          "smaller:1M",
          "tries>=3",
          "tries:3",
          "reply~4.7.28",
          "reply~\"rate limited\"",
          "reply~(a+b)",
          "id:7Q4K2M9XTVC3",
          "id:7Q4K*",
          "7q4k2",
          "ip:192.0.2.0/24",
          "ip:192.0.2.7",
          "from:anna to:@gmail.com state:deferred",
        }) {
      assertTrue(holds(meant), meant);
    }
    for (String other :
        new String[] {
          "from:ann",
          "from:@gmail.com",
          "to:@mail.com",
          "state:defer",
          "state!=deferred",
          "older:2h",
          "newer:1h",
          "larger:1MB",
          "tries<3",
          "reply~4.7.29",
          "reply~4x7",
          "id:7Q4",
          "ip:198.51.100.0/24",
          "from:anna to:carol",
        }) {
      assertFalse(holds(other), other);
    }
  }

  private static String mistake(String text) {
    return switch (PARSER.parse(text)) {
      case MatchParser.Parsed.Understood(var match) -> "understood: " + match;
      case MatchParser.Parsed.Mistaken(var _, var why, var remedy) -> why + " / " + remedy;
    };
  }

  @Test
  void what_is_not_understood_is_told_with_what_to_write() {
    assertEquals("\"frm\" cannot be asked for here / Did you mean \"from\"?", mistake("frm:anna"));
    assertEquals("\"soon\" is no time / write 90s, 2h or 5d", mistake("older:soon"));
    assertEquals("nothing stands behind \"from:\" / write KEY:VALUE", mistake("from:"));
    assertEquals(
        "a quotation mark has no other / write error~\"two words\"", mistake("reply~\"rate"));
    assertTrue(mistake("x").startsWith("\"x\" has no key / write KEY:VALUE; keys are age, "));
    assertTrue(mistake("state>5").startsWith("\"state\" is no number"));
    assertEquals("nothing stands beside a comma in \",\" / write id:ONE,OTHER", mistake("id!=,"));
    assertTrue(mistake("ip:nowhere").startsWith("\"nowhere\" is no address in digits"));
  }

  @Test
  void what_names_nothing_is_everything_and_says_so() {
    assertTrue(match("  ").isAll());
    assertFalse(match("state:held").isAll());
    assertTrue(match("state!=held").isAllBut() && match("").isAllBut());
    assertFalse(match("state!=held from:anna").isAllBut());
    assertEquals(Optional.of("anna@example.org"), match("from:anna@example.org").only("from"));
    assertEquals(Optional.empty(), match("from:anna").only("from"));
  }

  @Provide
  Arbitrary<String> typed() {
    Arbitrary<String> key = Arbitraries.of("from", "to", "age", "size", "id", "reply", "ip", "x");
    Arbitrary<String> operator = Arbitraries.of(":", "=", "!=", "~", ">", "<=", "");
    Arbitrary<String> value =
        Arbitraries.oneOf(
            Arbitraries.of("anna", "@gmail.com", "2h", "10M", "7Q4K*", "192.0.2.0/24", "a b"),
            Arbitraries.strings().ofMaxLength(12));
    return net.jqwik.api.Combinators.combine(key, operator, value)
        .as((k, o, v) -> k + o + v)
        .list()
        .ofMaxSize(4)
        .map(words -> String.join(" ", words));
  }

  @Property(tries = 3000)
  void whatever_is_typed_is_understood_or_told(@ForAll("typed") String text) {
    boolean understood =
        switch (PARSER.parse(text)) {
          case MatchParser.Parsed.Understood(var match) -> {
            match.holds(key -> Optional.ofNullable(MESSAGE.get(key)));
            yield true;
          }
          case MatchParser.Parsed.Mistaken(var what, var why, var _) -> {
            assertFalse(what.isBlank() || why.isBlank());
            assertTrue((what + why).chars().noneMatch(Character::isISOControl));
            yield false;
          }
        };
    Statistics.label("understood")
        .collect(understood)
        .coverage(
            coverage -> {
              coverage.check(true).count(c -> c > 100);
              coverage.check(false).count(c -> c > 100);
            });
  }
}
