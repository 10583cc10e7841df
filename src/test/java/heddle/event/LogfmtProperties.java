package heddle.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import heddle.peer.RemoteAddress;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** No text of a client's can end its line, leave its quotes, or pass for another field. */
class LogfmtProperties {
  private static final RemoteAddress CLIENT =
      new RemoteAddress(InetAddress.ofLiteral("192.0.2.7"), 1234);
  private static final Pattern FIELD = Pattern.compile(" ([a-z]+)=(\"(?:[^\"\\\\]|\\\\.)*\"|\\S*)");

  @Provide
  Arbitrary<String> nasty() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.of("\"", "\\", "=", " client=192.0.2.1", "\n", "\r\n", "\u2028", "\u202e", "a")
            .list()
            .ofMaxSize(8)
            .map(parts -> String.join("", parts)));
  }

  @Property
  void a_line_stays_a_line_and_client_stays_last(@ForAll("nasty") String user) {
    var event =
        new Event.LoginFailed(
            new Id("ABCDEFGH0123"), Optional.of(user), "PLAIN", "badpassword", "local", CLIENT);
    String line = Logfmt.line(Facts.of(event));
    assertTrue(line.codePoints().noneMatch(Character::isISOControl), line);
    assertTrue(line.endsWith(" client=192.0.2.7:1234"), line);
    assertEquals(line.indexOf(" client="), line.lastIndexOf(" client="), line);
    Matcher fields = FIELD.matcher(line);
    int count = 0;
    int end = "ABCDEFGH0123: auth-failed".length();
    while (fields.find()) {
      assertEquals(end, fields.start(), line);
      end = fields.end();
      count++;
    }
    assertEquals(5, count, line);
    assertEquals(line.length(), end, line);
    Statistics.label("quoted").collect(line.contains("\""));
    Statistics.label("quoted")
        .coverage(
            coverage -> {
              coverage.check(true).count(c -> c > 0);
              coverage.check(false).count(c -> c > 0);
            });
    assertFalse(line.contains("\u2028") || line.contains("\u202e"), line);
  }
}
