package heddle.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** What a connection to Dovecot says, line by line. Used by one thread. */
final class DovecotReader {
  private static final int LONGEST = 64 * 1024;

  private final SocketChannel channel;
  private final ByteBuffer block = ByteBuffer.allocate(4096).flip();

  DovecotReader(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * The next line without its LF; null at the end, where half a line is no line.
   *
   * @throws ProtocolException where a line is too long to be one
   */
  byte @Nullable [] next() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      if (!block.hasRemaining()) {
        block.clear();
        int came = channel.read(block);
        block.flip();
        if (came < 0) {
          return null;
        }
      }
      while (block.hasRemaining()) {
        byte octet = block.get();
        if (octet == '\n') {
          return line.toByteArray();
        }
        if (line.size() >= LONGEST) {
          throw new ProtocolException("a line without end");
        }
        line.write(octet);
      }
    }
  }
}
