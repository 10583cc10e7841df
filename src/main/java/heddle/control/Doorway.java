package heddle.control;

import heddle.config.Bind;
import heddle.dial.Security;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A listener as {@code doctor} comes to it, from this machine.
 *
 * @param name of the listener
 * @param where it listens; a port 0 has become the one that the system chose
 * @param shut why it cannot be spoken with from here though it is as it should be; empty where it
 *     can
 */
public record Doorway(String name, Bind where, Security security, Optional<String> shut) {
  /** Whether TLS is there, or can be asked for. */
  public boolean secured() {
    return security != Security.NONE;
  }

  /** The address to call; empty for a socket in the file system. */
  Optional<InetAddress> reach() {
    return where instanceof Bind.Tcp(var address, _)
        ? Optional.of(reach(address))
        : Optional.empty();
  }

  /** An address of this machine at which something bound to the given one hears. */
  public static InetAddress reach(InetAddress bound) {
    return bound.isAnyLocalAddress()
        ? InetAddress.ofLiteral(bound instanceof Inet6Address && !bothKinds() ? "::1" : "127.0.0.1")
        : bound;
  }

  /** What is bound to {@code [::]} hears IPv4 too, unless the JVM was told otherwise. */
  private static boolean bothKinds() {
    return !Boolean.getBoolean("java.net.preferIPv6Addresses");
  }

  /** {@code 465}, or {@code 127.0.0.1:465} where it is not bound to all addresses. */
  public String told() {
    return where instanceof Bind.Tcp(var address, int port) && address.isAnyLocalAddress()
        ? Integer.toString(port)
        : where.toString();
  }
}
