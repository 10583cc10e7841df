package heddle.dial;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Begins TLS on connections that are there; opens none. Safe to share. */
final class Layering extends SSLSocketFactory {
  private final ClientTls tls;
  private final String host;
  private final SSLSocketFactory sockets;

  Layering(ClientTls tls, String host) {
    this.tls = tls;
    this.host = host;
    this.sockets = tls.context().getSocketFactory();
  }

  @Override
  public Socket createSocket(Socket there, String called, int port, boolean autoClose)
      throws IOException {
    // A library knows the address alone, or a name that the DNS gave: the site's word counts.
    SSLSocket layered = (SSLSocket) sockets.createSocket(there, host, port, autoClose);
    layered.setSSLParameters(tls.parameters());
    return layered;
  }

  @Override
  public Socket createSocket(String to, int port) throws IOException {
    throw new SocketException("opens no connections");
  }

  @Override
  public Socket createSocket(String to, int port, InetAddress from, int local) throws IOException {
    throw new SocketException("opens no connections");
  }

  @Override
  public Socket createSocket(InetAddress to, int port) throws IOException {
    throw new SocketException("opens no connections");
  }

  @Override
  public Socket createSocket(InetAddress to, int port, InetAddress from, int local)
      throws IOException {
    throw new SocketException("opens no connections");
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.getSupportedCipherSuites();
  }
}
