package heddle.tls;

import heddle.wire.Deadline;
import heddle.wire.TimedInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the JDK's TLS and the real socket. TLS writes each record alone and reads each in
 * two: here writes are gathered until the next read (or {@link #send}), and reads run ahead, which
 * halves the system calls. And every read keeps one deadline, however slowly octets drip in. Used
 * by one conversation only; {@link #close} of the real socket may come from any thread.
 */
final class GatheringSocket extends Socket {
  private static final int READ_AHEAD = 1024; // a command line in its record; the idle cost
  private static final int HELLO_MOST = 16 * 1024;
  private static final byte[] NOTHING = {};

  private final Socket plain;
  private final TimedInput source;
  private final Ahead input = new Ahead();
  private final GatheringOutput output;
  private int timeout;
  private @Nullable Deadline deadline;
  private volatile boolean closing;
  private int first = -1;
  private @Nullable ByteArrayOutputStream hello = new ByteArrayOutputStream(512);

  GatheringSocket(Socket plain) throws IOException {
    super((SocketImpl) null);
    this.plain = plain;
    this.source = new TimedInput(plain);
    this.output = new GatheringOutput(plain.getOutputStream());
  }

  /** From now on reads wait no longer than this, all of them together. */
  void readBy(@Nullable Deadline deadline) {
    this.deadline = deadline;
  }

  /** Ends a read that waits beyond its deadline; any thread may call it. */
  void endLateRead() {
    source.endIfLate();
  }

  /** Sends what was gathered. */
  void send() throws IOException {
    output.send();
  }

  /** The first octet that came, or -1. */
  int firstOctet() {
    return first;
  }

  /** What came first, at least a ClientHello if there was one; empty once forgotten. */
  byte[] hello() {
    return hello == null ? NOTHING : hello.toByteArray();
  }

  void forgetHello() {
    hello = null;
  }

  private void remember(byte[] octets, int offset, int length) {
    if (first < 0) {
      first = octets[offset] & 0xff;
    }
    if (hello != null && hello.size() < HELLO_MOST) {
      hello.write(octets, offset, length);
    }
  }

  /** Reads meet the end of the stream from now on: a farewell must not wait for its answer. */
  void stopReading() {
    closing = true;
  }

  private final class Ahead extends InputStream {
    private byte[] buffer = NOTHING;
    private int from;
    private int to;

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (from == to) {
        if (length >= READ_AHEAD) {
          return fill(target, offset, length);
        }
        if (buffer.length == 0) {
          buffer = new byte[READ_AHEAD];
        }
        int got = fill(buffer, 0, buffer.length);
        if (got < 0) {
          return -1;
        }
        from = 0;
        to = got;
      }
      int count = Math.min(length, to - from);
      System.arraycopy(buffer, from, target, offset, count);
      from += count;
      return count;
    }

    private int fill(byte[] target, int offset, int length) throws IOException {
      if (closing) {
        return -1;
      }
      send(); // whoever waits for an answer has said what he had to say
      int got = source.read(target, offset, length, due());
      if (got > 0) {
        remember(target, offset, got);
      }
      return got;
    }

    /** By when one read must be over; null: never. */
    private @Nullable Deadline due() {
      Deadline all = deadline;
      Deadline each = timeout == 0 ? null : Deadline.in(Duration.ofMillis(timeout));
      return each == null ? all : all == null ? each : each.or(all);
    }

    @Override
    public int available() throws IOException {
      return closing ? 0 : to - from + plain.getInputStream().available();
    }

    @Override
    public void close() throws IOException {
      GatheringSocket.this.close();
    }
  }

  @Override
  public InputStream getInputStream() {
    return input;
  }

  @Override
  public OutputStream getOutputStream() {
    return output;
  }

  /** Sends what was gathered, an alert perhaps, and closes the real socket. */
  @Override
  public void close() throws IOException {
    try {
      if (!plain.isClosed()) {
        send();
      }
    } catch (IOException nobodyListens) {
      // Then the alert is lost; closing is what was asked for.
    } finally {
      plain.close();
    }
  }

  @Override
  public void setSoTimeout(int millis) {
    timeout = millis;
  }

  @Override
  public int getSoTimeout() {
    return timeout;
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    plain.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return plain.getTcpNoDelay();
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    plain.setSoLinger(on, seconds);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return plain.getSoLinger();
  }

  @Override
  public void shutdownInput() throws IOException {
    plain.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    send();
    plain.shutdownOutput();
  }

  @Override
  public boolean isConnected() {
    return plain.isConnected();
  }

  @Override
  public boolean isBound() {
    return plain.isBound();
  }

  @Override
  public boolean isClosed() {
    return plain.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return plain.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return plain.isOutputShutdown();
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return plain.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return plain.getLocalAddress();
  }

  @Override
  public int getPort() {
    return plain.getPort();
  }

  @Override
  public int getLocalPort() {
    return plain.getLocalPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return plain.getRemoteSocketAddress();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return plain.getLocalSocketAddress();
  }

  @Override
  public String toString() {
    return "GatheringSocket[" + plain + "]";
  }
}
