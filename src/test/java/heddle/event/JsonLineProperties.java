package heddle.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** No text of a client's can end its line, leave its quotes, or become another field. */
class JsonLineProperties {
  private static final Instant AT = Instant.parse("2026-11-25T10:00:00Z");
  private static final Fail2banFilter FILTER = Fail2banFilter.read("aggressive");

  private record Field(String name, String value) {}

  @Provide
  Arbitrary<Event> events() {
    return AnyEvent.events();
  }

  /** One object of texts, and behind it nothing. */
  private static List<Field> read(String line) {
    List<Field> fields = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
      assertEquals(JsonToken.START_OBJECT, json.nextToken(), line);
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        assertEquals(JsonToken.VALUE_STRING, json.nextToken(), line);
        fields.add(new Field(name, json.getString()));
      }
      assertEquals(JsonToken.END_OBJECT, json.currentToken(), line);
      assertEquals(null, json.nextToken(), line);
    }
    return fields;
  }

  @Property
  void whatever_happens_is_one_line_and_parses_back_to_exactly_its_fields(
      @ForAll("events") Event event) {
    Facts facts = Facts.of(event);
    String line = JsonLine.of(AT, facts);
    assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 0x7f), line);
    List<Field> wanted = new ArrayList<>();
    wanted.add(new Field("ts", "2026-11-25T10:00:00.000Z"));
    wanted.add(new Field("level", facts.severity().name().toLowerCase(Locale.ROOT)));
    wanted.add(new Field("event", facts.name()));
    facts.id().ifPresent(id -> wanted.add(new Field("id", id.value())));
    facts.fields().forEach((name, value) -> wanted.add(new Field(name, value)));
    assertEquals(wanted, read(line), line);
    assertEquals(
        wanted.size(), wanted.stream().map(Field::name).distinct().count(), "a name twice");
    assertEquals(Optional.empty(), FILTER.client(line), line);
    for (String piece : List.of("\n", "\"", "\\", "\u007f", "\u2028", "\",\"client\":\"")) {
      visited(piece, facts.fields().values().stream().anyMatch(v -> v.contains(piece)));
    }
    visited(
        "half a character", facts.fields().values().stream().anyMatch(JsonLineProperties::half));
    Statistics.label("event").collect(event.getClass().getSimpleName());
    Statistics.label("event")
        .coverage(
            coverage -> {
              for (Class<?> type : Event.class.getPermittedSubclasses()) {
                coverage.check(type.getSimpleName()).count(c -> c > 0);
              }
            });
  }

  private static boolean half(String text) {
    return text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE);
  }

  private static void visited(String label, boolean interesting) {
    Statistics.label(label).collect(interesting);
    Statistics.label(label).coverage(coverage -> coverage.check(true).count(c -> c > 0));
  }
}
