package heddle.peer;

import heddle.mail.Octets;
import java.util.HexFormat;

/** A hash of a certificate or of its key. */
public record Fingerprint(Digest digest, Octets octets) {
  /** Lower case, without colons. */
  public String hex() {
    return HexFormat.of().formatHex(octets.toArray());
  }
}
