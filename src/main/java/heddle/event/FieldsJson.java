package heddle.event;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The fields of an event as one JSON object, in their order. */
public final class FieldsJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private FieldsJson() {}

  public static String write(Map<String, String> fields) {
    return MAPPER.writeValueAsString(fields);
  }

  public static Map<String, String> read(String json) {
    return MAPPER.readValue(json, new TypeReference<LinkedHashMap<String, String>>() {});
  }
}
