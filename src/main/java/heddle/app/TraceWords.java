package heddle.app;

import heddle.store.History;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An event of a message in a few words. */
final class TraceWords {
  private TraceWords() {}

  static String of(History.Entry entry, int attempt) {
    Map<String, String> fields = entry.fields();
    return switch (entry.name()) {
      case "connect" -> entry.field("client") + " at " + entry.field("listener");
      case "tls" -> joined(fields, "tls", "cipher");
      case "auth-ok" ->
          entry.field("mech")
              + " "
              + entry.field("user")
              + ", "
              + entry.field("credential")
              + ", by "
              + entry.field("step");
      case "auth-failed", "auth-deferred" ->
          entry.field("mech")
              + " "
              + entry.field("user")
              + ": "
              + entry.field("why")
              + ", by "
              + entry.field("step");
      case "accepted" ->
          entry.field("nrcpt")
              + (entry.field("nrcpt").equals("1") ? " recipient, " : " recipients, ")
              + entry.field("size")
              + " octets";
      case "refused" -> entry.field("command");
      case "delivered", "deferred", "failed" ->
          "attempt " + attempt + " for " + entry.field("to") + " by " + entry.field("relay");
      case "report" -> "a report, " + entry.field("kind") + ", for " + entry.field("to");
      case "held" -> entry.field("why");
      case "admin" -> entry.field("verb") + " by " + entry.field("actor");
      default -> joined(fields, fields.keySet().toArray(String[]::new));
    };
  }

  private static String joined(Map<String, String> fields, String... keys) {
    List<String> words = new ArrayList<>();
    for (String key : keys) {
      String value = fields.getOrDefault(key, "");
      if (!value.isEmpty() && !key.equals("client")) {
        words.add(value);
      }
    }
    return String.join(" ", words);
  }
}
