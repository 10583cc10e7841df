package heddle.peer;

import heddle.mail.Octets;
import java.util.List;
import java.util.Set;

/** What ties a login to one TLS connection and no other (RFC 5056). Safe to share. */
public interface ChannelBinding {
  /** Of a connection that has none. */
  ChannelBinding NONE =
      new ChannelBinding() {
        @Override
        public Set<String> types() {
          return Set.of();
        }

        @Override
        public List<Octets> values(String type) {
          return List.of();
        }
      };

  /** As IANA calls them: {@code tls-exporter}, {@code tls-server-end-point}. */
  Set<String> types();

  /**
   * What a client may call the binding of this connection; more than one where implementations
   * differ in a way that does no harm. Empty for a type that is not among {@link #types}.
   */
  List<Octets> values(String type);
}
