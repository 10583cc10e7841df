package heddle.event;

import java.io.StringWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * An event as one JSON object: {@code ts}, {@code level}, {@code event}, {@code id} where there is
 * one, then its fields in their order, each a text. All of it is printable ASCII: no reader of
 * lines, and no terminal, finds an end of line or a change of direction in it.
 */
public final class JsonLine {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .characterEscapes(new Delete())
          .build();

  private JsonLine() {}

  /** Without a line end. */
  public static String of(Instant at, Facts facts) {
    var line = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), line)) {
      json.writeStartObject();
      json.writeStringProperty("ts", Millis.text(at));
      json.writeStringProperty("level", facts.severity().name().toLowerCase(Locale.ROOT));
      json.writeStringProperty("event", facts.name());
      facts.id().ifPresent(id -> json.writeStringProperty("id", id.value()));
      for (Map.Entry<String, String> field : facts.fields().entrySet()) {
        json.writeStringProperty(field.getKey(), field.getValue());
      }
      json.writeEndObject();
    }
    return line.toString();
  }

  /** DEL is a control character, too, which JSON forgot. */
  private static final class Delete extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    private static final int[] CODES = standardAsciiEscapesForJSON();

    static {
      CODES[0x7f] = ESCAPE_STANDARD;
    }

    @Override
    @SuppressWarnings("ReturnsArrayField") // Jackson reads it only
    public int[] getEscapeCodesForAscii() {
      return CODES;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
      return null;
    }
  }
}
