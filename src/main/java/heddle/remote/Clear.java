package heddle.remote;

import java.net.InetAddress;

/** When a password may be sent without TLS. */
final class Clear {
  private Clear() {}

  /** To this machine itself, or where the site says so. */
  static boolean mayGo(InetAddress peer, boolean allowPlaintext) {
    return allowPlaintext || peer.isLoopbackAddress();
  }

  static NoAnswer refused() {
    return new NoAnswer("a password is not sent without TLS");
  }
}
