package heddle.peer;

import java.util.Optional;

/** What the line itself tells of who is there, before anybody says a word. */
public record Presence(Optional<TlsInfo> tls, Optional<UnixPeer> unix) {
  /** A line that tells nothing. */
  public static final Presence NONE = new Presence(Optional.empty(), Optional.empty());
}
