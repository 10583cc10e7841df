package heddle.peer;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** A network in CIDR form. Bits behind the prefix are zero. */
public record Network(InetAddress address, int prefix) {
  public Network {
    address = RemoteAddress.unmapped(address);
    if (prefix < 0 || prefix > address.getAddress().length * 8) {
      throw new IllegalArgumentException("a prefix of " + prefix + " bits does not fit " + address);
    }
    address = masked(address, prefix);
  }

  /** {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address. Bits behind the prefix fall. */
  public static Optional<Network> parse(String text) {
    int slash = text.indexOf('/');
    String digits = slash < 0 ? text : text.substring(0, slash);
    // Never ask a resolver; and 10/8 would be read as 0.0.0.10, a sign as part of the prefix.
    if (!digits.matches("(\\d{1,3}\\.){3}\\d{1,3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
        || !text.substring(digits.length()).matches("(/\\d{1,3})?")) {
      return Optional.empty();
    }
    try {
      InetAddress address = InetAddress.ofLiteral(digits);
      int prefix =
          slash < 0
              ? address.getAddress().length * 8
              : Integer.parseInt(text, slash + 1, text.length(), 10);
      return Optional.of(new Network(address, prefix));
    } catch (IllegalArgumentException notANetwork) {
      return Optional.empty();
    }
  }

  /** The network about which patience and limits remember: /24 of IPv4, /64 of IPv6. */
  public static Network around(InetAddress address) {
    InetAddress plain = RemoteAddress.unmapped(address);
    return new Network(plain, plain.getAddress().length == 4 ? 24 : 64);
  }

  public boolean contains(InetAddress other) {
    InetAddress plain = RemoteAddress.unmapped(other);
    return plain.getAddress().length == address.getAddress().length
        && masked(plain, prefix).equals(address);
  }

  private static InetAddress masked(InetAddress address, int prefix) {
    byte[] bytes = address.getAddress();
    for (int bit = prefix; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefix;
  }
}
