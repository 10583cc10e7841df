package heddle.app;

import heddle.dial.Trust;
import heddle.tls.ClientKeys;
import heddle.tls.TlsRefused;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The files that the configuration names for TLS towards another server.
 *
 * @param whose {@code "route default"}, for those who mend what is wrong
 */
record TlsFiles(Home home, String whose) {
  /** Pins before authorities, authorities before the word that anybody will do. */
  Trust trust(Optional<List<String>> pin, Optional<List<String>> ca, boolean anybody)
      throws Refused {
    if (pin.isPresent()) {
      return new Trust.Pinned(Set.copyOf(pin.get()));
    }
    if (ca.isPresent()) {
      List<X509Certificate> anchors = new ArrayList<>();
      for (String file : ca.get()) {
        try {
          anchors.addAll(ClientKeys.authorities(home.inEtc(file)));
        } catch (TlsRefused refused) {
          throw refused(refused);
        }
      }
      return new Trust.Site(anchors);
    }
    return anybody ? new Trust.AllowInvalid() : new Trust.Public();
  }

  Optional<X509ExtendedKeyManager> ourKey(Optional<String> certificate, Optional<String> key)
      throws Refused {
    if (certificate.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ClientKeys.read(home.inEtc(certificate.get()), home.inEtc(key.get())));
    } catch (TlsRefused refused) {
      throw refused(refused);
    }
  }

  private Refused refused(TlsRefused refused) {
    return new Refused(
        ConfigDesk.REFUSED,
        whose + " cannot be used: " + refused.what(),
        refused.why(),
        refused.remedy());
  }
}
