package heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChunkReaderTest {
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  private String kept() {
    return kept.toString(StandardCharsets.ISO_8859_1);
  }

  private static ChunkReader reader(LineReader in, long max) {
    return new ChunkReader(in, max, 100, n -> Feed.SOON);
  }

  @Test
  void a_chunk_is_exactly_its_size_and_dots_mean_nothing() throws Exception {
    var feed = Feed.of(".\r\n..\r\nQUIT\r\n");
    var in = new LineReader(feed);
    assertEquals(new Ending.Complete(7, false, 2), reader(in, 100).copyTo(kept::write, 7, true));
    assertEquals(".\r\n..\r\n", kept());
    assertEquals("QUIT\r\n", Feed.rest(in, feed));
  }

  @Test
  void a_message_may_come_in_chunks_and_a_crlf_may_be_cut_in_two() throws Exception {
    var in = new LineReader(Feed.of("abc\r\ndef\r\n"));
    var chunks = reader(in, 100);
    assertEquals(new Ending.Complete(4, false, 3), chunks.copyTo(kept::write, 4, false));
    assertEquals(new Ending.Complete(10, false, 3), chunks.copyTo(kept::write, 6, false));
    assertEquals(new Ending.Complete(10, false, 3), chunks.copyTo(kept::write, 0, true));
    assertEquals("abc\r\ndef\r\n", kept());
  }

  @Test
  void half_a_line_at_the_end_is_made_whole() throws Exception {
    var in = new LineReader(Feed.of("abc\r\nde"));
    assertEquals(new Ending.Complete(9, false, 3), reader(in, 100).copyTo(kept::write, 7, true));
    assertEquals("abc\r\nde\r\n", kept());
  }

  @Test
  void a_message_of_nothing_stays_nothing() throws Exception {
    var in = new LineReader(Feed.of(""));
    assertEquals(new Ending.Complete(0, false, 0), reader(in, 100).copyTo(kept::write, 0, true));
    assertEquals("", kept());
  }

  @Test
  void a_cr_at_the_end_of_the_last_chunk_is_bare() throws Exception {
    var in = new LineReader(Feed.of("abc\r"));
    assertEquals(new Ending.Flawed(Flaw.BARE_CR), reader(in, 100).copyTo(kept::write, 4, true));
  }

  @Test
  void a_cr_at_the_end_of_one_chunk_is_bare_if_the_next_begins_with_another_octet()
      throws Exception {
    var in = new LineReader(Feed.of("abc\rdef\r\n"));
    var chunks = reader(in, 100);
    assertInstanceOf(Ending.Complete.class, chunks.copyTo(kept::write, 4, false));
    assertEquals(new Ending.Flawed(Flaw.BARE_CR), chunks.copyTo(kept::write, 5, true));
  }

  @Test
  void a_flaw_in_one_chunk_refuses_all_that_follow_and_all_are_read() throws Exception {
    var feed = Feed.of("a\nb\r\n" + "fine\r\n" + "QUIT\r\n");
    var in = new LineReader(feed);
    var chunks = reader(in, 100);
    assertEquals(new Ending.Flawed(Flaw.BARE_LF), chunks.copyTo(kept::write, 5, false));
    assertEquals(new Ending.Flawed(Flaw.BARE_LF), chunks.copyTo(kept::write, 6, true));
    assertEquals("a", kept());
    assertEquals("QUIT\r\n", Feed.rest(in, feed));
  }

  @Test
  void a_chunk_that_makes_the_message_too_large_is_read_and_refused() throws Exception {
    var feed = Feed.of("12345678\r\n1\r\nQUIT\r\n");
    var in = new LineReader(feed);
    var chunks = reader(in, 10);
    assertInstanceOf(Ending.Complete.class, chunks.copyTo(kept::write, 10, false));
    assertEquals(new Ending.TooLarge(), chunks.copyTo(kept::write, 3, true));
    assertEquals("QUIT\r\n", Feed.rest(in, feed));
  }

  @Test
  void a_chunk_too_large_to_read_over_is_a_runaway_before_a_single_octet_is_read()
      throws Exception {
    var feed = Feed.of("abc");
    assertEquals(
        new Ending.Runaway(),
        reader(new LineReader(feed), 100).copyTo(kept::write, Long.MAX_VALUE, true));
    assertEquals(0, feed.reads);
  }

  @Test
  void a_client_that_hangs_up_or_says_no_more_within_a_chunk_is_told_apart() throws Exception {
    assertEquals(
        new Ending.End(), reader(new LineReader(Feed.of("abc")), 100).copyTo(kept::write, 4, true));
    assertEquals(
        new Ending.TimedOut(),
        reader(new LineReader(Feed.silent("abc")), 100).copyTo(kept::write, 4, true));
  }

  @Test
  void a_sink_that_fails_is_our_trouble_and_the_client_stays_in_step() throws Exception {
    var feed = Feed.of("a\r\nQUIT\r\n");
    var in = new LineReader(feed);
    Ending ending =
        reader(in, 100)
            .copyTo(
                (b, off, len) -> {
                  throw new IOException("disk full");
                },
                3,
                true);
    assertInstanceOf(Ending.SinkFailed.class, ending);
    assertEquals("QUIT\r\n", Feed.rest(in, feed));
  }
}
