package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XtextTest {
  @ParameterizedTest(name = "{0} means {1}")
  @CsvSource({
    "QQ314159,    QQ314159",
    "a+2Bb+3Dc,   a+b=c",
    "a+0D+0AEvil: x, a+0D+0AEvil: x", // a line break stays a riddle
    "a+C3+A4,     a+C3+A4",
    "a+FF,        a+FF",
    "a+2,         a+2",
    "a+zz,        a+zz",
    "a+2b,        a+2b", // RFC 3461 §4: hexadecimal digits are upper case
  })
  void what_xtext_means(String xtext, String meant) {
    assertEquals(meant, Xtext.decoded(xtext));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "rfc822;Bob+2Bx@example.net,       rfc822;Bob+x@example.net",
    "utf-8;b\\x{F6}b@example.net,      utf-8;böb@example.net",
    "utf-8;böb@example.net,            utf-8;böb@example.net",
    "utf-8;a\\x{0D}\\x{0A}b,           utf-8;a  b",
    "utf-8;a\\x{FFFFFF}b,              utf-8;a?b",
    "x400;/C=de,                       x400;/C=de",
    "no type,                          rfc822;no type",
    ";empty,                           x-unknown;empty",
  })
  void whom_the_sender_meant(String orcpt, String meant) {
    assertEquals(meant, Xtext.originalRecipient(orcpt));
  }
}
