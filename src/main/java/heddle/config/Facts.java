package heddle.config;

import java.util.Optional;

/**
 * What is known so far where a {@link Condition} is asked. Of a connection: {@code listener},
 * {@code remote-ip} and {@code local-ip} in digits without brackets, {@code local-port}, {@code
 * tls} as {@code "true"} or {@code "false"}, {@code helo}, {@code authenticated-as}, {@code
 * mechanism}, {@code certificate.NAME}.
 */
@FunctionalInterface
public interface Facts {
  /** Nothing is known. */
  Facts NONE = _ -> Optional.empty();

  /** The value of a key; empty where there is none, or none yet. */
  Optional<String> fact(String key);
}
