package heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotReaderTest {
  private static final int MAX_LINE = 20;

  /** What the sink got, how it ended, and what is left on the line. */
  private static String[] read(Feed feed, long maxOctets) throws Exception {
    var kept = new ByteArrayOutputStream();
    var in = new LineReader(feed);
    Ending ending = new DotReader(in, maxOctets, MAX_LINE, n -> Feed.SOON).copyTo(kept::write);
    String word =
        switch (ending) {
          case Ending.Complete c -> {
            assertEquals(kept.size(), c.octets());
            yield "COMPLETE";
          }
          case Ending.Flawed f -> f.flaw().name();
          case Ending.TooLarge _ -> "TOO_LARGE";
          case Ending.Runaway _ -> "RUNAWAY";
          case Ending.TimedOut _ -> "TIME";
          case Ending.End _ -> "END";
          case Ending.SinkFailed _ -> "SINK";
        };
    return new String[] {
      Feed.escaped(kept.toString(StandardCharsets.ISO_8859_1)),
      word,
      Feed.escaped(Feed.rest(in, feed))
    };
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a message ends at CRLF dot CRLF               | Hi\\r\\n.\\r\\n                | Hi\\r\\n          | COMPLETE | ''
          what follows is a command                     | Hi\\r\\n.\\r\\nQUIT\\r\\n      | Hi\\r\\n          | COMPLETE | QUIT\\r\\n
          an empty message is a message                 | .\\r\\nQUIT\\r\\n              | ''                | COMPLETE | QUIT\\r\\n
          an empty line is a line                       | \\r\\n.\\r\\n                  | \\r\\n            | COMPLETE | ''
          the first dot of a line falls                 | ..a\\r\\n.\\r\\n               | .a\\r\\n          | COMPLETE | ''
          whether it is doubled or not                  | .a\\r\\n.\\r\\n                | a\\r\\n           | COMPLETE | ''
          a line of one dot comes as two                | a\\r\\n..\\r\\n.\\r\\n         | a\\r\\n.\\r\\n    | COMPLETE | ''
          only one dot falls                            | ....\\r\\n.\\r\\n              | ...\\r\\n         | COMPLETE | ''
          a dot within a line stays                     | a.\\r\\nb.c\\r\\n.\\r\\n       | a.\\r\\nb.c\\r\\n | COMPLETE | ''
          a line may have the limit                     | 12345678901234567890\\r\\n.\\r\\n | 12345678901234567890\\r\\n | COMPLETE | ''
          its transfer dot is not counted               | .12345678901234567890\\r\\n.\\r\\n | 12345678901234567890\\r\\n | COMPLETE | ''
          and not one octet more                        | 123456789012345678901\\r\\nb\\r\\n.\\r\\nQUIT\\r\\n | 12345678901234567890 | TOO_LONG | QUIT\\r\\n
          a bare LF is a flaw                           | a\\nb\\r\\n.\\r\\nQUIT\\r\\n   | a                 | BARE_LF  | QUIT\\r\\n
          a bare CR is a flaw                           | a\\rb\\r\\n.\\r\\nQUIT\\r\\n   | a\\r              | BARE_CR  | QUIT\\r\\n
          a NUL is a flaw                               | a\\0b\\r\\n.\\r\\nQUIT\\r\\n   | a                 | NUL      | QUIT\\r\\n
          the first flaw is the one named               | a\\0\\n\\rb\\r\\n.\\r\\n       | a                 | NUL      | ''
          a flawed message is read to its real end      | a\\nb\\r\\nc\\r\\n.\\r\\nQUIT\\r\\n | a            | BARE_LF  | QUIT\\r\\n
          CR CR LF is a bare CR, then a line end        | a\\r\\r\\n.\\r\\nQUIT\\r\\n    | a\\r              | BARE_CR  | QUIT\\r\\n
          a client that hangs up sent no message        | a\\r\\n                       | a\\r\\n           | END      | ''
          nor does a dot without its CRLF end one       | a\\r\\n.                      | a\\r\\n           | END      | ''
          nor a dot with half of it                     | a\\r\\n.\\r                   | a\\r\\n           | END      | ''
          """)
  void data_reads_as_rfc_5321_says(
      String sentence, String sent, String kept, String ending, String left) throws Exception {
    String wire = Feed.unescaped(sent);
    String[] expected = {kept, ending, left};
    assertEquals(Arrays.asList(expected), Arrays.asList(read(Feed.of(wire), 1000)));
    var cuts = new ArrayList<Integer>();
    for (int i = 1; i < wire.length(); i++) {
      cuts.add(i);
    }
    var drip = new Feed(Feed.latin1(wire), cuts, false);
    assertEquals(Arrays.asList(expected), Arrays.asList(read(drip, 1000)));
  }

  @ParameterizedTest(name = "a message does not end at {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          \\n.\\n             | BARE_LF
          \\n.\\r\\n          | BARE_LF
          \\n..\\r\\n         | BARE_LF
          \\r.\\r             | BARE_CR
          \\r.\\r\\n          | BARE_CR
          \\r.\\n             | BARE_CR
          \\r\\n.\\n          | BARE_LF
          \\r\\n.\\r          | BARE_CR
          \\r\\n.\\r\\r\\n    | BARE_CR
          \\r\\n\\r.\\r\\n    | BARE_CR
          \\r\\n.\\r.\\r\\n   | BARE_CR
          \\n\\r.\\r\\n       | BARE_LF
          \\n\\n.\\r\\n       | BARE_LF
          \\r\\n\\0.\\r\\n    | NUL
          \\r\\n.\\0\\r\\n    | NUL
          \\r\\0\\n.\\r\\n    | BARE_CR
          \\r\\n.\\r\\0\\n    | BARE_CR
          \\0\\n.\\n          | NUL
          \\r\\n\\n.\\r\\n    | BARE_LF
          \\r\\r.\\r\\r       | BARE_CR
          \\r\\n.\\n\\r\\n    | BARE_LF
          """)
  void a_smuggled_end_is_no_end(String smuggled, Flaw flaw) throws Exception {
    String second = "MAIL FROM:<ceo@example.org>\r\nRCPT TO:<b@c>\r\nDATA\r\nevil\r\n";
    String wire = "Hi" + Feed.unescaped(smuggled) + second + ".\r\nQUIT\r\n";
    String[] seen = read(Feed.of(wire), 1000);
    assertEquals(flaw.name(), seen[1]);
    assertEquals("QUIT\\r\\n", seen[2], "all of it was one message");
    assertTrue(!seen[0].contains("ceo"), seen[0]);
  }

  @Test
  void a_message_of_exactly_the_limit_is_taken_and_one_octet_more_is_not() throws Exception {
    assertEquals("COMPLETE", read(Feed.of("12345678\r\n.\r\nQUIT\r\n"), 10)[1]);
    String[] more = read(Feed.of("123456789\r\n.\r\nQUIT\r\n"), 10);
    assertEquals("TOO_LARGE", more[1]);
    assertEquals("QUIT\\r\\n", more[2], "it was read to its end");
    // RFC 1870 §5 counts neither the last dot nor the doubled ones.
    assertEquals("COMPLETE", read(Feed.of("..345678\r\n..\r\n.\r\n"), 12)[1]);
  }

  @Test
  void a_client_that_says_no_more_times_out() throws Exception {
    assertEquals("TIME", read(Feed.silent("a\r\n."), 1000)[1]);
  }

  @Test
  void what_is_eight_bit_and_how_long_the_longest_line_was_is_told() throws Exception {
    assertEquals(new Ending.Complete(9, false, 3), ending("abc\r\n..x\r\n.\r\n", 100));
    assertEquals(new Ending.Complete(9, true, 4), ending("abc\u00e9\r\n.x\r\n.\r\n", 100));
    assertEquals(new Ending.Complete(0, false, 0), ending(".\r\n", 100));
  }

  private static Ending ending(String wire, long max) throws Exception {
    return new DotReader(new LineReader(Feed.of(wire)), max, MAX_LINE, n -> Feed.SOON)
        .copyTo(Sink.NOWHERE);
  }

  @Test
  void a_sink_that_fails_is_our_trouble_and_the_client_stays_in_step() throws Exception {
    var feed = Feed.of("a\r\nb\r\n.\r\nQUIT\r\n");
    var in = new LineReader(feed);
    Ending ending =
        new DotReader(in, 100, MAX_LINE, n -> Feed.SOON)
            .copyTo(
                (b, off, len) -> {
                  throw new IOException("disk full");
                });
    assertEquals(
        "disk full", assertInstanceOf(Ending.SinkFailed.class, ending).cause().getMessage());
    assertEquals("QUIT\r\n", Feed.rest(in, feed));
  }

  @Test
  void a_connection_that_breaks_is_told_as_such() {
    var in =
        new LineReader(
            (into, off, len, deadline) -> {
              throw new IOException("connection reset");
            });
    var reader = new DotReader(in, 100, MAX_LINE, n -> Feed.SOON);
    assertThrows(IOException.class, () -> reader.copyTo(Sink.NOWHERE));
  }

  @Test
  void an_endless_message_is_read_up_to_a_cap_and_never_stored() throws Exception {
    long[] sent = {0};
    long[] kept = {0};
    byte[] line = Feed.latin1("0123456789ab\r\n");
    LineReader.Source endless =
        (into, off, len, deadline) -> {
          for (int i = 0; i < len; i++) {
            into[off + i] = line[(int) (sent[0]++ % line.length)];
          }
          return len;
        };
    Ending ending =
        new DotReader(new LineReader(endless), 500_000, MAX_LINE, n -> Feed.SOON)
            .copyTo((b, off, len) -> kept[0] += len);
    assertEquals(new Ending.Runaway(), ending);
    assertTrue(kept[0] > 400_000 && kept[0] <= 500_000, "kept " + kept[0]);
    assertTrue(sent[0] >= 2_000_000 && sent[0] < 2_100_000, "sent " + sent[0]);
  }

  @Test
  void the_pace_is_asked_before_each_read_with_what_came_so_far() throws Exception {
    var asked = new ArrayList<Long>();
    byte[] wire = Feed.latin1("abc\r\ndef\r\n.\r\n");
    var feed = new Feed(wire, java.util.List.of(4, 10), false);
    new DotReader(
            new LineReader(feed),
            100,
            MAX_LINE,
            n -> {
              asked.add(n);
              return Feed.SOON;
            })
        .copyTo(Sink.NOWHERE);
    assertEquals(java.util.List.of(0L, 4L, 10L), asked);
  }

  @Test
  @Timeout(20)
  void a_client_below_the_minimum_rate_is_cut_off_however_busy_it_looks() throws Exception {
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
    Pace pace = Pace.from(Deadline.in(Duration.ofHours(1)), Duration.ofMillis(100), 1000);
    assertEquals(
        new Ending.TimedOut(),
        new DotReader(new LineReader(drip), 1 << 20, 1 << 16, pace).copyTo(Sink.NOWHERE));
  }

  @Test
  void the_pace_never_goes_beyond_the_whole() {
    Deadline whole = Deadline.in(Duration.ofSeconds(20));
    Pace pace = Pace.from(whole, Duration.ofSeconds(10), 1000);
    assertTrue(pace.due(0).left().compareTo(Duration.ofSeconds(11)) < 0);
    assertTrue(pace.due(5000).left().compareTo(Duration.ofSeconds(14)) > 0);
    assertEquals(whole, pace.due(1 << 30));
  }
}
