package heddle.wire;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client whose octets come in the pieces given; then it hangs up, or says no more. */
final class Feed implements LineReader.Source {
  static final Deadline SOON = Deadline.in(Duration.ofHours(1));
  private final byte[] octets;
  private final List<Integer> cuts;
  private final boolean falls;
  private int at;
  int reads;
  int largestRead;

  /**
   * @param cuts indexes at which a read ends
   * @param falls silent at the end, where it would hang up otherwise
   */
  Feed(byte[] octets, List<Integer> cuts, boolean falls) {
    this.octets = octets;
    this.cuts = new ArrayList<>(cuts);
    this.falls = falls;
  }

  static Feed of(String text) {
    return new Feed(latin1(text), List.of(), false);
  }

  static Feed silent(String text) {
    return new Feed(latin1(text), List.of(), true);
  }

  static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public int read(byte[] into, int off, int len, Deadline deadline) throws IOException {
    reads++;
    largestRead = Math.max(largestRead, len);
    if (at == octets.length) {
      if (falls) {
        throw new SocketTimeoutException();
      }
      return -1;
    }
    int here = at;
    int stop =
        cuts.stream()
            .filter(c -> c > here && c < octets.length)
            .min(Integer::compare)
            .orElse(octets.length);
    int come = Math.min(len, stop - at);
    System.arraycopy(octets, at, into, off, come);
    at += come;
    return come;
  }

  /** All that no reader took, pending octets included. */
  static String rest(LineReader in, Feed feed) {
    String here = new String(in.block(), in.at(), in.end() - in.at(), StandardCharsets.ISO_8859_1);
    return here
        + new String(
            feed.octets, feed.at, feed.octets.length - feed.at, StandardCharsets.ISO_8859_1);
  }

  /** {@code \r}, {@code \n} and {@code \0} written as such. */
  static String escaped(String text) {
    return text.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
  }

  static String unescaped(String text) {
    return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
  }
}
