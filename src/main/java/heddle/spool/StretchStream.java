package heddle.spool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A stretch of a file as a stream. Closing it closes the file. Used by one thread. */
final class StretchStream extends InputStream {
  private static final int BUFFER = 16 * 1024;
  private final Disk.OpenFile file;
  private final ByteBuffer window;
  private long at;
  private final long end;

  StretchStream(Disk.OpenFile file, long from, long size) {
    this.file = file;
    this.at = from;
    this.end = from + size;
    this.window = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(1, size))).limit(0);
  }

  @Override
  public int read() throws IOException {
    return more() ? window.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int from, int most) throws IOException {
    Objects.checkFromIndexSize(from, most, into.length);
    if (most == 0) {
      return 0;
    }
    if (!more()) {
      return -1;
    }
    int some = Math.min(most, window.remaining());
    window.get(into, from, some);
    return some;
  }

  private boolean more() throws IOException {
    if (window.hasRemaining()) {
      return true;
    }
    if (at >= end) {
      return false;
    }
    window.clear().limit((int) Math.min(window.capacity(), end - at));
    int came = file.read(at, window);
    window.flip();
    at += came;
    if (came == 0) {
      throw new IOException("the message ends too early");
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
