package heddle.listener;

import heddle.peer.Network;
import heddle.peer.RemoteAddress;
import java.io.EOFException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * The line or block that a proxy sends before the first octet of its client: version 1 or 2 of
 * HAProxy's PROXY protocol (proxy-protocol.txt of 2.9; its sections are named below).
 */
final class ProxyHeader {
  /** §2.1: "107 chars for the worst case", CRLF included. */
  private static final int LONGEST_LINE = 107;

  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final int FIXED = 16;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;
  private static final int UNIX = 0x31;
  private static final int CRC32C_TLV = 0x03;

  /** What it says. */
  sealed interface Said {
    record Relayed(RemoteAddress client, RemoteAddress server) implements Said {}

    /** The proxy speaks for itself: the connection's own ends count. */
    record Own() implements Said {}

    /** It speaks for somebody, and does not say for whom. */
    record Unknown() implements Said {}

    /** Somebody only looked whether we are there. */
    record Nothing() implements Said {}

    /** §4: "the receiver ... must not try to guess". */
    record Broken(String why) implements Said {}
  }

  /** Reads one octet or more, as {@link java.io.InputStream#read(byte[], int, int)} does. */
  interface Source {
    int read(byte[] into, int off, int len) throws IOException;
  }

  private final Source source;

  private ProxyHeader(Source source) {
    this.source = source;
  }

  /** Takes the header and not one octet more. */
  static Said read(Source source) throws IOException {
    try {
      return new ProxyHeader(source).said();
    } catch (EOFException early) {
      return new Said.Broken("the connection ended within it");
    }
  }

  private Said said() throws IOException {
    byte[] first = new byte[1];
    if (source.read(first, 0, 1) < 0) {
      return new Said.Nothing();
    }
    return switch (first[0]) {
      case 'P' -> line();
      case 0x0d -> block();
      default -> new Said.Broken("there is none");
    };
  }

  private byte[] exactly(int count) throws IOException {
    var octets = new byte[count];
    for (int have = 0; have < count; ) {
      int came = source.read(octets, have, count - have);
      if (came < 0) {
        throw new EOFException();
      }
      have += came;
    }
    return octets;
  }

  // ---- version 1 (§2.1)

  private Said line() throws IOException {
    var line = new StringBuilder("P");
    while (!line.toString().endsWith("\r\n")) {
      if (line.length() == LONGEST_LINE) {
        return new Said.Broken("its line is too long");
      }
      char c = (char) (exactly(1)[0] & 0xff);
      if ("PROXY".length() >= line.length() + 1 && "PROXY".charAt(line.length()) != c) {
        return new Said.Broken("there is none");
      }
      line.append(c);
    }
    return line(line.substring(0, line.length() - 2).split(" ", -1));
  }

  private static Said line(String[] words) {
    if (words.length >= 2 && words[0].equals("PROXY") && words[1].equals("UNKNOWN")) {
      // "the receiver must ignore anything presented before the CRLF is found".
      return new Said.Unknown();
    }
    boolean four = words.length > 1 && words[1].equals("TCP4");
    boolean six = words.length > 1 && words[1].equals("TCP6");
    if (!words[0].equals("PROXY") || words.length != 6 || !four && !six) {
      return new Said.Broken("its line is not understood");
    }
    Optional<InetAddress> client = address(words[2], six);
    Optional<InetAddress> server = address(words[3], six);
    OptionalInt clientPort = port(words[4]);
    OptionalInt serverPort = port(words[5]);
    return client.isPresent()
            && server.isPresent()
            && clientPort.isPresent()
            && serverPort.isPresent()
        ? new Said.Relayed(
            new RemoteAddress(client.get(), clientPort.getAsInt()),
            new RemoteAddress(server.get(), serverPort.getAsInt()))
        : new Said.Broken("an address or a port of it is none");
  }

  private static Optional<InetAddress> address(String digits, boolean six) {
    boolean form =
        six
            ? digits.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
            : digits.matches("(?:0|[1-9][0-9]{0,2})(?:\\.(?:0|[1-9][0-9]{0,2})){3}");
    return form ? Network.parse(digits).map(Network::address) : Optional.empty();
  }

  private static OptionalInt port(String digits) {
    return digits.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(digits) <= 65_535
        ? OptionalInt.of(Integer.parseInt(digits))
        : OptionalInt.empty();
  }

  // ---- version 2 (§2.2)

  private Said block() throws IOException {
    byte[] head = Arrays.copyOf(new byte[] {0x0d}, FIXED);
    System.arraycopy(exactly(FIXED - 1), 0, head, 1, FIXED - 1);
    if (!Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
      return new Said.Broken("there is none");
    }
    int version = (head[12] & 0xf0) >> 4;
    int command = head[12] & 0x0f;
    int family = head[13] & 0xff;
    byte[] rest = exactly((head[14] & 0xff) << 8 | head[15] & 0xff);
    if (version != 2 || command > 1) {
      return new Said.Broken("its version or its command is unknown");
    }
    if (command == 0) {
      return new Said.Own(); // LOCAL: the proxy looks after itself
    }
    return switch (family) {
      case TCP4 -> relayed(head, rest, 4);
      case TCP6 -> relayed(head, rest, 16);
      case 0, UNIX -> new Said.Unknown(); // no address that means anything here
      default -> new Said.Broken("its family or its protocol is unknown");
    };
  }

  private static Said relayed(byte[] head, byte[] rest, int size) throws IOException {
    int addresses = 2 * size + 4;
    if (rest.length < addresses) {
      return new Said.Broken("it is shorter than its addresses");
    }
    Optional<String> flaw = flaw(head, rest, addresses);
    if (flaw.isPresent()) {
      return new Said.Broken(flaw.get());
    }
    ByteBuffer in = ByteBuffer.wrap(rest);
    InetAddress client = address(in, size);
    InetAddress server = address(in, size);
    int clientPort = in.getShort() & 0xffff;
    int serverPort = in.getShort() & 0xffff;
    return new Said.Relayed(
        new RemoteAddress(client, clientPort), new RemoteAddress(server, serverPort));
  }

  private static InetAddress address(ByteBuffer in, int size) throws IOException {
    var octets = new byte[size];
    in.get(octets);
    return size == 16 ? Inet6Address.getByAddress(octets) : InetAddress.getByAddress(octets);
  }

  /**
   * What the proxy adds to the addresses is hearsay, and nothing of it is used; but it must hold
   * together, and where it has a checksum, that must be right.
   */
  private static Optional<String> flaw(byte[] head, byte[] rest, int from) {
    for (int at = from; at < rest.length; ) {
      if (rest.length - at < 3) {
        return Optional.of("what it adds is cut off");
      }
      int type = rest[at] & 0xff;
      int length = (rest[at + 1] & 0xff) << 8 | rest[at + 2] & 0xff;
      at += 3;
      if (length > rest.length - at) {
        return Optional.of("what it adds is cut off");
      }
      if (type == CRC32C_TLV && (length != 4 || !checksumIsRight(head, rest, at))) {
        // §2.2.3: "If the checksum ... is present ... the receiver ... must abort".
        return Optional.of("its checksum is wrong");
      }
      at += length;
    }
    return Optional.empty();
  }

  private static boolean checksumIsRight(byte[] head, byte[] rest, int at) {
    byte[] blank = rest.clone();
    Arrays.fill(blank, at, at + 4, (byte) 0);
    var sum = new CRC32C();
    sum.update(head);
    sum.update(blank);
    return (int) sum.getValue() == ByteBuffer.wrap(rest, at, 4).getInt();
  }
}
