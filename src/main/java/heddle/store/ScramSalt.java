package heddle.store;

import heddle.mail.Octets;

/**
 * What a SCRAM server names before it knows which credential the client holds (RFC 5802 §5.1).
 *
 * @param salt 16 random octets
 * @param iterations of PBKDF2, at least 4096 (RFC 7677 §4)
 */
public record ScramSalt(Octets salt, int iterations) {
  public static final int OCTETS = 16;

  public ScramSalt {
    if (salt.size() != OCTETS || iterations < 4096) {
      throw new IllegalArgumentException("a SCRAM salt has 16 octets and 4096 iterations or more");
    }
  }
}
