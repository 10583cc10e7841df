package heddle.directory;

import com.ongres.saslprep.SASLprep;
import heddle.mail.Secret;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A password in the form in which it is stored and compared: SASLprep (RFC 4013) where that takes
 * it, else its octets as they came.
 *
 * @param octets wiped by {@link #close()}, as is {@code given}
 * @param given as it came: what other servers made their hashes of
 * @param prepared whether SASLprep took it: SCRAM clients can then arrive at the same octets
 */
record PreparedPassword(Secret octets, Secret given, boolean prepared) implements AutoCloseable {
  private static final SASLprep SASLPREP = new SASLprep();

  /**
   * @return empty where it can be nobody's password: no octets, or a NUL among them
   */
  static Optional<PreparedPassword> of(Secret given) {
    return given.use(
        bytes -> {
          if (bytes.length == 0 || holdsNul(bytes)) {
            return Optional.empty();
          }
          return Optional.of(
              saslprep(bytes)
                  .map(s -> new PreparedPassword(s, Secret.of(bytes), true))
                  .orElseGet(
                      () -> new PreparedPassword(Secret.of(bytes), Secret.of(bytes), false)));
        });
  }

  private static boolean holdsNul(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  // Stored form at checking too: a code point newer than Unicode 3.2 must not be one thing at
  // setting and another at checking.
  private static Optional<Secret> saslprep(byte[] bytes) {
    char[] chars = new char[bytes.length]; // no octet makes more than one
    char[] prepared = new char[0];
    byte[] octets = new byte[0];
    try {
      CharBuffer decoded = CharBuffer.wrap(chars);
      CoderResult result =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), decoded, true);
      if (result.isError()) {
        return Optional.empty();
      }
      prepared = SASLPREP.prepareStored(Arrays.copyOf(chars, decoded.position()));
      octets = new byte[prepared.length * 3]; // no character makes more than three
      ByteBuffer encoded = ByteBuffer.wrap(octets);
      StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(prepared), encoded, true);
      return encoded.position() == 0
          ? Optional.empty()
          : Optional.of(Secret.of(Arrays.copyOf(octets, encoded.position())));
    } catch (IllegalArgumentException | IndexOutOfBoundsException refused) {
      // The second is the library's answer to a password of which the mapping leaves nothing.
      return Optional.empty();
    } finally {
      Arrays.fill(chars, '\0');
      Arrays.fill(prepared, '\0');
      Arrays.fill(octets, (byte) 0);
    }
  }

  /** One with a life of its own. */
  PreparedPassword copy() {
    return new PreparedPassword(octets.use(Secret::of), given.use(Secret::of), prepared);
  }

  @Override
  public void close() {
    octets.close();
    given.close();
  }
}
