package heddle.dial;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/** Whose certificate is good. */
public sealed interface Trust {
  /** The authorities that the JDK trusts; the certificate must name the host. */
  record Public() implements Trust {}

  /** The site's own authorities, and no others; the certificate must name the host. */
  record Site(List<X509Certificate> anchors) implements Trust {
    public Site {
      anchors = List.copyOf(anchors);
    }
  }

  /**
   * These very certificates, whoever issued them, whatever they name and however old they are.
   *
   * @param sha256 of the certificate's DER form, in hexadecimal; colons and letter case are free
   */
  record Pinned(Set<String> sha256) implements Trust {
    public Pinned {
      sha256 = Set.copyOf(sha256);
    }
  }

  /** Anybody's: the line is private against listeners only. Never without the site's own word. */
  record AllowInvalid() implements Trust {}
}
