package heddle.spool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.mail.Id;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** The journal, cut or torn anywhere, gives back all that was acknowledged. */
class JournalProperties {
  private static final Settings SMALL =
      new Settings(256 * 1024, Segment.PREAMBLE + 20_000, Duration.ofMinutes(1), Duration.ZERO);
  private static int survived;
  private static int lost;

  @AfterContainer
  static void both_ends_were_seen() {
    assertTrue(survived > 1000, "survived: " + survived);
    assertTrue(lost > 100, "lost: " + lost);
  }

  /** Where a text stands in which segment. */
  private record Written(Id id, byte[] text, boolean dropped, String segment, long from, long to) {}

  @Property(tries = 600)
  void damage_takes_only_the_records_it_touches_and_makes_none(@ForAll long seed) throws Exception {
    var random = new Random(seed);
    var disk = new ForgetfulDisk();
    List<Written> written = fill(disk, random);
    Platter platter = disk.now();
    List<String> segments = platter.list(Folders.JOURNAL);
    String segment = segments.get(random.nextInt(segments.size()));
    byte[] content = platter.find(Folders.JOURNAL + "/" + segment).content();
    // Without the second preamble all might go: the one thing in which two losses are too many.
    int from = random.nextInt(content.length - Segment.BLOCK) + Segment.BLOCK;
    int to = Math.min(content.length, from + 1 + random.nextInt(6000));
    byte[] torn = tear(content, from, to, random);
    platter.put(Folders.JOURNAL + "/" + segment, torn);

    Map<Id, byte[]> out = read(platter);
    Set<Id> known = new HashSet<>();
    Set<Id> over = new HashSet<>();
    written.stream().filter(Written::dropped).forEach(w -> over.add(w.id()));
    for (Written one : written) {
      known.add(one.id());
      boolean touched =
          one.segment().equals(segment)
              && !(one.to() <= from || one.from() >= to && torn.length == content.length);
      boolean here = out.containsKey(one.id());
      if (one.dropped()) {
        // Even a later text that holds a copy of its record does not bring it back.
        assertTrue(touched || !here, "dropped and back");
      } else if (touched) {
        lost += here ? 0 : 1;
      } else if (!over.contains(one.id())) {
        assertTrue(here, "untouched and lost");
        survived++;
      }
      if (here && !one.dropped()) {
        assertArrayEquals(one.text(), out.get(one.id()));
      }
    }
    assertEquals(Set.of(), minus(out.keySet(), known), "never accepted");
  }

  private static Set<Id> minus(Set<Id> all, Set<Id> some) {
    var rest = new HashSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  private static List<Written> fill(ForgetfulDisk disk, Random random) throws Exception {
    var written = new ArrayList<Written>();
    try (Spool spool = Spool.open(disk.session(), SMALL, event -> {}, new Samples.Clock())) {
      for (int i = 0; i < 30; i++) {
        Id id = Samples.id(random);
        byte[] text = text(disk.now(), random);
        long before = lastLength(disk.now());
        int files = disk.now().list(Folders.JOURNAL).size();
        Samples.accept(spool, id, 1 + random.nextInt(3), text);
        written.add(last(disk, id, text, false, before, files));
        if (random.nextInt(3) == 0) {
          before = lastLength(disk.now());
          files = disk.now().list(Folders.JOURNAL).size();
          spool.drop(id);
          written.add(last(disk, id, text, true, before, files));
        }
      }
    }
    return written;
  }

  private static Written last(
      ForgetfulDisk disk, Id id, byte[] text, boolean dropped, long before, int files) {
    Platter now = disk.now();
    boolean fresh = now.list(Folders.JOURNAL).size() > files;
    return new Written(
        id,
        text,
        dropped,
        now.list(Folders.JOURNAL).getLast(),
        fresh ? Segment.PREAMBLE : before,
        lastLength(now));
  }

  private static long lastLength(Platter platter) {
    List<String> all = platter.list(Folders.JOURNAL);
    return all.isEmpty() ? 0 : platter.find(Folders.JOURNAL + "/" + all.getLast()).size();
  }

  /** Some know the format, and one has even seen the journal. */
  private static byte[] text(Platter platter, Random random) {
    List<String> all = platter.list(Folders.JOURNAL);
    return switch (random.nextInt(4)) {
      case 0 -> {
        Id forged = Samples.id(random);
        Paper paper = new Paper(QueueEntry.fresh(Samples.ticket(forged, 1)), 0, Paper.Unknown.NONE);
        String rest =
            "\",\"nonce\":\""
                + "0".repeat(Segment.NONCE_LENGTH)
                + "\",\"at\":8300,\"size\":0,\"message\":"
                + PaperJson.write(paper)
                + "}\n";
        byte[] bytes = (rest + "\n").getBytes(StandardCharsets.UTF_8);
        String crc = Segment.hex(Segment.crc(bytes));
        yield ("\n{\"crc\":\"" + crc + rest + "\n").repeat(3).getBytes(StandardCharsets.UTF_8);
      }
      case 1 -> {
        byte[] seen =
            all.isEmpty()
                ? new byte[0]
                : platter.find(Folders.JOURNAL + "/" + all.getLast()).content();
        // The rest of the very segment, drops and all, under the very nonce.
        yield Arrays.copyOfRange(
            seen, Math.min(seen.length, Segment.PREAMBLE), Math.min(seen.length, 20_000));
      }
      default -> Samples.text(random, random.nextInt(3000));
    };
  }

  private static byte[] tear(byte[] content, int from, int to, Random random) {
    byte[] torn = content.clone();
    switch (random.nextInt(4)) {
      case 0 -> Arrays.fill(torn, from, to, (byte) 0);
      case 1 -> {
        byte[] noise = Samples.text(random, to - from);
        System.arraycopy(noise, 0, torn, from, noise.length);
      }
      case 2 -> torn[from] ^= (byte) (1 << random.nextInt(8));
      default -> {
        return Arrays.copyOf(torn, from);
      }
    }
    return torn;
  }

  private static Map<Id, byte[]> read(Platter platter) throws Exception {
    Map<Id, byte[]> out = new HashMap<>();
    try (Spool spool =
        Spool.open(new ForgetfulDisk(platter).session(), SMALL, event -> {}, new Samples.Clock())) {
      for (QueueEntry entry : spool.entries()) {
        out.put(entry.id(), Samples.read(spool, entry.id()));
      }
    }
    return out;
  }
}
