package heddle.config;

import heddle.mail.Domain;
import java.net.InetAddress;

/** A machine to connect to: a name, or an address in digits without brackets. */
public record Host(String name) {
  static Reading<Host> read(String text) {
    boolean address = Scalars.address(text).isPresent();
    boolean domain =
        Domain.parse(text).filter(d -> !d.isLiteral()).isPresent() && !text.matches("[0-9.]+");
    return address || domain
        ? Reading.good(new Host(text))
        : Reading.bad(
            // A whole web address may hold a password.
            (text.matches("[^@:]*") ? Words.quoted(text) : "this")
                + " is neither a host name nor an address",
            "Write it without brackets, port or \"://\"");
  }

  /** Whether it is this machine for certain, told without asking anybody. */
  public boolean isLoopback() {
    return name.equalsIgnoreCase("localhost")
        || Scalars.address(name).map(InetAddress::isLoopbackAddress).orElse(false);
  }

  @Override
  public String toString() {
    return name;
  }
}
