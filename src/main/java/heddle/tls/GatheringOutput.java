package heddle.tls;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Keeps what is written, up to one TLS record, until told to {@link #send}. Holds next to no memory
 * while idle.
 */
class GatheringOutput extends OutputStream {
  private static final int MOST = 16 * 1024; // RFC 8446 §5.1: a record holds 2^14 octets
  private static final int KEEP_MOST = 1024;
  private static final byte[] NOTHING = {};

  private final OutputStream sink;
  private byte[] buffer = NOTHING;
  private int count;

  GatheringOutput(OutputStream sink) {
    this.sink = sink;
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] octets, int offset, int length) throws IOException {
    if (count + length > MOST) {
      send();
      if (length >= MOST) {
        sink.write(octets, offset, length);
        return;
      }
    }
    if (count + length > buffer.length) {
      var wider = new byte[Math.max(count + length, Math.min(MOST, 2 * buffer.length))];
      System.arraycopy(buffer, 0, wider, 0, count);
      buffer = wider;
    }
    System.arraycopy(octets, offset, buffer, count, length);
    count += length;
  }

  final synchronized void send() throws IOException {
    if (count > 0) {
      int ready = count;
      count = 0;
      sink.write(buffer, 0, ready);
    }
    if (buffer.length > KEEP_MOST) {
      buffer = NOTHING;
    }
  }

  /** Not yet: the JDK's TLS flushes after every record, and those are what is gathered. */
  @Override
  public void flush() throws IOException {}
}
