package heddle.event;

import heddle.mail.Id;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The words by which an event is found again: {@code user:anna@example.org}, {@code ip:192.0.2.1},
 * {@code from:…}, {@code to:…}, {@code msgid:…} without brackets, and {@code id:…} of a connection,
 * a transaction or a report. In lower case, but for ids.
 */
public final class Mentions {
  /** Fields of {@link Facts} and the kind of word they give. */
  private static final Map<String, String> KINDS =
      Map.of(
          "user", "user",
          "authz", "user",
          "object", "user",
          "client", "ip",
          "from", "from",
          "to", "to",
          "msgid", "msgid",
          "session", "id",
          "about", "id",
          "report", "id");

  private Mentions() {}

  public static Set<String> of(Event event, Facts facts) {
    var words = new LinkedHashSet<String>();
    facts.id().ifPresent(id -> words.add(word("id", id.value())));
    facts
        .fields()
        .forEach(
            (field, value) -> {
              String kind = KINDS.get(field);
              if (kind != null && !value.isEmpty()) {
                words.add(word(isId(field, value) ? "id" : kind, whose(field, value)));
              }
            });
    if (event instanceof Event.Accepted accepted) {
      // The log names the first few of them only.
      words.removeIf(w -> w.startsWith("to:"));
      accepted.recipients().forEach(to -> words.add(word("to", to)));
    }
    return words;
  }

  /** Of what an administrator did something to, the user: a label may stand behind the name. */
  private static String whose(String field, String value) {
    int space = value.indexOf(' ');
    return field.equals("object") && space > 0 ? value.substring(0, space) : value;
  }

  /** What an administrator did, was done to a user or to a message. */
  private static boolean isId(String field, String value) {
    return field.equals("object") && Id.parse(value).isPresent();
  }

  /** The word for a value as it is written in a field, or as somebody types it. */
  public static String word(String kind, String value) {
    return kind
        + ":"
        + switch (kind) {
          case "id" -> value.toUpperCase(Locale.ROOT);
          case "ip" -> ip(value);
          case "msgid" -> unbracketed(value).toLowerCase(Locale.ROOT);
          default -> value.toLowerCase(Locale.ROOT);
        };
  }

  private static String unbracketed(String id) {
    return id.startsWith("<") && id.endsWith(">") ? id.substring(1, id.length() - 1) : id;
  }

  /** Of {@code 192.0.2.1:4711} or {@code [2001:db8::1]:4711}, what stands before the port. */
  private static String ip(String client) {
    if (client.startsWith("[")) {
      return client.substring(1, Math.max(1, client.indexOf(']')));
    }
    int colon = client.indexOf(':');
    return colon < 0 || colon != client.lastIndexOf(':') ? client : client.substring(0, colon);
  }
}
