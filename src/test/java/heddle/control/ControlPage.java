package heddle.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the table of the verbs says, as {@code docs/control.md} and its schemas. */
public final class ControlPage {
  /** Of JSON Schema, 2020-12. */
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  private ControlPage() {}

  /** The schema of one row of an answer. Further members may come, so they are allowed. */
  public static Map<String, Object> schema(Verb verb) {
    Map<String, Object> properties = new LinkedHashMap<>();
    verb.fields().forEach(field -> properties.put(field.name(), schema(field)));
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", verb.does());
    schema.put("type", "object");
    schema.put("properties", properties);
    schema.put(
        "required",
        verb.fields().stream().filter(Verb.Field::always).map(Verb.Field::name).toList());
    return schema;
  }

  private static Map<String, Object> schema(Verb.Field field) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("description", field.does());
    schema.put("type", field.type().json());
    switch (field.type()) {
      case TIME -> schema.put("format", "date-time");
      case TEXTS -> schema.put("items", Map.of("type", "string"));
      case WHOLES -> schema.put("items", Map.of("type", "integer"));
      case OBJECTS -> schema.put("items", Map.of("type", "object"));
      case TEXT, WHOLE, TRUTH -> {}
    }
    if (!field.values().isEmpty()) {
      schema.put("enum", new TreeSet<>(field.values()));
    }
    return schema;
  }

  /** The text of {@code docs/control-schemas.json}. */
  static String schemas() {
    Map<String, Object> defs = new LinkedHashMap<>();
    Verbs.all().forEach(verb -> defs.put(verb.name(), schema(verb)));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("$schema", DIALECT);
    all.put("title", "Rows of the answers of a Heddle server, by verb; see docs/control.md");
    all.put("$defs", defs);
    // The default printer ends lines as the machine does; the file is the same everywhere.
    return JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsString(all)
            .replace("\r\n", "\n")
        + "\n";
  }

  /** The text of {@code docs/control.md}. */
  static String page() throws IOException {
    var text = new StringBuilder();
    try (var opening = ControlPage.class.getResourceAsStream("/control.md")) {
      text.append(new String(opening.readAllBytes(), StandardCharsets.UTF_8));
    }
    text.append("\n## Verbs\n\n| verb | asked where | rows | what it does |\n|---|---|---|---|\n");
    for (Verb verb : Verbs.all()) {
      text.append(
          row(
              "[`%s`](#%s)".formatted(verb.name(), anchor(verb)),
              where(verb),
              verb.list() ? "any number" : "one",
              cell(verb.does())));
    }
    Verbs.all().forEach(verb -> text.append(section(verb)));
    return text.toString();
  }

  /** As GitHub makes it of a heading. */
  private static String anchor(Verb verb) {
    return verb.name().replace(".", "");
  }

  private static String where(Verb verb) {
    return switch (verb.reach()) {
      case LOOKING -> "`run/status`, `run/control`";
      case PRIVATE -> "`run/control`";
      case CHANGING -> "`run/control`; it changes something";
    };
  }

  private static String section(Verb verb) {
    var text = new StringBuilder();
    text.append("\n### ").append(verb.name()).append("\n\n");
    text.append(cell(verb.does())).append(" Asked at ").append(where(verb)).append(". ");
    text.append(verb.list() ? "Any number of rows.\n" : "One row.\n");
    List<String> args = new ArrayList<>();
    for (Verb.Arg arg : verb.args()) {
      args.add(
          row(
              "`" + arg.name() + "`",
              arg.needed() ? "yes" : "",
              arg.type() == Verb.Type.TRUTH ? "`true`, `false`" : "text",
              cell(arg.does())));
    }
    if (args.isEmpty()) {
      text.append("\nIt takes no arguments.\n");
    } else {
      text.append("\n| argument | needed | value | meaning |\n|---|---|---|---|\n");
      args.forEach(text::append);
    }
    text.append("\n| member of a row | type | always | meaning |\n|---|---|---|---|\n");
    for (Verb.Field field : verb.fields()) {
      text.append(
          row(
              "`" + field.name() + "`",
              type(field),
              field.always() ? "yes" : "",
              cell(field.does())));
    }
    return text.toString();
  }

  private static String type(Verb.Field field) {
    if (!field.values().isEmpty()) {
      return new TreeSet<>(field.values())
          .stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }
    return switch (field.type()) {
      case TEXT -> "text";
      case TIME -> "time";
      case WHOLE -> "whole number";
      case TRUTH -> "`true`, `false`";
      case TEXTS -> "list of texts";
      case WHOLES -> "list of whole numbers";
      case OBJECTS -> "list of objects";
    };
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("<", "\\<").replace("*", "\\*").replace("~", "\\~");
  }
}
