package heddle.spool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Does again what was done to a {@link ForgetfulDisk}, and says at any point what a power cut might
 * leave. Of what no force() covers, each block of 4 KiB is kept, lost or torn, by itself; each name
 * keeps its last meaning or an earlier one, by itself: even the two halves of a rename may part.
 * One reason for force() can be ignored.
 */
final class PowerCut {
  private static final int BLOCK = 4096;

  /** What was done to a file since it was forced. */
  private static final class Trail {
    byte[] forced = {};
    final List<long[]> written = new ArrayList<>();
  }

  private final Platter platter;
  private final Optional<Force> ignored;
  private final Map<Integer, Trail> trails = new HashMap<>();

  /** What each name may mean: what it meant when its folder was forced, and all since. */
  private final TreeMap<String, List<Integer>> meanings = new TreeMap<>();

  private static final int NOTHING = 0;

  PowerCut(Platter before, Optional<Force> ignored) {
    this.platter = before;
    this.ignored = ignored;
    before
        .names()
        .forEach(
            (name, number) -> {
              trail(number).forced = platter.file(number).content();
              meanings.put(name, new ArrayList<>(List.of(number)));
            });
  }

  private Trail trail(int number) {
    return trails.computeIfAbsent(number, n -> new Trail());
  }

  void apply(ForgetfulDisk.Done done) {
    platter.apply(done);
    switch (done) {
      case ForgetfulDisk.Done.Create c -> means(c.name(), c.file());
      case ForgetfulDisk.Done.Write w ->
          trail(w.file()).written.add(new long[] {w.at(), w.at() + w.octets().length});
      case ForgetfulDisk.Done.Rename r -> {
        means(r.to(), platter.names().get(r.to()));
        means(r.from(), NOTHING);
      }
      case ForgetfulDisk.Done.Unlink u -> means(u.name(), NOTHING);
      case ForgetfulDisk.Done.ForceFile f -> {
        if (!ignored.equals(Optional.of(f.why()))) {
          Trail trail = trail(f.file());
          trail.forced = platter.file(f.file()).content();
          trail.written.clear();
        }
      }
      case ForgetfulDisk.Done.ForceFolder f -> {
        if (!ignored.equals(Optional.of(f.why()))) {
          meanings
              .subMap(f.folder() + "/", f.folder() + "0")
              .values()
              .forEach(m -> m.subList(0, m.size() - 1).clear());
        }
      }
      case ForgetfulDisk.Done.Folder f -> {}
      case ForgetfulDisk.Done.Mark m -> {}
    }
  }

  private void means(String name, int file) {
    meanings.computeIfAbsent(name, n -> new ArrayList<>(List.of(NOTHING))).add(file);
  }

  /** What the next start finds. Everything on it has lasted. */
  Platter cut(Random random) {
    var left = new Platter();
    // Some cuts forget all, some nothing: between the two lie the most.
    int mood = random.nextInt(8);
    meanings.forEach(
        (name, all) -> {
          int file = all.get(choose(all.size(), mood, random));
          if (file != NOTHING) {
            left.put(name, content(file, mood, random));
          }
        });
    return left;
  }

  private static int choose(int size, int mood, Random random) {
    return switch (mood) {
      case 0 -> 0;
      case 1 -> size - 1;
      default -> random.nextInt(size);
    };
  }

  private byte[] content(int number, int mood, Random random) {
    Trail trail = trail(number);
    byte[] now = platter.file(number).content();
    if (trail.written.isEmpty() || mood == 1) {
      return now;
    }
    int size = trail.forced.length;
    if (mood != 0 && now.length > size) {
      int more = size + random.nextInt(now.length - size + 1);
      size = random.nextBoolean() ? now.length : random.nextBoolean() ? more : size;
    }
    byte[] left = Arrays.copyOf(trail.forced, size);
    for (int block = 0; block < size; block += BLOCK) {
      int end = Math.min(block + BLOCK, size);
      if (touched(trail, block, end)) {
        int kept =
            switch (mood == 0 ? 0 : random.nextInt(3)) {
              case 0 -> 0;
              case 1 -> end - block;
              default -> random.nextInt(end - block + 1);
            };
        System.arraycopy(now, block, left, block, kept);
      }
    }
    return left;
  }

  private static boolean touched(Trail trail, long from, long to) {
    return trail.written.stream().anyMatch(w -> w[0] < to && w[1] > from);
  }
}
