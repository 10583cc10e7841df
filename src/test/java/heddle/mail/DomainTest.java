package heddle.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainTest {
  @ParameterizedTest(name = "{0} is asked as {1} and read as {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          example.org              | example.org                 | example.org
          EXAMPLE.Org              | example.org                 | example.org
          localhost                | localhost                   | localhost
          3com.example             | 3com.example                | 3com.example
          a-b.example              | a-b.example                 | a-b.example
          bücher.example           | xn--bcher-kva.example       | bücher.example
          BÜCHER.example           | xn--bcher-kva.example       | bücher.example
          xn--bcher-kva.example    | xn--bcher-kva.example       | bücher.example
          XN--BCHER-KVA.example    | xn--bcher-kva.example       | bücher.example
          例子.例                  | xn--fsqu00a.xn--fsq         | 例子.例
          xn--strae-oqa.example    | xn--strae-oqa.example       | xn--strae-oqa.example
          [192.0.2.1]              | [192.0.2.1]                 | [192.0.2.1]
          [IPv6:2001:DB8::1]       | [ipv6:2001:db8:0:0:0:0:0:1] | [ipv6:2001:db8:0:0:0:0:0:1]
          [ipv6:2001:db8:0::1]     | [ipv6:2001:db8:0:0:0:0:0:1] | [ipv6:2001:db8:0:0:0:0:0:1]
          """)
  void a_domain_has_two_forms(String written, String ascii, String unicode) {
    Domain domain = Domain.of(written);
    assertEquals(ascii, domain.ascii());
    assertEquals(unicode, domain.unicode());
    assertEquals(written, domain.toString());
    assertEquals(Domain.of(ascii.startsWith("[") ? written : ascii), domain);
  }

  @ParameterizedTest(name = "\"{0}\" is no domain")
  @ValueSource(
      strings = {
        "",
        ".",
        ".example",
        "example.",
        "a..b",
        "-a.example",
        "a-.example",
        "a_b.example",
        "a b.example",
        "a@b.example",
        "a/b.example",
        "a\tb.example",
        "[",
        "[]",
        "[192.0.2.1",
        "192.0.2.1]",
        "[192.0.2]",
        "[192.0.2.256]",
        "[localhost]",
        "[IPv6:]",
        "[IPv6:fe80::1%eth0]",
        "[IPv6:192.0.2.1]",
        "[2001:db8::1]",
        // Signs that become ASCII ones, or dots, on the way to the DNS.
        "a\u3002b.example",
        "ex\uff20mple.org",
        "a\uff0fb.example",
        "a\u2100b.example",
        // Letters that IDNA 2003 reads as others.
        "stra\u00dfe.example",
        "\u03c3\u03bf\u03c6\u03cc\u03c2.example",
        "a\u200db.example",
        "\u0085.example"
      })
  void what_is_no_domain_is_refused(String text) {
    assertEquals(Optional.empty(), Domain.parse(text));
  }

  @Test
  void lengths_have_their_limits() {
    assertTrue(Domain.parse("a".repeat(63) + ".example").isPresent());
    assertFalse(Domain.parse("a".repeat(64) + ".example").isPresent());
    String long252 = ("a".repeat(62) + ".").repeat(4);
    assertTrue(Domain.parse(long252 + "abc").isPresent());
    assertFalse(Domain.parse(long252 + "abcd").isPresent());
    // In A-labels it would be too long.
    assertFalse(Domain.parse("ü".repeat(60) + ".example").isPresent());
  }

  @Test
  void different_domains_are_different() {
    assertNotEquals(Domain.of("a.example"), Domain.of("b.example"));
    assertNotEquals(Domain.of("[192.0.2.1]"), Domain.of("[192.0.2.2]"));
    assertTrue(Domain.of("[192.0.2.1]").isLiteral());
    assertFalse(Domain.of("bücher.example").isAsciiAsWritten());
    assertTrue(Domain.of("xn--bcher-kva.example").isAsciiAsWritten());
  }
}
