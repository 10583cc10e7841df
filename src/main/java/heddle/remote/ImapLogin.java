package heddle.remote;

import heddle.dial.Echo;
import heddle.mail.Octets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A login as octets, in pieces: behind each but the last the server is waited for. All of it is
 * wiped at the end. Used for one login.
 */
final class ImapLogin implements AutoCloseable {
  /** RFC 7162 §4: "8192 octets" is what a server ought to take as a line. */
  private static final int LONGEST_LINE = 8192;

  private static final int LONGEST_QUOTED = 1024;
  private static final int LONGEST_MINUS = 4096; // RFC 7888 §5

  private final String tag;
  private final List<byte[]> pieces;
  private final byte[] secret;

  private ImapLogin(String tag, List<byte[]> pieces, byte[] secret) {
    this.tag = tag;
    this.pieces = pieces;
    this.secret = secret;
  }

  /**
   * The best that is offered.
   *
   * @param capabilities upper case
   * @return empty where no way of theirs is ours
   */
  static Optional<ImapLogin> of(String tag, Set<String> capabilities, Question question) {
    byte[] name = question.name().getBytes(StandardCharsets.UTF_8);
    if (capabilities.contains("AUTH=PLAIN")) {
      return Optional.of(
          question.password().use(p -> plain(tag, capabilities.contains("SASL-IR"), name, p)));
    }
    // RFC 9051 §6.2.3: "a client implementation MUST NOT send a LOGIN command if the LOGINDISABLED
    // capability is advertised".
    if (capabilities.contains("LOGINDISABLED")) {
      return Optional.empty();
    }
    return Optional.of(question.password().use(p -> login(tag, capabilities, name, p)));
  }

  private static ImapLogin plain(String tag, boolean initial, byte[] name, byte[] password) {
    // RFC 4616 §2: "message = [authzid] UTF8NUL authcid UTF8NUL passwd"
    byte[] message = new byte[name.length + password.length + 2];
    System.arraycopy(name, 0, message, 1, name.length);
    System.arraycopy(password, 0, message, name.length + 2, password.length);
    byte[] coded = Base64.getEncoder().encode(message);
    Arrays.fill(message, (byte) 0);
    String command = tag + " AUTHENTICATE PLAIN";
    var pen = new Pen(command.length() + coded.length + 8);
    pen.text(command);
    if (initial && command.length() + 1 + coded.length + 2 <= LONGEST_LINE) {
      pen.text(" ");
    } else {
      pen.text("\r\n");
      pen.turn();
    }
    pen.octets(coded);
    pen.text("\r\n");
    return new ImapLogin(tag, pen.finish(), coded);
  }

  private static ImapLogin login(
      String tag, Set<String> capabilities, byte[] name, byte[] password) {
    var pen = new Pen(2 * (name.length + password.length) + 64);
    pen.text(tag + " LOGIN ");
    argument(pen, capabilities, name);
    pen.text(" ");
    argument(pen, capabilities, password);
    pen.text("\r\n");
    return new ImapLogin(tag, pen.finish(), escaped(password));
  }

  /** An astring of RFC 9051 §9: quoted where that is safe, else a literal. */
  private static void argument(Pen pen, Set<String> capabilities, byte[] value) {
    if (value.length <= LONGEST_QUOTED && isPrintable(value)) {
      byte[] escaped = escaped(value);
      pen.text("\"");
      pen.octets(escaped);
      pen.text("\"");
      Arrays.fill(escaped, (byte) 0);
      return;
    }
    // RFC 7888 §4 and §5; RFC 9051 §4.3 has LITERAL- built in.
    boolean atOnce =
        capabilities.contains("LITERAL+")
            || value.length <= LONGEST_MINUS
                && (capabilities.contains("LITERAL-") || capabilities.contains("IMAP4REV2"));
    pen.text("{" + value.length + (atOnce ? "+}\r\n" : "}\r\n"));
    if (!atOnce) {
      pen.turn();
    }
    pen.octets(value);
  }

  private static boolean isPrintable(byte[] value) {
    for (byte each : value) {
      if (each < ' ' || each == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static byte[] escaped(byte[] value) {
    byte[] room = new byte[2 * value.length];
    int length = 0;
    for (byte each : value) {
      if (each == '"' || each == '\\') {
        room[length++] = '\\';
      }
      room[length++] = each;
    }
    byte[] escaped = Arrays.copyOf(room, length);
    Arrays.fill(room, (byte) 0);
    return escaped;
  }

  String tag() {
    return tag;
  }

  List<byte[]> pieces() {
    return pieces;
  }

  /** Whether a server's words hold a piece of what we send. */
  boolean isQuotedBy(Octets said) {
    return Echo.quotes(said.toArray(), secret);
  }

  @Override
  public void close() {
    pieces.forEach(piece -> Arrays.fill(piece, (byte) 0));
    Arrays.fill(secret, (byte) 0);
  }

  /** Gathers octets and leaves none behind. */
  private static final class Pen {
    private final ByteBuffer room;
    private final List<byte[]> pieces = new ArrayList<>();

    Pen(int most) {
      room = ByteBuffer.allocate(most);
    }

    void text(String ascii) {
      room.put(ascii.getBytes(StandardCharsets.US_ASCII));
    }

    void octets(byte[] octets) {
      room.put(octets);
    }

    /** What follows waits for the server. */
    void turn() {
      pieces.add(Arrays.copyOf(room.array(), room.position()));
      room.clear();
    }

    List<byte[]> finish() {
      turn();
      Arrays.fill(room.array(), (byte) 0);
      return pieces;
    }
  }
}
