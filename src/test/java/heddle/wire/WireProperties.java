package heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** Laws of the wire, held against readings of their own that know nothing of blocks. */
class WireProperties {
  private static final int MAX_LINE = 12;
  private static final Pattern FLAW =
      Pattern.compile("\r(?!\n)|(?<!\r)\n|\0|(?<=^|\r\n)[^\r\n\0]{" + (MAX_LINE + 1) + "}");

  record Outcome(Ending ending, String kept, String left) {}

  /** Octets that are nearly all line ends and dots: every form of smuggling is in here. */
  @Provide
  Arbitrary<String> soup() {
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(6, Arbitraries.just("\r\n")),
            net.jqwik.api.Tuple.of(4, Arbitraries.just(".")),
            net.jqwik.api.Tuple.of(3, Arbitraries.just("\r\n.\r\n")),
            net.jqwik.api.Tuple.of(6, Arbitraries.of("a", "\u00e9", "bcd", "\t")),
            net.jqwik.api.Tuple.of(1, Arbitraries.of("\r", "\n", "\0", "\r\n.\n", "\n.\r\n")))
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  /** Whole lines. */
  @Provide
  Arbitrary<String> message() {
    return Arbitraries.strings()
        .withChars(".a \u00ff")
        .ofMaxLength(MAX_LINE - 2)
        .list()
        .ofMaxSize(20)
        .map(lines -> lines.isEmpty() ? "" : String.join("\r\n", lines) + "\r\n");
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 150).list().ofMaxSize(60);
  }

  private static Outcome data(String wire, List<Integer> cuts, long max) throws IOException {
    var feed = new Feed(Feed.latin1(wire), cuts, false);
    var in = new LineReader(feed);
    var kept = new ByteArrayOutputStream();
    Ending ending = new DotReader(in, max, MAX_LINE, n -> Feed.SOON).copyTo(kept::write);
    return new Outcome(ending, kept.toString(StandardCharsets.ISO_8859_1), Feed.rest(in, feed));
  }

  /** The message by the letter of RFC 5321 §4.5.2, or null where it never ends. */
  private static String byTheLetter(String wire) {
    int end = ("\r\n" + wire).indexOf("\r\n.\r\n");
    return end < 0 ? null : wire.substring(0, end);
  }

  @Property(tries = 3000)
  void a_message_ends_where_the_letter_says_and_nowhere_else(
      @ForAll("soup") String wire, @ForAll("cuts") List<Integer> cuts) throws IOException {
    Outcome seen = data(wire, cuts, 10_000);
    String body = byTheLetter(wire);
    if (body == null) {
      assertEquals(new Ending.End(), seen.ending());
      assertEquals("", seen.left());
      Statistics.label("ending").collect("never");
      return;
    }
    assertEquals(wire.substring(body.length() + 3), seen.left());
    String message = ("\r\n" + body).replace("\r\n.", "\r\n").substring(2);
    boolean flawed =
        FLAW.matcher(message).find() || FLAW.matcher(body).find() && bareCrBehindDot(body);
    if (flawed) {
      assertEquals(Ending.Flawed.class, seen.ending().getClass());
    } else {
      assertEquals(message, seen.kept());
      boolean eightBit = message.chars().anyMatch(c -> c > 127);
      int longest = message.lines().mapToInt(String::length).max().orElse(0);
      assertEquals(new Ending.Complete(message.length(), eightBit, longest), seen.ending());
    }
    Statistics.label("ending").collect(flawed ? "flawed" : "complete");
    Statistics.label("ending")
        .coverage(
            c -> {
              c.check("flawed").percentage(p -> p > 5);
              c.check("complete").percentage(p -> p > 5);
              c.check("never").percentage(p -> p > 5);
            });
  }

  /** In "\r\n.\r.": the dot falls, and the CR behind it is bare all the same. */
  private static boolean bareCrBehindDot(String body) {
    return ("\r\n" + body).contains("\r\n.\r");
  }

  @Property(tries = 3000)
  void how_the_octets_are_cut_into_reads_makes_no_difference(
      @ForAll("soup") String wire, @ForAll("cuts") List<Integer> cuts) throws IOException {
    for (long max : new long[] {7, 10_000}) {
      Outcome whole = data(wire, List.of(), max);
      Outcome cut = data(wire, cuts, max);
      assertEquals(whole.ending(), cut.ending());
      assertEquals(whole.left(), cut.left());
      if (whole.ending() instanceof Ending.Complete) {
        assertEquals(whole.kept(), cut.kept());
      }
      Statistics.label("ending of " + max).collect(whole.ending().getClass().getSimpleName());
    }
    Statistics.label("ending of 7")
        .coverage(
            c -> {
              c.check("Complete").count(n -> n > 0);
              c.check("TooLarge").count(n -> n > 0);
              c.check("Flawed").count(n -> n > 0);
            });
  }

  @Property(tries = 2000)
  void a_stuffed_message_comes_out_as_it_went_in(
      @ForAll("message") String message, @ForAll("cuts") List<Integer> cuts) throws IOException {
    Outcome seen = data(DotStuffing.stuffed(message) + "QUIT\r\n", cuts, 10_000);
    assertEquals(message, seen.kept());
    assertEquals("QUIT\r\n", seen.left());
    assertEquals(Ending.Complete.class, seen.ending().getClass());
    Statistics.label("dots").collect(("\r\n" + message).contains("\r\n."));
    Statistics.label("dots").coverage(c -> c.check(true).percentage(p -> p > 10));
  }

  @Property(tries = 2000)
  void chunks_and_reads_may_be_cut_anywhere(
      @ForAll("soup") String wire,
      @ForAll("cuts") List<Integer> reads,
      @ForAll("cuts") List<Integer> chunkEnds)
      throws IOException {
    var kept = new ByteArrayOutputStream();
    var chunks =
        new ChunkReader(
            new LineReader(new Feed(Feed.latin1(wire), reads, false)),
            10_000,
            MAX_LINE,
            n -> Feed.SOON);
    Ending ending = new Ending.End();
    List<Integer> ends = chunkEnds.stream().filter(e -> e < wire.length()).sorted().toList();
    int from = 0;
    for (int end : ends) {
      chunks.copyTo(kept::write, end - from, false);
      from = end;
    }
    ending = chunks.copyTo(kept::write, wire.length() - from, true);
    boolean flawed = FLAW.matcher(wire).find();
    if (flawed) {
      assertEquals(Ending.Flawed.class, ending.getClass());
    } else {
      String whole = wire.isEmpty() || wire.endsWith("\r\n") ? wire : wire + "\r\n";
      assertEquals(whole, kept.toString(StandardCharsets.ISO_8859_1));
      assertEquals(Ending.Complete.class, ending.getClass());
    }
    Statistics.label("flawed").collect(flawed);
    Statistics.label("flawed")
        .coverage(
            c -> {
              c.check(true).percentage(p -> p > 5);
              c.check(false).percentage(p -> p > 5);
            });
  }

  @Property(tries = 3000)
  void lines_are_what_stands_between_crlfs(
      @ForAll("soup") String wire, @ForAll("cuts") List<Integer> cuts) throws IOException {
    var in = new LineReader(new Feed(Feed.latin1(wire), cuts, false));
    for (String rest = wire; ; ) {
      int end = rest.indexOf("\r\n");
      Heard heard = in.hear(MAX_LINE + 2, Feed.SOON);
      if (end < 0) {
        assertEquals(new Heard.End(), heard);
        return;
      }
      String line = rest.substring(0, end);
      boolean flawed = FLAW.matcher(line + "\r\n").find();
      switch (heard) {
        case Heard.Line fine -> {
          assertEquals(line, new String(fine.octets().toArray(), StandardCharsets.ISO_8859_1));
          assertEquals(false, flawed, Feed.escaped(line));
        }
        case Heard.Flawed _ -> assertEquals(true, flawed, Feed.escaped(line));
        case Heard.End _ -> throw new AssertionError("ended too early");
        case Heard.TimedOut _ -> throw new AssertionError("timed out");
      }
      Statistics.label("flawed").collect(flawed);
      rest = rest.substring(end + 2);
    }
  }
}
