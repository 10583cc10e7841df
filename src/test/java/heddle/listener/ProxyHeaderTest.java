package heddle.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import heddle.peer.RemoteAddress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static ProxyHeader.Said read(byte[] octets) throws Exception {
    var in = new ByteArrayInputStream(octets);
    // One octet at a time, as slowly as a line may drip.
    return ProxyHeader.read((into, off, len) -> in.read(into, off, Math.min(len, 1)));
  }

  private static ProxyHeader.Said line(String text) throws Exception {
    return read(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String told(ProxyHeader.Said said) {
    return switch (said) {
      case ProxyHeader.Said.Relayed(var client, var server) -> client + " to " + server;
      case ProxyHeader.Said.Own _ -> "own";
      case ProxyHeader.Said.Unknown _ -> "unknown";
      case ProxyHeader.Said.Nothing _ -> "nothing";
      case ProxyHeader.Said.Broken(var why) -> why;
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PROXY TCP4 192.0.2.1 198.51.100.9 56324 465  | 192.0.2.1:56324 to 198.51.100.9:465
          PROXY TCP6 2001:db8::1 2001:db8::2 1 65535   | [2001:db8:0:0:0:0:0:1]:1 to [2001:db8:0:0:0:0:0:2]:65535
          PROXY TCP6 ::ffff:192.0.2.1 ::1 0 25         | 192.0.2.1:0 to [0:0:0:0:0:0:0:1]:25
          PROXY UNKNOWN                                | unknown
          PROXY UNKNOWN what ever it may be            | unknown
          PROXY TCP4 192.0.2.1 198.51.100.9 56324      | its line is not understood
          PROXY TCP4 192.0.2.1 198.51.100.9 1 2 3      | its line is not understood
          PROXY TCP5 192.0.2.1 198.51.100.9 1 2        | its line is not understood
          PROXY                                        | its line is not understood
          PROXY TCP4 192.0.2.01 198.51.100.9 1 2       | an address or a port of it is none
          PROXY TCP4 192.0.2.256 198.51.100.9 1 2      | an address or a port of it is none
          PROXY TCP4 192.0.2.1/8 198.51.100.9 1 2      | an address or a port of it is none
          PROXY TCP4 2001:db8::1 198.51.100.9 1 2      | an address or a port of it is none
          PROXY TCP6 192.0.2.1 198.51.100.9 1 2        | an address or a port of it is none
          PROXY TCP4 192.0.2.1 198.51.100.9 1 65536    | an address or a port of it is none
          PROXY TCP4 192.0.2.1 198.51.100.9 01 2       | an address or a port of it is none
          PROXY TCP4 192.0.2.1 198.51.100.9 +1 2       | an address or a port of it is none
          PROXY  TCP4 192.0.2.1 198.51.100.9 1 2       | its line is not understood
          EHLO client                                  | there is none
          PROXIES                                      | there is none
          """)
  void version_1(String line, String expected) throws Exception {
    assertEquals(expected, told(line(line + "\r\n")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"P", "PROXY TCP4 192.0.2.1 198.51.100.9 1 2", "PROXY TCP4\n", "\r\n\r\n\0\r"})
  void what_ends_too_early_is_broken(String text) throws Exception {
    assertEquals("the connection ended within it", told(line(text)));
  }

  @Test
  void who_only_looks_whether_we_are_there_says_nothing() throws Exception {
    assertEquals("nothing", told(line("")));
  }

  @Test
  void a_line_has_107_characters_at_most() throws Exception {
    assertEquals("unknown", told(line("PROXY UNKNOWN " + "x".repeat(91) + "\r\n")));
    assertEquals("its line is too long", told(line("PROXY UNKNOWN " + "x".repeat(92) + "\r\n")));
    assertEquals("its line is too long", told(line("PROXY UNKNOWN " + "x".repeat(9_999))));
  }

  private static byte[] block(int command, int family, byte[] rest) {
    var out = new ByteArrayOutputStream();
    out.writeBytes("\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII)); // §2.2
    out.write(command);
    out.write(family);
    out.write(rest.length >> 8);
    out.write(rest.length);
    out.writeBytes(rest);
    return out.toByteArray();
  }

  private static final byte[] FOUR = {(byte) 192, 0, 2, 1, (byte) 198, 51, 100, 9, 0, 7, 1, -47};

  private static byte[] and(byte[] first, int... more) {
    byte[] all = java.util.Arrays.copyOf(first, first.length + more.length);
    for (int i = 0; i < more.length; i++) {
      all[first.length + i] = (byte) more[i];
    }
    return all;
  }

  @Test
  void version_2() throws Exception {
    assertEquals("192.0.2.1:7 to 198.51.100.9:465", told(read(block(0x21, 0x11, FOUR))));
    assertEquals("own", told(read(block(0x20, 0x00, new byte[0]))));
    assertEquals("own", told(read(block(0x20, 0x11, FOUR))));
    assertEquals("unknown", told(read(block(0x21, 0x00, new byte[9]))));
    assertEquals("unknown", told(read(block(0x21, 0x31, new byte[216]))));
    byte[] six = new byte[36];
    six[0] = 0x20;
    six[1] = 1;
    six[31] = 1;
    six[33] = 9;
    assertEquals(
        "[2001:0:0:0:0:0:0:0]:9 to [0:0:0:0:0:0:0:1]:0", told(read(block(0x21, 0x21, six))));
  }

  @Test
  void a_broken_block_is_not_guessed_at() throws Exception {
    String command = "its version or its command is unknown";
    assertEquals(command, told(read(block(0x11, 0x11, FOUR))));
    assertEquals(command, told(read(block(0x22, 0x11, FOUR))));
    assertEquals("its family or its protocol is unknown", told(read(block(0x21, 0x12, FOUR))));
    assertEquals("it is shorter than its addresses", told(read(block(0x21, 0x21, FOUR))));
    String cut = "what it adds is cut off";
    assertEquals(cut, told(read(block(0x21, 0x11, and(FOUR, 1, 0)))));
    assertEquals(cut, told(read(block(0x21, 0x11, and(FOUR, 1, 0, 2, 9)))));
    byte[] noSignature = block(0x21, 0x11, FOUR);
    noSignature[7] = 'q';
    assertEquals("there is none", told(read(noSignature)));
    assertEquals(
        "the connection ended within it",
        told(read(java.util.Arrays.copyOf(block(0x21, 0x11, FOUR), 20))));
  }

  @Test
  void a_checksum_must_be_right() throws Exception {
    byte[] whole = block(0x21, 0x11, and(FOUR, 0x04, 0, 1, 9, 0x03, 0, 4, 0, 0, 0, 0));
    var sum = new CRC32C();
    sum.update(whole);
    ByteBuffer.wrap(whole).putInt(whole.length - 4, (int) sum.getValue());
    assertEquals("192.0.2.1:7 to 198.51.100.9:465", told(read(whole)));
    whole[16] ^= 1; // another client
    assertEquals("its checksum is wrong", told(read(whole)));
    assertEquals(
        "its checksum is wrong", told(read(block(0x21, 0x11, and(FOUR, 0x03, 0, 2, 0, 0)))));
  }

  // ---- the law: what is valid is read to its last octet and no further; what is not does no harm

  private record Sample(RemoteAddress client, RemoteAddress server, byte[] octets) {}

  @Provide
  Arbitrary<Sample> samples() {
    Arbitrary<Integer> port = Arbitraries.integers().between(0, 65_535);
    Arbitrary<byte[]> four = Arbitraries.bytes().array(byte[].class).ofSize(4);
    Arbitrary<byte[]> six = Arbitraries.bytes().array(byte[].class).ofSize(16);
    Arbitrary<byte[]> addresses =
        Arbitraries.of(four, six)
            .flatMap(a -> a.tuple2())
            .map(
                pair -> {
                  byte[] both = java.util.Arrays.copyOf(pair.get1(), 2 * pair.get1().length);
                  System.arraycopy(pair.get2(), 0, both, pair.get1().length, pair.get1().length);
                  return both;
                });
    return Combinators.combine(addresses, port, port, Arbitraries.of(true, false))
        .as(ProxyHeaderTest::sample);
  }

  private static Sample sample(byte[] both, int clientPort, int serverPort, boolean text) {
    try {
      int size = both.length / 2;
      InetAddress client = InetAddress.getByAddress(java.util.Arrays.copyOf(both, size));
      InetAddress server =
          InetAddress.getByAddress(java.util.Arrays.copyOfRange(both, size, 2 * size));
      byte[] rest = and(both, clientPort >> 8, clientPort, serverPort >> 8, serverPort);
      boolean written =
          text && client.getAddress().length == size && server.getAddress().length == size;
      String line =
          "PROXY TCP%d %s %s %d %d\r\n"
              .formatted(
                  size == 4 ? 4 : 6,
                  client.getHostAddress(),
                  server.getHostAddress(),
                  clientPort,
                  serverPort);
      return new Sample(
          new RemoteAddress(client, clientPort),
          new RemoteAddress(server, serverPort),
          written
              ? line.getBytes(StandardCharsets.US_ASCII)
              : block(0x21, size == 4 ? 0x11 : 0x21, rest));
    } catch (java.net.UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Property
  void what_follows_stays_on_the_line(@ForAll("samples") Sample sample) throws Exception {
    var in = new ByteArrayInputStream(and(sample.octets(), 'E', 'H', 'L', 'O'));
    var said = ProxyHeader.read(in::read);
    assertEquals(new ProxyHeader.Said.Relayed(sample.client(), sample.server()), said);
    assertEquals("EHLO", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
  }

  @Property(tries = 5_000)
  void a_changed_octet_does_no_harm(
      @ForAll("samples") Sample sample, @ForAll int where, @ForAll byte what) throws Exception {
    byte[] octets = sample.octets().clone();
    octets[Math.floorMod(where, octets.length)] = what;
    ProxyHeader.Said said = read(octets);
    assertInstanceOf(ProxyHeader.Said.class, said);
    Statistics.collect(said.getClass().getSimpleName());
    Statistics.coverage(
        c -> {
          c.check("Relayed").count(n -> n > 100);
          c.check("Broken").count(n -> n > 100);
        });
  }
}
