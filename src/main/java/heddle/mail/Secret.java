package heddle.mail;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A password or key while we must hold it. It prints nothing, compares in constant time and is
 * wiped by {@link #close()}. Used by one thread at a time.
 */
public final class Secret implements AutoCloseable {
  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A copy of the array; wiping the original stays the caller's duty. */
  public static Secret of(byte... bytes) {
    return new Secret(bytes.clone());
  }

  public static Secret ofUtf8(String text) {
    return new Secret(text.getBytes(StandardCharsets.UTF_8));
  }

  public int size() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** Equal to the text's UTF-8 octets; takes the same time wherever they differ. */
  public boolean matches(String text) {
    return MessageDigest.isEqual(bytes, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Lends the octets for one call. The function must not keep or change the array. */
  public <T> T use(Function<byte[], T> borrower) {
    return borrower.apply(bytes);
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "Secret";
  }
}
