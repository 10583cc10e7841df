package heddle.tls;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the name a client asks for (SNI) and takes every name. One for each connection, reached
 * through its socket: the key choice needs the name earlier than the JDK tells it. When a ticket
 * comes back the JDK asks for our certificate before it has looked at the name, and resumes only if
 * that is the certificate the ticket was given with. Used by one thread.
 */
final class AskedName extends SNIMatcher {
  private final GatheringSocket wire;
  private @Nullable String name;

  AskedName(GatheringSocket wire) {
    super(StandardConstants.SNI_HOST_NAME);
    this.wire = wire;
  }

  @Override
  public boolean matches(SNIServerName asked) {
    if (asked instanceof SNIHostName host) {
      name = host.getAsciiName().toLowerCase(Locale.ROOT);
    }
    return true;
  }

  /** Lower case. */
  Optional<String> name() {
    return name == null ? ClientHello.name(wire.hello()) : Optional.of(name);
  }

  void listenOn(SSLParameters parameters) {
    parameters.setSNIMatchers(List.of(this));
  }

  static Optional<String> on(SSLSocket socket) {
    var matchers = socket.getSSLParameters().getSNIMatchers();
    if (matchers != null) {
      for (SNIMatcher each : matchers) {
        if (each instanceof AskedName asked) {
          return asked.name();
        }
      }
    }
    return Optional.empty();
  }
}
