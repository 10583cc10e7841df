package heddle.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** No text of a client's can end its line, leave its quotes, or pass for another field. */
class LogfmtProperties {
  private static final Pattern FIELD =
      Pattern.compile(" ([a-z0-9-]+)=(\"(?:[^\"\\\\]|\\\\.)*\"|[^ \"=\\\\']+)");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-f]{4}|.)");
  private static final Fail2banFilter FILTER = Fail2banFilter.read("normal");
  private static final Fail2banFilter AGGRESSIVE = Fail2banFilter.read("aggressive");

  @Provide
  Arbitrary<String> said() {
    return AnyEvent.said();
  }

  @Provide
  Arbitrary<Event> events() {
    return AnyEvent.events();
  }

  private static Event failed(String user) {
    return new Event.LoginFailed(
        new Id("ABCDEFGH0123"),
        "submission",
        Optional.of(user),
        "PLAIN",
        "badpassword",
        "local",
        Duration.ofMillis(61),
        AnyEvent.CLIENT);
  }

  private static void visited(String label, boolean interesting) {
    Statistics.label(label).collect(interesting);
    Statistics.label(label)
        .coverage(
            coverage -> {
              coverage.check(true).count(c -> c > 0);
              coverage.check(false).count(c -> c > 0);
            });
  }

  /** What a reader of logfmt makes of the fields; not one character of the line is left over. */
  private static Map<String, String> read(String line, int from) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher field = FIELD.matcher(line);
    int end = from;
    while (field.find()) {
      assertEquals(end, field.start(), line);
      end = field.end();
      String before = fields.put(field.group(1), plain(field.group(2)));
      assertEquals(null, before, line);
    }
    assertEquals(line.length(), end, line);
    return fields;
  }

  private static String plain(String value) {
    return value.startsWith("\"")
        ? ESCAPE
            .matcher(value.substring(1, value.length() - 1))
            .replaceAll(escape -> Matcher.quoteReplacement(meant(escape.group(1))))
        : value;
  }

  private static String meant(String escape) {
    return switch (escape) {
      case "n" -> "\n";
      case "r" -> "\r";
      case "t" -> "\t";
      default ->
          escape.length() > 1
              ? Character.toString((char) Integer.parseInt(escape.substring(1), 16))
              : escape;
    };
  }

  /** A control character, an end of line for anybody, a change of direction, half a character. */
  private static boolean isDangerous(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  @Property
  void whatever_happens_is_one_line_and_reads_back_as_what_happened(@ForAll("events") Event event) {
    Facts facts = Facts.of(event);
    String line = Logfmt.line(facts);
    assertTrue(line.codePoints().noneMatch(LogfmtProperties::isDangerous), line);
    String head = facts.id().map(id -> id + ": ").orElse("") + facts.name();
    assertTrue(line.startsWith(head), line);
    assertEquals(facts.fields(), read(line, head.length()), line);
    visited("a new line within", facts.fields().values().stream().anyMatch(v -> v.contains("\n")));
    visited("a quote within", facts.fields().values().stream().anyMatch(v -> v.contains("\"")));
    visited("quoted", line.contains("\""));
    Statistics.label("event").collect(event.getClass().getSimpleName());
    Statistics.label("event")
        .coverage(
            coverage -> {
              for (Class<?> type : Event.class.getPermittedSubclasses()) {
                coverage.check(type.getSimpleName()).count(c -> c > 0);
              }
            });
  }

  @Property
  void the_client_is_the_last_that_is_said_and_nobody_else_says_it(@ForAll("events") Event event) {
    Facts facts = Facts.of(event);
    String line = Logfmt.line(facts);
    boolean has = facts.fields().containsKey("client");
    if (has) {
      String ours = "client=" + facts.fields().get("client");
      assertTrue(line.endsWith(" " + ours), line);
      assertEquals(line.length() - ours.length(), line.indexOf("client="), line);
      assertTrue(
          ours.endsWith(AnyEvent.CLIENT.toString()) || ours.endsWith(AnyEvent.CLIENT_6.toString()),
          line);
    } else {
      assertFalse(line.contains("client="), line);
    }
    boolean forged = facts.fields().values().stream().anyMatch(v -> v.contains("client="));
    visited("somebody tried", forged && has);
  }

  @Property
  void of_a_failed_login_fail2ban_reads_our_client_whatever_the_name(@ForAll("said") String user) {
    String line = Logfmt.line(Facts.of(failed(user)));
    assertEquals(Optional.of("192.0.2.7"), FILTER.client(line), line);
    assertEquals(Optional.of("192.0.2.7"), AGGRESSIVE.client(line), line);
    visited("a forged client", user.contains("client="));
    visited("a forged line", user.contains("\n"));
  }

  /** Where each text is a forger's, a line seldom looks like one of ours at all. */
  @Property
  void of_nothing_that_happens_fail2ban_reads_another_client(@ForAll("events") Event event) {
    String line = Logfmt.line(Facts.of(event));
    for (Fail2banFilter filter : java.util.List.of(FILTER, AGGRESSIVE)) {
      filter
          .client(line)
          .ifPresent(
              ip -> assertTrue(line.endsWith("client=" + ip + ":1234") || isSix(line, ip), line));
    }
    visited("a forged client", line.contains("198.51.100.1"));
  }

  private static boolean isSix(String line, String ip) {
    return line.endsWith("client=[" + ip + "]:1234");
  }

  @Example
  void the_filter_is_read_as_it_is_shipped() {
    assertEquals(2, FILTER.expressions());
    assertEquals(4, AGGRESSIVE.expressions());
    String forged = "7Q4K2M9XTVC3: auth-failed why=baduser mech=PLAIN client=198.51.100.1:25";
    assertEquals(Optional.empty(), FILTER.client("x " + forged), "in the midst of a line");
    String clear = "7Q4K2M9XTVC3: auth-in-clear mech=PLAIN client=[2001:db8::7]:25";
    assertEquals(Optional.empty(), FILTER.client(clear));
    assertEquals(Optional.of("2001:db8::7"), AGGRESSIVE.client(clear));
  }
}
