package heddle.peer;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** One end of a TCP connection; an IPv4 address mapped into IPv6 is an IPv4 address. */
public record RemoteAddress(InetAddress address, int port) {
  public RemoteAddress {
    address = unmapped(address);
  }

  public static RemoteAddress of(InetSocketAddress socket) {
    return new RemoteAddress(socket.getAddress(), socket.getPort());
  }

  /** {@code ::ffff:192.0.2.1} is 192.0.2.1. */
  public static InetAddress unmapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (!(address instanceof Inet6Address) || bytes[10] != -1 || bytes[11] != -1) {
      return address;
    }
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return address;
      }
    }
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The address in digits, without scope. */
  public String ip() {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  /** {@code 192.0.2.1:587} or {@code [2001:db8::1]:587}. */
  @Override
  public String toString() {
    return (ip().indexOf(':') >= 0 ? "[" + ip() + "]" : ip()) + ":" + port;
  }
}
