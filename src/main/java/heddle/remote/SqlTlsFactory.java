package heddle.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLSocketFactory;

/**
 * Gives the driver TLS as the site wants it, for the connection that is being made. The driver
 * knows it by its name only, and makes it by reflection; nobody else needs it.
 */
public final class SqlTlsFactory extends SSLSocketFactory {
  private static SSLSocketFactory tls() {
    return SqlSocketFactory.CALL.get().tls();
  }

  @Override
  public Socket createSocket(Socket there, String called, int port, boolean autoClose)
      throws IOException {
    return tls().createSocket(there, called, port, autoClose);
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

  @Override
  public String[] getDefaultCipherSuites() {
    return tls().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls().getSupportedCipherSuites();
  }
}
