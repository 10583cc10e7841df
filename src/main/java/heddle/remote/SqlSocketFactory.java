package heddle.remote;

import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/**
 * Hands the driver the connection that was made for it. The driver knows it by its name only, and
 * makes it by reflection; nobody else needs it.
 */
public final class SqlSocketFactory extends SocketFactory {
  /** What the driver is to use while it connects. */
  record Call(AtomicReference<Socket> socket, SSLSocketFactory tls) {
    Call(Socket socket, SSLSocketFactory tls) {
      this(new AtomicReference<>(socket), tls);
    }
  }

  static final ScopedValue<Call> CALL = ScopedValue.newInstance();

  @Override
  public Socket createSocket() throws SocketException {
    Socket socket = CALL.isBound() ? CALL.get().socket().getAndSet(null) : null;
    if (socket == null) {
      // A second try would be one that nobody watches, or one without TLS.
      throw new SocketException("opens no connections");
    }
    return socket;
  }

  @Override
  public Socket createSocket(String to, int port) throws SocketException {
    throw new SocketException("opens no connections");
  }

  @Override
  public Socket createSocket(String to, int port, InetAddress from, int local)
      throws SocketException {
    throw new SocketException("opens no connections");
  }

  @Override
  public Socket createSocket(InetAddress to, int port) throws SocketException {
    throw new SocketException("opens no connections");
  }

  @Override
  public Socket createSocket(InetAddress to, int port, InetAddress from, int local)
      throws SocketException {
    throw new SocketException("opens no connections");
  }
}
