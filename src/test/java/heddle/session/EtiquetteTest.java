package heddle.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Domain;
import heddle.mail.Octets;
import heddle.sasl.Identity;
import heddle.smtp.Command;
import heddle.smtp.CommandParser;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole table: what each command gets in each phase; an empty cell is a welcome. */
class EtiquetteTest {
  private static final CommandParser PARSER = new CommandParser(Domain.of("mail.example.org"));
  private static final Phase.Greeted GREETED = new Phase.Greeted(new Phase.Hello(true, "client"));
  private static final Phase.Ready READY =
      new Phase.Ready(
          GREETED,
          new Sender.LoggedIn(
              new Identity("a", "a", "a", Optional.empty(), "password", "PLAIN", Set.of())));
  private static final Phase.Ready GUEST = new Phase.Ready(GREETED, new Sender.Guest());
  private static final Phase.Writing EMPTY =
      new Phase.Writing(READY, (Command.Mail) parsed("MAIL FROM:<>"), List.of(), List.of(), 0);
  private static final Phase.Writing REFUSED = EMPTY.refused();
  private static final Phase.Writing WRITING =
      EMPTY.with((Command.Rcpt) parsed("RCPT TO:<b@example.org>"));

  private static Command parsed(String line) {
    return PARSER.parse(Octets.ofUtf8(line));
  }

  private static String answer(String line, Phase phase) {
    return Etiquette.refusal(
            parsed(line), phase, new Etiquette.Means(true, true, () -> true, () -> true))
        .map(r -> r.code() + "")
        .orElse("");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // command,             Arrived, Greeted, Guest, Ready, MAIL, RCPT refused, RCPT
    "EHLO x,                  '',  '',  '',  '',  '',  '',  ''",
    "HELO x,                  '',  '',  '',  '',  '',  '',  ''",
    "NOOP,                    '',  '',  '',  '',  '',  '',  ''",
    "RSET,                    '',  '',  '',  '',  '',  '',  ''",
    "QUIT,                    '',  '',  '',  '',  '',  '',  ''",
    "HELP,                    '',  '',  '',  '',  '',  '',  ''",
    "EXPN x,                 502, 502, 502, 502, 502, 502, 502",
    "VRFY x,                 530, 530,  '',  '',  '',  '',  ''",
    "STARTTLS,               503, 503, 503, 503, 503, 503, 503",
    "AUTH PLAIN,             503,  '',  '', 503, 503, 503, 503",
    "MAIL FROM:<>,           503, 530,  '',  '', 503, 503, 503",
    "RCPT TO:<a@example.org>,503, 530, 503, 503,  '',  '',  ''",
    "DATA,                   503, 530, 503, 503, 503, 554,  ''",
    "BDAT 5 LAST,            503, 530, 503, 503, 503, 554,  ''",
    "XCLIENT PORT=1,          '',  '',  '',  '', 503, 503, 503",
    "XCLIENT LOGIN=x,        501, 501, 501, 501, 501, 501, 501",
    "WHAT,                   500, 500, 500, 500, 500, 500, 500",
    "DATA now,               501, 501, 501, 501, 501, 501, 501"
  })
  void the_table(
      String line,
      String arrived,
      String greeted,
      String guest,
      String ready,
      String mail,
      String refused,
      String writing) {
    assertEquals(
        List.of(arrived, greeted, guest, ready, mail, refused, writing),
        List.of(
            answer(line, new Phase.Arrived()),
            answer(line, GREETED),
            answer(line, GUEST),
            answer(line, READY),
            answer(line, EMPTY),
            answer(line, REFUSED),
            answer(line, WRITING)));
  }

  @ParameterizedTest
  @CsvSource({
    "STARTTLS, false, true, true, ''",
    "STARTTLS, false, false, true, 502",
    "MAIL FROM:<>, false, true, true, 'TLS'",
    "MAIL FROM:<>, true, true, true, 'log in'",
    "AUTH PLAIN, true, true, false, 503",
    "XCLIENT PORT=1, true, true, true, 550",
    "XCLIENT what, true, true, true, 550"
  })
  void what_the_session_can_do_counts_too(
      String line, boolean secured, boolean canSecure, boolean canLogIn, String expected) {
    String reply =
        Etiquette.refusal(
                parsed(line),
                GREETED,
                new Etiquette.Means(secured, canSecure, () -> canLogIn, () -> false))
            .map(Object::toString)
            .orElse("");
    assertEquals(expected.isEmpty(), reply.isEmpty(), reply);
    assertTrue(reply.contains(expected), reply);
  }
}
