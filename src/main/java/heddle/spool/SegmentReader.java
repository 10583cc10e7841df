package heddle.spool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a segment, whatever became of it: every record that validates, and the stretches between
 * them that do not. Used by one thread.
 */
final class SegmentReader {
  /** What is told, in the order of the file. */
  interface Listener {
    /** A record, whole. {@code text} is the offset of its text. */
    void record(ObjectNode line, long text, long size) throws SpoolRefused;

    /** Octets that are no record: {@code from} to {@code to}, without the last. */
    void bad(long from, long to) throws IOException;
  }

  /** No line of ours is longer; a longer one is damage. */
  static final int LONGEST_LINE = 8 * 1024 * 1024;

  private record Whole(ObjectNode line, long text, long size, long end) {}

  private final Disk.OpenFile file;
  private final long end;
  private final String name;
  private final ByteBuffer window = ByteBuffer.allocate(64 * 1024);
  private long windowAt;

  SegmentReader(String name, Disk.OpenFile file) throws IOException {
    this.name = name;
    this.file = file;
    this.end = file.size();
    window.limit(0);
  }

  /**
   * The segment's nonce; empty where neither copy can be read.
   *
   * @throws SpoolRefused a journal of another version
   */
  Optional<String> nonce() throws IOException {
    Optional<String> other = Optional.empty();
    for (int copy = 0; copy < 2; copy++) {
      var block = ByteBuffer.allocate(Segment.BLOCK);
      int came = file.read((long) copy * Segment.BLOCK, block);
      String[] words = new String(block.array(), 0, came, ISO_8859_1).strip().split(" ");
      if (words.length < 2 || !Segment.FIRST.strip().equals(words[0])) {
        continue;
      }
      if (!words[1].equals("" + Segment.VERSION)) {
        other = Optional.of(words[1]);
      } else if (words.length == 4 && words[2].length() == Segment.NONCE_LENGTH) {
        String line = String.join(" ", words[0], words[1], words[2]);
        if (Segment.hex(Segment.crc(line.getBytes(ISO_8859_1))).equals(words[3])) {
          return Optional.of(words[2]);
        }
      }
    }
    if (other.isPresent() && other.get().matches("\\d{1,9}")) {
      throw new SpoolRefused(
          Folders.JOURNAL
              + "/"
              + name
              + " is a journal of version "
              + other.get()
              + "; this release reads version "
              + Segment.VERSION
              + ": start and stop the release that wrote it, one that knows journal version "
              + other.get());
    }
    return Optional.empty();
  }

  /** Reads on from the preamble to the end. */
  void read(String nonce, Listener listener) throws IOException {
    byte[] member = Segment.nonceMember(nonce);
    long at = Segment.PREAMBLE;
    while (at < end) {
      Optional<Whole> whole = whole(at, member);
      if (whole.isPresent()) {
        listener.record(whole.get().line(), whole.get().text(), whole.get().size());
        at = whole.get().end();
      } else {
        long next = next(at + 1, member);
        listener.bad(at, next);
        at = next;
      }
    }
  }

  /** Where the next whole record begins, or the end. */
  private long next(long from, byte[] member) throws IOException {
    for (long at = from; at < end; ) {
      long found = find(at, member);
      if (found < 0) {
        return end;
      }
      long start = found - Segment.BEFORE_NONCE;
      if (start >= from && whole(start, member).isPresent()) {
        return start;
      }
      at = found + 1;
    }
    return end;
  }

  private Optional<Whole> whole(long at, byte[] member) throws IOException {
    if (!matches(at, Segment.CRC_KEY) || !matches(at + Segment.BEFORE_NONCE, member)) {
      return Optional.empty();
    }
    long lineEnd = find(at, new byte[] {'\n'});
    if (lineEnd < 0 || lineEnd - at > LONGEST_LINE) {
      return Optional.empty();
    }
    byte[] bytes = new byte[(int) (lineEnd - at)];
    file.read(at, ByteBuffer.wrap(bytes));
    ObjectNode line;
    try {
      line = PaperJson.object(bytes);
    } catch (IllegalArgumentException notJson) {
      return Optional.empty();
    }
    long size = whole(line.get("size"));
    // A record is believed only where it says it stands: a copy of one elsewhere is text.
    if (whole(line.get("at")) != at || size < 0 || lineEnd + 1 + size >= end) {
      return Optional.empty();
    }
    var whole = new Whole(line, lineEnd + 1, size, lineEnd + 1 + size + 1);
    String crc = crc(at + Segment.BEFORE_NONCE, whole.end());
    JsonNode said = line.get("crc");
    return said != null && crc.equals(said.stringValue("")) ? Optional.of(whole) : Optional.empty();
  }

  private static long whole(@org.jspecify.annotations.Nullable JsonNode number) {
    return number != null && number.isIntegralNumber() && number.canConvertToLong()
        ? number.longValue()
        : -1;
  }

  private String crc(long from, long to) throws IOException {
    var crc = new CRC32C();
    for (long at = from; at < to; ) {
      int some = (int) Math.min(to - at, available(at));
      if (some <= 0) {
        return "";
      }
      crc.update(window.array(), (int) (at - windowAt), some);
      at += some;
    }
    return Segment.hex((int) crc.getValue());
  }

  private boolean matches(long at, byte[] bytes) throws IOException {
    for (int i = 0; i < bytes.length; i++) {
      if (available(at + i) <= 0 || window.array()[(int) (at + i - windowAt)] != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Where the octets stand next, or -1. */
  private long find(long from, byte[] bytes) throws IOException {
    for (long at = from; available(at) > 0; ) {
      int stop = window.limit();
      for (int i = (int) (at - windowAt); i < stop; i++) {
        if (window.array()[i] == bytes[0]) {
          long here = windowAt + i;
          if (bytes.length == 1 || matches(here, bytes)) {
            return here;
          }
          if (window.limit() != stop || windowAt + i != here) {
            // Looking further moved the window.
            at = here + 1;
            stop = -1;
          }
        }
      }
      if (stop >= 0) {
        at = windowAt + stop;
      }
    }
    return -1;
  }

  /** How many octets of the window begin at the position; it moves where there are none. */
  private int available(long at) throws IOException {
    if (at < windowAt || at >= windowAt + window.limit()) {
      window.clear();
      int came = at >= end ? 0 : file.read(at, window);
      windowAt = at;
      window.position(0).limit(came);
    }
    return (int) (windowAt + window.limit() - at);
  }
}
