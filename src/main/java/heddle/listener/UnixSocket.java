package heddle.listener;

import heddle.tls.Curfew;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Future;

/**
 * A connection of a UNIX socket in the shape of the others; the JDK has none. A read that comes too
 * late ends the hearing for good. Used by one conversation; {@link #close} and {@link
 * #shutdownInput} may come from any thread.
 */
final class UnixSocket extends Socket {
  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  private final SocketChannel channel;
  private final In in = new In();
  private final Out out = new Out();
  private volatile int timeout;
  private volatile boolean late;
  private volatile boolean deaf;
  private volatile boolean dumb;

  UnixSocket(SocketChannel channel) throws IOException {
    super((SocketImpl) null);
    this.channel = channel;
  }

  SocketChannel channel() {
    return channel;
  }

  private final class In extends InputStream {
    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int off, int len) throws IOException {
      if (len == 0) {
        return 0;
      }
      int most = timeout;
      if (most == 0) {
        return channel.read(ByteBuffer.wrap(into, off, len));
      }
      Future<?> alarm = Curfew.after(Duration.ofMillis(most), UnixSocket.this::tooLate);
      try {
        int came = channel.read(ByteBuffer.wrap(into, off, len));
        if (came < 0 && late) {
          throw new SocketTimeoutException("Read timed out");
        }
        return came;
      } finally {
        alarm.cancel(false);
      }
    }
  }

  private final class Out extends OutputStream {
    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int off, int len) throws IOException {
      ByteBuffer left = ByteBuffer.wrap(octets, off, len);
      while (left.hasRemaining()) {
        channel.write(left);
      }
    }
  }

  private void tooLate() {
    late = true;
    try {
      shutdownInput();
    } catch (IOException gone) {
      // Then nobody waits.
    }
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() {
    return out;
  }

  @Override
  public void close() throws IOException {
    channel.close();
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
  public void shutdownInput() throws IOException {
    deaf = true;
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    dumb = true;
    channel.shutdownOutput();
  }

  @Override
  public boolean isInputShutdown() {
    return deaf;
  }

  @Override
  public boolean isOutputShutdown() {
    return dumb;
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  // A UNIX socket sends at once and loses nothing: there is nothing to be set.

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public boolean getTcpNoDelay() {
    return true;
  }

  @Override
  public void setSoLinger(boolean on, int seconds) {}

  @Override
  public int getSoLinger() {
    return -1;
  }

  @Override
  public InetAddress getInetAddress() {
    return HERE;
  }

  @Override
  public InetAddress getLocalAddress() {
    return HERE;
  }

  @Override
  public int getPort() {
    return 0;
  }

  @Override
  public int getLocalPort() {
    return 0;
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return new InetSocketAddress(HERE, 0);
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return new InetSocketAddress(HERE, 0);
  }

  @Override
  public String toString() {
    return "UnixSocket[" + channel + "]";
  }
}
