package heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineReaderTest {
  /** All that is heard until the end, in words. */
  private static String heard(LineReader in, int limit) throws Exception {
    var words = new StringJoiner(" ");
    for (int i = 0; i < 100; i++) {
      switch (in.hear(limit, Feed.SOON)) {
        case Heard.Line line ->
            words.add(new String(line.octets().toArray(), StandardCharsets.ISO_8859_1));
        case Heard.Flawed flawed -> words.add("(" + flawed.flaw() + ")");
        case Heard.End _ -> {
          return words.add("(END)").toString();
        }
        case Heard.TimedOut _ -> {
          return words.add("(TIME)").toString();
        }
      }
    }
    throw new AssertionError("never ends: " + words);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a line ends at CRLF                           | NOOP\\r\\n                | NOOP (END)
          an empty line is a line                       | \\r\\nQUIT\\r\\n          | ' QUIT (END)'
          lines may come together                       | A\\r\\nB\\r\\nC\\r\\n     | A B C (END)
          half a line is no line                        | A\\r\\nQUI                | A (END)
          nor is one that ends at CR                    | QUIT\\r                   | (END)
          a bare LF does not end a line                 | A\\nB\\r\\nC\\r\\n        | (BARE_LF) C (END)
          nor does a bare LF at its start               | \\nA\\r\\nC\\r\\n         | (BARE_LF) C (END)
          a bare CR does not end a line                 | A\\rB\\r\\nC\\r\\n        | (BARE_CR) C (END)
          a second CR does not either                   | A\\r\\r\\nC\\r\\n         | (BARE_CR) C (END)
          LF CR is two flaws and one answer             | A\\n\\rB\\r\\nC\\r\\n     | (BARE_LF) C (END)
          a NUL is refused                              | A\\0B\\r\\nC\\r\\n        | (NUL) C (END)
          the first flaw is the one named               | A\\0B\\nC\\rD\\r\\nE\\r\\n | (NUL) E (END)
          a line may fill the limit, its CRLF included  | 12345678\\r\\nC\\r\\n     | 12345678 C (END)
          and not one octet more                        | 123456789\\r\\nC\\r\\n    | (TOO_LONG) C (END)
          a CR beyond the limit is not content yet      | 12345678\\rX\\r\\nC\\r\\n | (BARE_CR) C (END)
          a long line is one flaw                       | 1234567890123456789\\n\\0\\r\\nC\\r\\n | (TOO_LONG) C (END)
          other octets are the parser's business        | \\t\u00ff\u007f\\r\\n     | '\t\u00ff\u007f (END)'
          """,
      ignoreLeadingAndTrailingWhitespace = true)
  void a_line_ends_at_crlf_and_at_nothing_else(String sentence, String sent, String expected)
      throws Exception {
    String wire = Feed.unescaped(sent);
    assertEquals(
        Feed.unescaped(expected.replace("\\t", "\t")),
        heard(new LineReader(Feed.of(wire.replace("\\t", "\t"))), 10));
    // The same, octet by octet.
    var cuts = new ArrayList<Integer>();
    for (int i = 1; i < wire.length(); i++) {
      cuts.add(i);
    }
    var drip = new Feed(Feed.latin1(wire.replace("\\t", "\t")), cuts, false);
    assertEquals(expected.replace("\\t", "\t"), heard(new LineReader(drip), 10));
  }

  @Test
  void a_silent_client_times_out_in_the_middle_of_a_line() throws Exception {
    assertEquals("A (TIME)", heard(new LineReader(Feed.silent("A\r\nQUI")), 512));
  }

  @Test
  @Timeout(20)
  void a_client_that_drips_octets_gets_one_deadline_for_the_whole_line() throws Exception {
    LineReader.Source drip =
        (into, off, len, deadline) -> {
          try {
            Thread.sleep(5);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          into[off] = 'a';
          return 1;
        };
    long began = System.nanoTime();
    Heard heard = new LineReader(drip).hear(1_000, Deadline.in(Duration.ofMillis(100)));
    assertEquals(new Heard.TimedOut(), heard);
    assertTrue(System.nanoTime() - began < 5_000_000_000L);
  }

  @Test
  void a_line_that_is_already_here_is_heard_after_the_deadline_too() throws Exception {
    var in = new LineReader(Feed.of("A\r\nB\r\n"));
    in.hear(512, Feed.SOON);
    assertTrue(in.hear(512, Deadline.in(Duration.ZERO)) instanceof Heard.Line);
    assertEquals(new Heard.TimedOut(), in.hear(512, Deadline.in(Duration.ZERO)));
  }

  @Test
  void pending_tells_of_octets_and_line_pending_of_a_whole_line() throws Exception {
    var in = new LineReader(Feed.of("A\r\nB\r\nC\r"));
    assertFalse(in.pending());
    in.hear(512, Feed.SOON);
    assertTrue(in.pending());
    assertTrue(in.linePending());
    in.hear(512, Feed.SOON);
    assertTrue(in.pending());
    assertFalse(in.linePending());
  }

  @Test
  void what_was_sent_in_clear_behind_starttls_can_be_thrown_away() throws Exception {
    var in = new LineReader(Feed.of("STARTTLS\r\nEHLO evil\r\n"));
    in.hear(512, Feed.SOON);
    assertTrue(in.pending());
    in.discardPending();
    assertFalse(in.pending());
    assertEquals(new Heard.End(), in.hear(512, Feed.SOON));
  }

  /** Sends the octet for ever, and counts. */
  private static final class Endless implements LineReader.Source {
    private final byte octet;
    long sent;

    Endless(char octet) {
      this.octet = (byte) octet;
    }

    @Override
    public int read(byte[] into, int off, int len, Deadline deadline) {
      java.util.Arrays.fill(into, off, off + len, octet);
      sent += len;
      return len;
    }
  }

  @Test
  void an_endless_line_is_one_flaw_and_then_the_end_and_is_never_stored() throws Exception {
    for (char octet : List.of('a', '\n', '\r', '\0').toArray(Character[]::new)) {
      var endless = new Endless(octet);
      var in = new LineReader(endless);
      assertTrue(in.hear(512, Feed.SOON) instanceof Heard.Flawed);
      assertEquals(new Heard.End(), in.hear(512, Feed.SOON));
      assertFalse(in.pending());
      assertTrue(endless.sent <= (1 << 20) + 4096, "read " + endless.sent);
    }
  }

  @Test
  void waiting_for_a_line_needs_a_small_block_only_even_after_a_message() throws Exception {
    var feed = Feed.of("x".repeat(40_000) + "\r\n.\r\nNOOP\r\n" + "QUIT\r\n");
    var in = new LineReader(feed);
    new DotReader(in, 100_000, 65_536, n -> Feed.SOON).copyTo(Sink.NOWHERE);
    assertEquals("NOOP QUIT (END)", heard(in, 512));
    assertEquals(2048, in.block().length);
  }

  @Test
  void a_source_of_a_stream_gives_each_read_what_is_left() throws Exception {
    var limits = new ArrayList<Integer>();
    var source =
        LineReader.of(
            new ByteArrayInputStream("A\r\n".getBytes(StandardCharsets.US_ASCII)), limits::add);
    new LineReader(source).hear(512, Deadline.in(Duration.ofSeconds(7)));
    assertEquals(1, limits.size());
    assertTrue(limits.get(0) > 5000 && limits.get(0) <= 7000, limits.toString());
  }

  @Test
  void a_silent_socket_times_out() throws Exception {
    try (var ear = new ServerSocket(0);
        var client = new Socket(ear.getInetAddress(), ear.getLocalPort());
        Socket server = ear.accept()) {
      client.getOutputStream().write("NOOP".getBytes(StandardCharsets.US_ASCII));
      var in = new LineReader(LineReader.of(server.getInputStream(), server::setSoTimeout));
      assertEquals(new Heard.TimedOut(), in.hear(512, Deadline.in(Duration.ofMillis(150))));
    }
  }
}
