package heddle.sasl;

import heddle.mail.Octets;

/**
 * What a server names before it knows which credential the client holds (RFC 5802 §5.1).
 *
 * @param iterations of PBKDF2, at least 4096 (RFC 7677 §4)
 */
public record Salt(Octets salt, int iterations) {
  public Salt {
    if (salt.isEmpty() || iterations < 4096) {
      throw new IllegalArgumentException("a SCRAM salt is not empty, and has 4096 iterations");
    }
  }
}
