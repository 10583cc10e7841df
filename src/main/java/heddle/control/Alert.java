package heddle.control;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A check that turned to a warning or an error, or back.
 *
 * @param host this server's name
 * @param was the state that was told last
 * @param again whether the same state is told once more because it lasts
 */
public record Alert(String host, Finding finding, Finding.State was, boolean again, Instant at) {
  private static final int VERSION = 1;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("host", host);
    fields.put("check", finding.check());
    fields.put("state", finding.state().word());
    fields.put("was", was.word());
    fields.put("again", again);
    fields.put("says", finding.says());
    fields.put("remedy", finding.remedy());
    fields.put("at", at.toString());
    return fields;
  }

  /** One JSON object. */
  byte[] json() {
    Map<String, Object> versioned = new LinkedHashMap<>();
    versioned.put("v", VERSION);
    versioned.putAll(fields());
    return JSON.writeValueAsBytes(versioned);
  }

  /** {@code HEDDLE_ALERT_CHECK} and so on; no value has a control character in it. */
  Map<String, String> environment() {
    Map<String, String> environment = new LinkedHashMap<>();
    fields()
        .forEach(
            (name, value) ->
                environment.put(
                    "HEDDLE_ALERT_" + name.toUpperCase(Locale.ROOT),
                    value.toString().replaceAll("\\p{Cntrl}", "?")));
    return environment;
  }
}
