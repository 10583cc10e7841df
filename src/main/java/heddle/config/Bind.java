package heddle.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Where a listener listens. */
public sealed interface Bind {
  /** An address in digits and a port; port 0 lets the system choose. */
  record Tcp(InetAddress address, int port) implements Bind {
    @Override
    public String toString() {
      // RFC 5952 §4.2: "::" stands for a run of zeros.
      String digits = address.getHostAddress().replaceFirst("(^|:)0(:0)+(:|$)", "::");
      return (address instanceof Inet6Address ? "[" + digits + "]" : digits) + ":" + port;
    }
  }

  /** A socket in the file system; a relative path begins at the home. */
  record Unix(String path) implements Bind {
    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /** Whether only this machine can reach it. */
  default boolean local() {
    return switch (this) {
      case Tcp tcp -> tcp.address.isLoopbackAddress();
      case Unix _ -> true;
    };
  }

  /** Whether the two cannot both be bound. */
  default boolean collides(Bind other) {
    return switch (this) {
      case Unix _ -> equals(other);
      case Tcp(var mine, int port) ->
          other instanceof Tcp(var theirs, int same)
              && port == same
              && port != 0
              && (mine.equals(theirs) || covers(mine, theirs) || covers(theirs, mine));
    };
  }

  /** Every address of its kind; {@code [::]} takes the IPv4 addresses along. */
  private static boolean covers(InetAddress wide, InetAddress narrow) {
    return wide.isAnyLocalAddress()
        && (wide instanceof Inet6Address || !(narrow instanceof Inet6Address));
  }

  static Reading<Bind> read(String text) {
    if (text.startsWith("unix:")) {
      String path = text.substring(5);
      // sockaddr_un holds 108 octets with the closing NUL.
      return path.isEmpty() || path.getBytes(StandardCharsets.UTF_8).length > 107
          ? Reading.bad("the socket's path is empty or longer than 107 octets", "")
          : Reading.good(new Unix(path));
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    String port = colon < 0 ? "" : text.substring(colon + 1);
    boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
    String digits = bracketed ? host.substring(1, host.length() - 1) : host;
    Optional<InetAddress> address = Scalars.address(digits);
    if (address.isEmpty() || bracketed != address.get() instanceof Inet6Address) {
      return Reading.bad(
          Words.quoted(text) + " is not an address and a port",
          "Write \"[::]:465\" for every address, \"127.0.0.1:2465\", or \"unix:run/submission.sock\"");
    }
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
      return Reading.bad(
          Words.quoted(text) + " has no port between 0 and 65535",
          "Write the port behind a colon: " + Words.quoted(host + ":465"));
    }
    return Reading.good(new Tcp(address.get(), Integer.parseInt(port)));
  }
}
