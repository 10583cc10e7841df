package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
  @ParameterizedTest(name = "{0}: \"{1}\" is {2}")
  @CsvSource({
    "FAILED,    550 5.1.1 No such user,       5.1.1",
    "FAILED,    550-5.7.26 DMARC / more,      5.7.26",
    "FAILED,    550 No such user,             5.0.0",
    "FAILED,    550,                          5.0.0",
    "FAILED,    '',                           5.0.0",
    "FAILED,    no such host,                 5.0.0",
    "FAILED,    550 4.7.1 which is it,        5.0.0",
    "FAILED,    550 5.1.1.1 an address,       5.0.0",
    "FAILED,    550 5.1000.1 too many digits, 5.0.0",
    "FAILED,    452 4.2.2 given up early,     4.2.2",
    "FAILED,    250 2.0.0 fine,               5.0.0",
    "FAILED,    see 550 5.1.1,                5.0.0",
    "EXPIRED,   451 4.4.1 no answer,          4.4.1",
    "EXPIRED,   connection refused,           4.4.7",
    "EXPIRED,   550 5.1.1 odd,                4.4.7",
    "DELAYED,   451 4.7.1 greylisted,         4.7.1",
    "DELAYED,   451 greylisted,               4.0.0",
    "DELAYED,   550 5.1.1 odd,                4.0.0",
    "DELIVERED, 250 2.1.5 ok,                 2.1.5",
    "DELIVERED, 250 ok,                       2.0.0",
    "DELIVERED, var/mail/bob/new/1,           2.0.0",
  })
  void the_status_of_a_reply(Report.Kind kind, String reply, String status) {
    assertEquals(status, Verdict.status(kind, reply).toString());
  }
}
