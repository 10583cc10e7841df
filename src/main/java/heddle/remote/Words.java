package heddle.remote;

import heddle.dial.ClientTls;
import heddle.wire.Deadline;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why no answer came, in our own words: those of a library may quote the question. */
final class Words {
  private Words() {}

  /**
   * What can be told of any protocol.
   *
   * @param at what was being done
   * @return empty where it is for the protocol to say
   */
  static Optional<String> of(Throwable trouble, ClientTls tls, Deadline deadline, String at) {
    if (deadline.over()) {
      return Optional.of("no answer in time at " + at);
    }
    boolean duringTls = false;
    for (Throwable t = trouble; t != null; t = t.getCause()) {
      if (t instanceof CertificateException) {
        return Optional.of("certificate refused: " + tls.refused().orElse("it does not hold"));
      }
      duringTls |= t instanceof SSLException;
    }
    return duringTls ? Optional.of("TLS failed at " + at) : Optional.empty();
  }
}
