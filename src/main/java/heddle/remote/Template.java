package heddle.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text in which {@code {user}}, {@code {local-part}} and {@code {domain}} stand for a login name
 * and its parts. Braces around anything else are text.
 */
record Template(List<Part> parts) {
  private static final Pattern SLOT = Pattern.compile("\\{(user|local-part|domain)}");

  /** A piece of it. */
  sealed interface Part {
    record Text(String text) implements Part {}

    record Slot(Field field) implements Part {}
  }

  /** What of the name. */
  enum Field {
    USER("user"),
    LOCAL_PART("local-part"),
    DOMAIN("domain");

    private final String word;

    Field(String word) {
      this.word = word;
    }

    /** As it is written, braces included. */
    String written() {
      return "{" + word + "}";
    }

    /** The domain is what stands behind the last @, and empty where there is none. */
    String of(String name) {
      int at = name.lastIndexOf('@');
      return switch (this) {
        case USER -> name;
        case LOCAL_PART -> at < 0 ? name : name.substring(0, at);
        case DOMAIN -> at < 0 ? "" : name.substring(at + 1);
      };
    }

    private static Field called(String word) {
      for (Field each : values()) {
        if (each.word.equals(word)) {
          return each;
        }
      }
      throw new IllegalArgumentException(word);
    }
  }

  Template {
    parts = List.copyOf(parts);
  }

  static Template of(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher slots = SLOT.matcher(text);
    int from = 0;
    while (slots.find()) {
      parts.add(new Part.Text(text.substring(from, slots.start())));
      parts.add(new Part.Slot(Field.called(slots.group(1))));
      from = slots.end();
    }
    parts.add(new Part.Text(text.substring(from)));
    return new Template(parts);
  }

  boolean wants(Field field) {
    return parts.contains(new Part.Slot(field));
  }

  /** Whether it is another text for each name of a domain. */
  boolean tellsNamesApart() {
    return wants(Field.USER) || wants(Field.LOCAL_PART);
  }

  /**
   * The text for this name.
   *
   * @param escape what makes a value of a stranger's words, and nothing but a value
   */
  String fill(String name, UnaryOperator<String> escape) {
    var text = new StringBuilder();
    for (Part part : parts) {
      switch (part) {
        case Part.Text(String plain) -> text.append(plain);
        case Part.Slot(Field field) -> text.append(escape.apply(field.of(name)));
      }
    }
    return text.toString();
  }
}
