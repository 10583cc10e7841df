package heddle.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.config.ConfigReader;
import heddle.config.Outcome;
import heddle.delivery.Misbehaviour.Fate;
import heddle.delivery.Trial.Noted;
import heddle.delivery.Trial.Told;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a message, and what its sender is told, whatever the next hop does wrong: each
 * row is played against the real parts, and written down in {@code docs/delivery.md}.
 */
class MisbehaviourTest {
  private static final String MEND =
      "the page is out of date; run: mvn test -Dtest=MisbehaviourTest -Dmanual.write=true";
  private static final int AT_A_TIME = 8;
  private static final Duration FIVE_DAYS = Duration.ofDays(5).plusMinutes(1);

  @TempDir Path folder;

  /** What was seen of one row. */
  private record Seen(List<Noted> noted, Optional<String> down, List<Told> told) {}

  @Test
  void whatever_the_next_hop_does_nothing_is_lost_and_the_sender_is_told() throws Exception {
    var table = new Misbehaviours();
    Map<String, List<Misbehaviour>> all = table.all();
    Map<Misbehaviour, Seen> seen = played(table, all);
    String page =
        new DeliveryPage(opening())
            .of(
                all,
                row -> seen.get(row).noted(),
                row -> seen.get(row).down(),
                row -> seen.get(row).told(),
                delay(table));
    Path path = Path.of("docs/delivery.md");
    if (Boolean.getBoolean("manual.write")) {
      Files.writeString(path, page);
    }
    assertEquals(page, Files.exists(path) ? Files.readString(path) : "", MEND);
  }

  @Test
  void the_example_on_the_page_is_good() throws Exception {
    String toml =
        opening()
            .lines()
            .filter(line -> line.startsWith("    "))
            .collect(java.util.stream.Collectors.joining("\n"));
    assertInstanceOf(Outcome.Valid.class, ConfigReader.read("heddle.toml", toml));
  }

  /** What the sender hears behind four hours. */
  private List<String> delay(Misbehaviours table) throws Exception {
    Misbehaviour row = table.all().values().iterator().next().getFirst();
    Path own = Files.createDirectories(folder.resolve("delay"));
    try (var trial = Trial.talkative(row, own, table.good)) {
      var id = trial.send(Duration.ofHours(4).plusMinutes(1));
      assertEquals(Fate.WAITS, trial.noted(id).getFirst().fate());
      List<Told> told = trial.told(id);
      assertEquals(1, told.size(), told.toString());
      assertEquals("delayed", told.getFirst().action());
      assertEquals("4.4.1", told.getFirst().status());
      trial.behave();
      trial.tryAgain(id);
      assertEquals(1, trial.told(id).size(), "once");
      assertEquals(1, trial.copies("bob@example.net"));
      return trial.reports(id).stream().flatMap(r -> Trial.paragraphs(r).stream()).toList();
    }
  }

  private static String opening() throws Exception {
    try (var text = MisbehaviourTest.class.getResourceAsStream("/delivery.md")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Map<Misbehaviour, Seen> played(Misbehaviours table, Map<String, List<Misbehaviour>> all)
      throws Exception {
    var rows = all.values().stream().flatMap(List::stream).toList();
    var wrong = new ArrayList<String>();
    var seen = new LinkedHashMap<Misbehaviour, Seen>();
    try (var players = Executors.newFixedThreadPool(AT_A_TIME)) {
      var games = new LinkedHashMap<Misbehaviour, List<Future<Seen>>>();
      for (Misbehaviour row : rows) {
        Path own = folder.resolve("row-" + games.size());
        var each = new ArrayList<Callable<Seen>>();
        each.add(() -> old(table, row, own.resolve("old")));
        each.add(() -> fresh(table, row, own.resolve("fresh"), List.of()));
        if (!row.ownManner) {
          // The same in a batch of commands comes to the same.
          each.add(() -> fresh(table, row, own.resolve("batch"), List.of("PIPELINING")));
        }
        games.put(row, each.stream().map(players::submit).toList());
      }
      games.forEach(
          (row, each) -> {
            Seen old = result(row, each.get(0), wrong);
            Seen fresh = result(row, each.get(1), wrong);
            each.stream().skip(2).forEach(more -> result(row, more, wrong));
            seen.put(row, new Seen(fresh.noted(), fresh.down(), old.told()));
          });
    }
    assertTrue(wrong.isEmpty(), String.join("\n\n", wrong));
    return seen;
  }

  private static Seen result(Misbehaviour row, Future<Seen> game, List<String> wrong) {
    try {
      return game.get();
    } catch (ExecutionException failed) {
      Throwable why = failed.getCause();
      var at = why.getStackTrace();
      wrong.add(
          row
              + ": "
              + why
              + (at.length > 0 ? " " + List.of(at).subList(0, Math.min(8, at.length)) : ""));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    return new Seen(List.of(), Optional.empty(), List.of());
  }

  /** A message of now: what comes of it, and that it goes through once the other side is well. */
  private static Seen fresh(Misbehaviours table, Misbehaviour row, Path folder, List<String> batch)
      throws Exception {
    Files.createDirectories(folder);
    try (var trial = new Trial(row, folder, table.good, batch)) {
      trial.misbehave();
      var id = trial.send(Duration.ZERO);
      List<Noted> noted = trial.noted(id);
      for (int i = 0; i < noted.size(); i++) {
        Misbehaviour.Expected wanted = wanted(row, i);
        assertEquals(wanted.fate(), noted.get(i).fate(), row + ": " + noted);
        if (batch.isEmpty()) {
          assertTrue(noted.get(i).reply().contains(wanted.words()), row + ": " + noted);
        }
        boolean toBeTold = wanted.fate() == Fate.BOUNCED;
        assertEquals(toBeTold, noted.get(i).report(), row + ": " + noted);
      }
      assertEquals(row.down, trial.down().isPresent(), row + ": " + trial.down());
      if (row.calls > 0) {
        assertEquals(row.calls, trial.provider.calls.get(), row + ": connections");
      }
      List<Told> told = trial.told(id);
      if (noted.stream().anyMatch(n -> n.fate() == Fate.WAITS)) {
        trial.still_whole(id);
        trial.behave();
        trial.tryAgain(id);
      }
      copies(row, trial, noted);
      assertEquals(List.of(), trial.spool.entries(), row + ": the spool is empty");
      return new Seen(noted, trial.down(), told);
    }
  }

  private static Misbehaviour.Expected wanted(Misbehaviour row, int index) {
    assertTrue(row.expected.size() == row.recipients.size(), row + ": a word for each recipient");
    return row.expected.get(index);
  }

  /** Nobody is left out, and nobody gets it twice but where the row says so. */
  private static void copies(Misbehaviour row, Trial trial, List<Noted> noted) {
    for (int i = 0; i < noted.size(); i++) {
      int copies = trial.copies(row.recipients.get(i).mailbox().toString());
      int wanted =
          switch (noted.get(i).fate()) {
            case DELIVERED -> 1;
            case WAITS -> row.twice ? 2 : 1;
            case BOUNCED -> 0;
          };
      assertEquals(wanted, copies, row + ": copies for " + row.recipients.get(i));
    }
  }

  /** A message of five days ago: what its sender is told. */
  private static Seen old(Misbehaviours table, Misbehaviour row, Path folder) throws Exception {
    Files.createDirectories(folder);
    try (var trial = Trial.impatient(row, folder, table.good)) {
      trial.misbehave();
      var id = trial.send(FIVE_DAYS);
      List<Noted> noted = trial.noted(id);
      List<Told> told = trial.told(id);
      int failed = 0;
      for (int i = 0; i < noted.size(); i++) {
        boolean delivered = wanted(row, i).fate() == Fate.DELIVERED;
        assertEquals(delivered ? Fate.DELIVERED : Fate.BOUNCED, noted.get(i).fate(), row + "");
        failed += delivered ? 0 : 1;
        assertEquals(!delivered, noted.get(i).report(), row + ": " + noted);
      }
      assertEquals(failed, told.size(), row + ": " + told);
      assertEquals(List.of(), trial.spool.entries(), row + ": the spool is empty");
      return new Seen(noted, trial.down(), told);
    }
  }
}
