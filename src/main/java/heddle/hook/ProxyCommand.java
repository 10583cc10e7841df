package heddle.hook;

import heddle.mail.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;

/**
 * A line of the client's, before anybody has read it. It may hold a password: of AUTH on its line,
 * or behind {@code .next()}.
 *
 * @param octets without CRLF
 */
public record ProxyCommand(Octets octets, Connection connection, Transaction transaction) {
  /** As text; where it is not UTF-8, each octet is one character. */
  public String command() {
    return text(octets);
  }

  /** The first word, upper case. */
  public String verb() {
    String text = command();
    int space = text.indexOf(' ');
    return (space < 0 ? text : text.substring(0, space)).toUpperCase(java.util.Locale.ROOT);
  }

  /** What hooks keep about this connection. */
  public ConcurrentMap<String, Object> attributes() {
    return connection.attributes();
  }

  /** Under Halon's names: arguments, connection, transaction, context. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("arguments", Map.of("command", command()));
    map.put("connection", connection.toMap());
    map.put("transaction", transaction.toMap());
    map.put("context", attributes());
    return Collections.unmodifiableMap(map);
  }

  static String text(Octets octets) {
    return octets.utf8().orElseGet(() -> new String(octets.toArray(), StandardCharsets.ISO_8859_1));
  }

  /** A line may be a password. */
  @Override
  public String toString() {
    return "ProxyCommand[" + octets.size() + " octets]";
  }
}
