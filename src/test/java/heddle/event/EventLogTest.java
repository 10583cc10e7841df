package heddle.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.EventLog.Format;
import heddle.event.EventLog.Reader;
import heddle.mail.Id;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/** The log as its readers get it. */
class EventLogTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-25T10:00:00.12345Z"));
  private static final Event ZOE =
      new Event.LoginFailed(
          new Id("7Q4K2M9XTVC3"),
          "submission",
          Optional.of("zoë\n\"x\""),
          "PLAIN",
          "baduser",
          "local",
          Duration.ofMillis(61),
          AnyEvent.CLIENT);

  @Provide
  Arbitrary<Event> events() {
    return AnyEvent.events();
  }

  private static String written(Reader reader, Format format, List<Event> events) {
    var out = new ByteArrayOutputStream();
    try (var log = new EventLog(out, reader, CLOCK).start()) {
      log.write(format);
      events.forEach(log::tell);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Example
  void a_person_reads_the_time_and_a_journal_the_priority_in_both_formats() {
    String text =
        "7Q4K2M9XTVC3: auth-failed why=baduser mech=PLAIN step=local listener=submission took=0.061"
            + " user=\"zoë\\n\\\"x\\\"\" client=192.0.2.7:1234\n";
    String json =
        "{\"ts\":\"2026-11-25T10:00:00.123Z\",\"level\":\"notice\",\"event\":\"auth-failed\","
            + "\"id\":\"7Q4K2M9XTVC3\",\"why\":\"baduser\",\"mech\":\"PLAIN\","
            + "\"step\":\"local\",\"listener\":\"submission\",\"took\":\"0.061\","
            + "\"user\":\"zo\\u00EB\\n\\\"x\\\"\",\"client\":\"192.0.2.7:1234\"}\n";
    List<Event> zoe = List.of(ZOE);
    assertEquals("2026-11-25T10:00:00.123Z " + text, written(Reader.OTHERS, Format.TEXT, zoe));
    assertEquals("<5>" + text, written(Reader.JOURNALD, Format.TEXT, zoe));
    assertEquals(json, written(Reader.OTHERS, Format.JSON, zoe));
    assertEquals("<5>" + json, written(Reader.JOURNALD, Format.JSON, zoe));
  }

  @Property(tries = 60)
  void as_many_lines_come_as_things_happened(
      @ForAll @Size(max = 300) List<@net.jqwik.api.From("events") Event> events,
      @ForAll Reader reader,
      @ForAll Format format) {
    String all = written(reader, format, events);
    // What was said in a conversation is kept for those who ask, and no log prints it.
    events.removeIf(event -> event instanceof Event.Dialogue);
    assertEquals(events.size(), all.chars().filter(c -> c == '\n').count(), all);
    assertTrue(all.isEmpty() || all.endsWith("\n"), all);
    List<String> lines = new ArrayList<>();
    for (Event event : events) {
      Facts facts = Facts.of(event);
      String line =
          format == Format.JSON ? JsonLine.of(CLOCK.instant(), facts) : Logfmt.line(facts);
      lines.add(line);
    }
    List<String> read = all.lines().map(l -> l.replaceFirst("^(<[3-6]>|2026\\S+ )", "")).toList();
    assertEquals(lines, read);
    Statistics.label("how").collect(reader, format);
    Statistics.label("how")
        .coverage(
            coverage -> {
              for (Reader r : Reader.values()) {
                for (Format f : Format.values()) {
                  coverage.check(r, f).count(c -> c > 0);
                }
              }
            });
  }
}
