package heddle.sasl;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * What the site's own voices may ask of a connection beyond its attempt.
 *
 * @param extended whether the client said EHLO, not HELO
 * @param pointer the client's name by the name servers, forward-confirmed; asking takes time
 * @param attributes what voices keep about the connection, from its beginning to its end
 */
public record Scene(
    boolean extended,
    Supplier<Optional<String>> pointer,
    ConcurrentMap<String, Object> attributes) {
  /** Of a connection of which nothing is known and about which nothing is kept. */
  static Scene bare() {
    return new Scene(true, Optional::empty, new ConcurrentHashMap<>());
  }
}
