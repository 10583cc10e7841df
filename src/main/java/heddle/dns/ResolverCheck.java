package heddle.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/** Whether the JDK's own look-ups go the way that holds no carrier thread. */
final class ResolverCheck {
  // A label longer than 63 octets is on no name server: whoever answers, answers at once.
  private static final String IMPOSSIBLE = "x".repeat(64) + ".invalid";

  private ResolverCheck() {}

  /**
   * The JVM chooses once. It also remembers for some seconds what it did not find, without asking
   * anew: a second look would blame the wrong one.
   */
  private static final class Way {
    static final boolean DNSJAVA = goesThroughDnsjava();
  }

  static Optional<String> run() {
    if (!Way.DNSJAVA) {
      return Optional.of(
          "Names are looked up by the JDK's own resolver. One silent name server would stop every"
              + " connection. Start java with -Dorg.dnsjava.spi.enable=true, as bin/heddle does.");
    }
    try {
      if (InetAddress.getByName("localhost").isLoopbackAddress()) {
        return Optional.empty();
      }
    } catch (UnknownHostException none) {
      // said below
    }
    return Optional.of(
        "The name localhost is not this machine. What connects to it goes astray. Put"
            + " \"127.0.0.1 localhost\" into /etc/hosts.");
  }

  /** The one who refuses stands in the exception's stack. */
  private static boolean goesThroughDnsjava() {
    try {
      var _ = InetAddress.getByName(IMPOSSIBLE);
      return false;
    } catch (UnknownHostException refused) {
      return Arrays.stream(refused.getStackTrace())
          .anyMatch(frame -> frame.getClassName().startsWith("org.xbill.DNS."));
    }
  }
}
