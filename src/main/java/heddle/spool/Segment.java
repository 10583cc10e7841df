package heddle.spool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The form of a segment, {@code journal/NNNNNNNN.hj}, and one that is being written.
 *
 * <p>It begins with the line {@code heddle-journal 1 NONCE CRC}, padded to a block, twice: with the
 * nonce gone every record would be. Then records, each a JSON line and the message text, which may
 * be empty:
 *
 * <pre>{"crc":"CRC32C","nonce":"NONCE","at":OFFSET,"size":OCTETS,"message":{…}}
 * …text…
 * </pre>
 *
 * The CRC covers all that follows it, up to and with the line end behind the text. A text may hold
 * what looks like records; after damage the reader looks for the next record by the nonce, which is
 * random for each segment and known to nobody who writes messages, and believes one only at the
 * offset that it names. So not even a message with a copy of this very segment in it is read as
 * records.
 *
 * <p>Used under the journal's lock.
 */
final class Segment {
  static final int VERSION = 1;
  static final int BLOCK = 4096;
  static final int PREAMBLE = 2 * BLOCK;
  static final int NONCE_LENGTH = 32;
  static final String FIRST = "heddle-journal ";
  static final byte[] CRC_KEY = "{\"crc\":\"".getBytes(ISO_8859_1);
  static final int CRC_LENGTH = 8;

  /** How many octets before the nonce's key a record begins. */
  static final int BEFORE_NONCE = CRC_KEY.length + CRC_LENGTH;

  /** A record to be written: the members of its JSON line from the fourth on, and its text. */
  static final class Load {
    private final byte[] members;
    private final byte[] text;
    private final int size;

    Load(byte[] members, byte[] text, int size) {
      this.members = members;
      this.text = text;
      this.size = size;
    }

    /** Octets, nearly. */
    long length() {
      return (long) members.length + size;
    }
  }

  private final String name;
  private final Disk.OpenFile file;
  private final byte[] nonceMember;
  private final Instant born;
  private long length = PREAMBLE;

  private Segment(String name, Disk.OpenFile file, String nonce, Instant born) {
    this.name = name;
    this.file = file;
    this.nonceMember = nonceMember(nonce);
    this.born = born;
  }

  /** Makes the file and its preamble; forces nothing. */
  static Segment begin(Disk disk, long number, String nonce, Instant now) throws IOException {
    String name = fileName(number);
    Disk.OpenFile file = disk.create(Folders.JOURNAL + "/" + name);
    var segment = new Segment(name, file, nonce, now);
    try {
      file.write(0, preamble(nonce));
      return segment;
    } catch (IOException e) {
      segment.close();
      disk.unlink(Folders.JOURNAL + "/" + name);
      throw e;
    }
  }

  static String fileName(long number) {
    return String.format("%08d.hj", number);
  }

  /** The number of a segment's file, where the name is one. */
  static Optional<Long> number(String fileName) {
    return fileName.matches("\\d{8,18}\\.hj")
        ? Optional.of(Long.parseLong(fileName.substring(0, fileName.length() - 3)))
        : Optional.empty();
  }

  static byte[] nonceMember(String nonce) {
    return ("\",\"nonce\":\"" + nonce + "\",\"at\":").getBytes(ISO_8859_1);
  }

  private static ByteBuffer preamble(String nonce) {
    var both = ByteBuffer.allocate(PREAMBLE);
    for (int copy = 0; copy < 2; copy++) {
      String line = FIRST + VERSION + " " + nonce;
      String sealed = line + " " + hex(crc(line.getBytes(ISO_8859_1)));
      both.put((sealed + " ".repeat(BLOCK - 1 - sealed.length()) + "\n").getBytes(ISO_8859_1));
    }
    return both.flip();
  }

  static int crc(byte[] bytes) {
    var crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return (int) crc.getValue();
  }

  static String hex(int crc) {
    return HexFormat.of().toHexDigits(crc);
  }

  String name() {
    return name;
  }

  long length() {
    return length;
  }

  Instant born() {
    return born;
  }

  /**
   * Writes the records behind one another, through the buffer.
   *
   * @return the offset of each text
   */
  long[] append(List<Load> records, ByteBuffer through) throws IOException {
    var texts = new long[records.size()];
    through.clear();
    for (int i = 0; i < texts.length; i++) {
      Load record = records.get(i);
      long at = length + through.position();
      byte[] rest = rest(at, record);
      var crc = new CRC32C();
      crc.update(rest, 0, rest.length);
      crc.update(record.text, 0, record.size);
      crc.update('\n');
      put(CRC_KEY, CRC_KEY.length, through);
      put(hex((int) crc.getValue()).getBytes(ISO_8859_1), CRC_LENGTH, through);
      put(rest, rest.length, through);
      texts[i] = at + BEFORE_NONCE + rest.length;
      put(record.text, record.size, through);
      put(NEW_LINE, 1, through);
    }
    flush(through);
    return texts;
  }

  private static final byte[] NEW_LINE = {'\n'};

  private byte[] rest(long at, Load record) {
    byte[] numbers = (at + ",\"size\":" + record.size + ",").getBytes(ISO_8859_1);
    byte[] members = record.members;
    var rest = ByteBuffer.allocate(nonceMember.length + numbers.length + members.length + 2);
    rest.put(nonceMember).put(numbers).put(members).put((byte) '}').put((byte) '\n');
    return rest.array();
  }

  private void put(byte[] bytes, int size, ByteBuffer through) throws IOException {
    for (int from = 0; from < size; ) {
      if (!through.hasRemaining()) {
        flush(through);
      }
      int some = Math.min(size - from, through.remaining());
      through.put(bytes, from, some);
      from += some;
    }
  }

  private void flush(ByteBuffer through) throws IOException {
    through.flip();
    int octets = through.remaining();
    file.write(length, through);
    length += octets;
    through.clear();
  }

  void force(Force why) throws IOException {
    file.force(why);
  }

  void close() {
    try {
      file.close();
    } catch (IOException nothingLeftToDo) {
      // All that was promised is forced.
    }
  }
}
