package heddle.mail;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Bytes as a value: never changed, compared by content, printed as a length only, so that what
 * passes through a log by mistake says nothing. Safe to share.
 */
public final class Octets {
  public static final Octets EMPTY = new Octets(new byte[0]);
  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of the array. */
  public static Octets of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
  }

  public static Octets ofUtf8(String text) {
    return new Octets(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Strict base64 (RFC 4648 §4): padding required, no white space, no stray bits.
   *
   * @return empty where the text is not base64
   */
  public static Optional<Octets> ofBase64(String text) {
    try {
      byte[] decoded = Base64.getDecoder().decode(text);
      // The JDK takes a missing padding and non-zero trailing bits; RFC 4648 §3.5 lets us refuse.
      return Base64.getEncoder().encodeToString(decoded).equals(text)
          ? Optional.of(new Octets(decoded))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  public int size() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** The octet at the index, 0 to 255. */
  public int at(int index) {
    return bytes[index] & 0xff;
  }

  /** A copy; the caller owns it. */
  public byte[] toArray() {
    return bytes.clone();
  }

  public Octets slice(int from, int to) {
    return of(Arrays.copyOfRange(bytes, from, to));
  }

  /** The text, where the octets are valid UTF-8. */
  public Optional<String> utf8() {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException notUtf8) {
      return Optional.empty();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Octets[" + bytes.length + "]";
  }
}
