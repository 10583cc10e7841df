package heddle.tls;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Finds the name asked for (SNI) in the first octets of a connection. Believes nothing. */
final class ClientHello {
  private static final int HANDSHAKE = 22; // RFC 8446 §5.1
  private static final int CLIENT_HELLO = 1; // §4
  private static final int VERSION_AND_RANDOM = 34; // §4.1.2
  private static final int SERVER_NAME = 0; // RFC 6066 §3
  private static final int HOST_NAME = 0;

  private ClientHello() {}

  /** Lower case; empty where there is none, or the octets are no whole ClientHello. */
  static Optional<String> name(byte[] octets) {
    try {
      return fromHello(ByteBuffer.wrap(joined(ByteBuffer.wrap(octets))));
    } catch (BufferUnderflowException | IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  /** The handshake's octets without the heads of the records they came in. */
  private static byte[] joined(ByteBuffer records) {
    var joined = new ByteArrayOutputStream();
    while (records.remaining() > 5 && records.get() == HANDSHAKE) {
      records.getShort();
      ByteBuffer part = cut(records, records.getShort() & 0xffff);
      var octets = new byte[part.remaining()];
      part.get(octets);
      joined.writeBytes(octets);
    }
    return joined.toByteArray();
  }

  private static Optional<String> fromHello(ByteBuffer hello) {
    if (hello.get() != CLIENT_HELLO) {
      return Optional.empty();
    }
    ByteBuffer body = cut(hello, (hello.get() & 0xff) << 16 | hello.getShort() & 0xffff);
    cut(body, VERSION_AND_RANDOM);
    cut(body, body.get() & 0xff); // session id
    cut(body, body.getShort() & 0xffff); // cipher suites
    cut(body, body.get() & 0xff); // compression
    ByteBuffer extensions = cut(body, body.getShort() & 0xffff);
    while (extensions.hasRemaining()) {
      int type = extensions.getShort() & 0xffff;
      ByteBuffer extension = cut(extensions, extensions.getShort() & 0xffff);
      if (type == SERVER_NAME) {
        return fromList(cut(extension, extension.getShort() & 0xffff));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> fromList(ByteBuffer list) {
    while (list.hasRemaining()) {
      int kind = list.get();
      ByteBuffer name = cut(list, list.getShort() & 0xffff);
      if (kind == HOST_NAME) {
        return Optional.of(
            StandardCharsets.US_ASCII.decode(name).toString().toLowerCase(Locale.ROOT));
      }
    }
    return Optional.empty();
  }

  /** The next octets as a buffer of their own. */
  private static ByteBuffer cut(ByteBuffer from, int length) {
    if (length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer part = from.duplicate().limit(from.position() + length);
    from.position(from.position() + length);
    return part;
  }
}
