package heddle.spool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The power fails: what was promised comes out, and no force() is there in vain. */
class PowerCutTest {
  private static final int CUTS = 10_000;
  private static final int CUTS_EACH = 100;

  /** A life, on what lay there before, with what had been promised before. */
  private record Life(Platter before, List<Recovered> promised, List<ForgetfulDisk.Done> log) {
    Promises promises() {
      var promises = new Promises();
      promised.forEach(r -> promises.settle(r.state().id(), r.text(), r.state()));
      return promises;
    }
  }

  private record Recovered(QueueEntry state, byte[] text) {}

  /** What a number of cuts showed. */
  private static final class Tally {
    int cuts;
    int promised;
    int damaged;
    int filed;
    List<String> broken = List.of();

    /** What was done about the message whose promise was broken. */
    String story = "";

    Platter last = new Platter();

    /** One with damage: what is set aside is a promise, too. */
    Platter worst = new Platter();
  }

  private static Life live(Platter before, List<Recovered> promised, Random random)
      throws Exception {
    var disk = new ForgetfulDisk(before.copy());
    new Rehearsal(disk, random).run();
    return new Life(before, promised, disk.log());
  }

  /** Cuts the power at so many points of a life, until a promise is broken. */
  private static void cut(Life life, int cuts, Optional<Force> ignored, Random random, Tally tally)
      throws Exception {
    int[] points = random.ints(cuts, 1, life.log().size() + 1).sorted().toArray();
    var power = new PowerCut(life.before().copy(), ignored);
    Promises promises = life.promises();
    int done = 0;
    for (int point : points) {
      for (; done < point; done++) {
        power.apply(life.log().get(done));
        if (life.log().get(done) instanceof ForgetfulDisk.Done.Mark mark) {
          promises.hear((Promises.Word) mark.what());
        }
      }
      tally.last = power.cut(random);
      tally.broken = promises.missing(tally.last);
      if (tally.broken.isEmpty()) {
        start(tally, promises, random.nextInt(10) == 0);
      }
      if (!tally.broken.isEmpty()) {
        tally.story = story(life.log().subList(0, point), tally.broken.getFirst());
        return;
      }
    }
    tally.promised += promises.promised();
  }

  /** All that names the message, and each force(): what threads did in turn no seed brings back. */
  private static String story(List<ForgetfulDisk.Done> log, String broken) {
    String id = broken.split(" ", 2)[0];
    var told = new StringBuilder(broken);
    for (int i = 0; i < log.size(); i++) {
      String line =
          switch (log.get(i)) {
            case ForgetfulDisk.Done.Write w ->
                "Write " + w.file() + " at " + w.at() + " " + new String(w.octets(), ISO_8859_1);
            case ForgetfulDisk.Done.Mark(Promises.Word.Text _) -> "";
            case ForgetfulDisk.Done other -> other.toString();
          };
      if (line.contains(id) || line.startsWith("Force") || line.contains(".hj")) {
        told.append("\n").append(i).append(" ").append(line.strip());
      }
    }
    return told.toString();
  }

  private static void start(Tally tally, Promises promises, boolean retire) throws Exception {
    var disk = new ForgetfulDisk(tally.last.copy());
    tally.cuts++;
    try (Spool spool = open(disk, tally)) {
      tally.broken = promises.broken(spool);
      if (retire && tally.broken.isEmpty()) {
        spool.retireAll();
        assertEquals(List.of(), disk.now().list(Folders.JOURNAL));
      }
    }
    if (retire && tally.broken.isEmpty()) {
      try (Spool spool = open(disk, tally)) {
        tally.broken = promises.broken(spool);
      }
    }
  }

  private static Spool open(ForgetfulDisk disk, Tally tally) throws Exception {
    Platter now = disk.now();
    tally.filed += now.list(Folders.MAIL).size();
    return Spool.open(
        disk.session(),
        Rehearsal.SMALL,
        event -> {
          if (event instanceof Event.SpoolDamaged) {
            tally.damaged++;
            tally.worst = tally.last;
          }
        },
        new Samples.Clock());
  }

  private static List<Recovered> recovered(Platter platter) throws Exception {
    var all = new ArrayList<Recovered>();
    try (Spool spool =
        Spool.open(
            new ForgetfulDisk(platter.copy()).session(),
            Rehearsal.SMALL,
            event -> {},
            new Samples.Clock())) {
      for (QueueEntry entry : spool.entries()) {
        all.add(new Recovered(entry, Samples.read(spool, entry.id())));
      }
    }
    return all;
  }

  /** What one cut left is where the next life begins, or it begins from nothing. */
  private static Life next(Tally tally, Random random) throws Exception {
    Platter before =
        switch (random.nextInt(3)) {
          case 0 -> new Platter();
          case 1 -> tally.last;
          default -> tally.worst;
        };
    return live(before, recovered(before), random);
  }

  @Test
  void ten_thousand_power_cuts_lose_nothing_that_was_promised() throws Exception {
    var random = new Random();
    var tally = new Tally();
    Life life = live(new Platter(), List.of(), random);
    while (tally.cuts < CUTS) {
      cut(life, CUTS_EACH, Optional.empty(), random, tally);
      assertEquals(List.of(), tally.broken, tally.story);
      life = next(tally, random);
    }
    assertTrue(tally.promised > 500, "promised: " + tally.promised);
    assertTrue(tally.damaged > 20, "damaged: " + tally.damaged);
    assertTrue(tally.filed > 1000, "filed: " + tally.filed);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PROBE")
  void with_any_one_force_left_out_a_promise_is_broken(Force left) throws Exception {
    var random = new Random();
    var tally = new Tally();
    while (tally.broken.isEmpty() && tally.cuts < 4 * CUTS) {
      cut(next(tally, random), CUTS_EACH, Optional.of(left), random, tally);
    }
    assertFalse(tally.broken.isEmpty(), "nobody missed " + left + " in " + tally.cuts + " cuts");
  }
}
