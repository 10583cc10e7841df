package heddle.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.Event;
import heddle.mail.Id;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** A spool in a real folder. */
class SpoolTest {
  private static final byte[] HELLO = "Subject: hello\r\n\r\nhello\r\n".getBytes(UTF_8);
  @TempDir Path home;
  private Path root;
  private FaultyDisk disk;
  private final Random random = new Random();
  private final Samples.Clock clock = new Samples.Clock();
  private final ConcurrentLinkedQueue<Event> told = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void disk() {
    root = home.resolve("var/spool");
    disk = new FaultyDisk(new RealDisk(root));
  }

  private Spool open() throws IOException {
    return Spool.open(disk, Samples.STILL, told::add, clock);
  }

  private Id accept(Spool spool, byte[] text) throws SpoolUnavailable {
    Id id = Samples.id(random);
    Samples.accept(spool, id, 2, text);
    return id;
  }

  private List<String> files(String folder) throws IOException {
    return disk.list(folder);
  }

  private <T extends Event> List<T> told(Class<T> kind) {
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private void retire(Spool spool) {
    for (int i = 0; i < 2; i++) {
      clock.advance(Duration.ofSeconds(61));
      spool.tick();
    }
  }

  // ---- acceptance

  @Test
  void a_small_message_is_one_record_that_less_can_read() throws Exception {
    Spool spool = open();
    Id id = accept(spool, HELLO);
    assertEquals(List.of(), files("mail"));
    assertEquals(List.of("00000001.hj"), files("journal"));
    String journal = Files.readString(root.resolve("journal/00000001.hj"));
    assertTrue(journal.startsWith("heddle-journal 1 "));
    assertTrue(journal.endsWith("\n" + new String(HELLO, UTF_8) + "\n"));
    assertTrue(journal.contains("\"message\":{\"v\":1,\"id\":\"" + id));
    assertArrayEquals(HELLO, Samples.read(spool, id));
  }

  @Test
  void a_large_message_is_born_as_two_files() throws Exception {
    Spool spool = open();
    byte[] text = Samples.text(random, 256 * 1024 + 1);
    Id id = accept(spool, text);
    assertEquals(List.of(id + ".eml", id + ".json"), files("mail"));
    assertEquals(List.of(), files("tmp"));
    assertEquals(List.of(), files("journal"));
    assertArrayEquals(text, Samples.read(spool, id));
    assertArrayEquals(text, Files.readAllBytes(root.resolve("mail/" + id + ".eml")));
  }

  @Test
  void what_is_not_committed_leaves_nothing() throws Exception {
    Spool spool = open();
    for (int size : List.of(10, 300_000)) {
      try (Draft draft = spool.draft(Samples.id(random))) {
        draft.write(new byte[size], 0, size);
        assertEquals(size, draft.size());
      }
    }
    assertEquals(List.of(), files("tmp"));
    assertEquals(List.of(), spool.entries());
  }

  @Test
  void whoever_listens_hears_of_each_message_with_its_text_in_place() throws Exception {
    Spool spool = open();
    var heard = new ArrayList<Id>();
    spool.onNew(
        entry -> {
          heard.add(entry.id());
          throw new IllegalStateException("a listener's mistake is not the client's");
        });
    Id small = accept(spool, HELLO);
    Id large = accept(spool, new byte[300_000]);
    spool.hold(small, "wait");
    spool.release(small);
    assertEquals(List.of(small, large, small), heard);
  }

  @Test
  void only_the_owner_may_read_any_of_it() throws Exception {
    Spool spool = open();
    accept(spool, HELLO);
    accept(spool, new byte[300_000]);
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        assertEquals(
            Files.isDirectory(path) ? "rwx------" : "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
            path.toString());
      }
    }
  }

  @Test
  void sixty_four_who_wait_share_their_forces() throws Exception {
    Spool spool = open();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 64; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    var own = new Random();
                    try {
                      for (int n = 0; n < 20; n++) {
                        Samples.accept(spool, Samples.id(own), 1, new byte[1024]);
                      }
                    } catch (SpoolUnavailable e) {
                      throw new IllegalStateException(e);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(1280, spool.entries().size());
    assertTrue(
        disk.forces(Force.JOURNAL_RECORD) < 640, "forces: " + disk.forces(Force.JOURNAL_RECORD));
  }

  // ---- starting anew

  @Test
  void a_killed_spool_gives_back_messages_and_states() throws Exception {
    Spool killed = open();
    Id plain = accept(killed, HELLO);
    Id tried = accept(killed, HELLO);
    Id held = accept(killed, HELLO);
    Id done = accept(killed, HELLO);
    Id dropped = accept(killed, new byte[300_000]);
    Id large = accept(killed, new byte[300_000]);
    for (Id id : List.of(tried, large)) {
      killed.deferred(id, 1, "451 later", "smarthost", Samples.NOON.plusSeconds(60));
      killed.failed(id, 0, "550 never", "smarthost");
    }
    killed.hold(held, "by ann");
    killed.happened(
        done, Map.of(0, new Outcome.Delivered("250", "mx"), 1, new Outcome.Delivered("250", "mx")));
    killed.drop(dropped);

    Spool spool = open();
    assertEquals(Set.copyOf(killed.entries()), Set.copyOf(spool.entries()));
    assertEquals(
        Set.of(plain, tried, held, large),
        Set.copyOf(spool.entries().stream().map(QueueEntry::id).toList()));
    assertEquals(Optional.of("by ann"), spool.entry(held).orElseThrow().held());
    RecipientState state = spool.entry(large).orElseThrow().recipients().get(1);
    assertEquals(
        new RecipientState(
            RecipientState.Status.PENDING,
            1,
            Samples.NOON.plusSeconds(60),
            "451 later",
            "smarthost",
            Optional.empty(),
            false),
        state);
    assertEquals(4, told(Event.SpoolRecovered.class).getLast().messages());
    assertEquals(List.of(), told(Event.SpoolDamaged.class));
    assertThrows(NoSuchFileException.class, () -> spool.open(done));
  }

  @Test
  void the_oldest_segment_leaves_after_a_minute_and_what_lives_becomes_files() throws Exception {
    Spool spool = open();
    Id quick = accept(spool, HELLO);
    Id stuck = accept(spool, HELLO);
    spool.deferred(stuck, 0, "451 later", "mx", Samples.NOON);
    spool.drop(quick);
    try (InputStream reading = spool.open(stuck)) {
      retire(spool);
      assertEquals(List.of(), files("journal"));
      assertEquals(List.of(stuck + ".eml", stuck + ".json"), files("mail"));
      assertArrayEquals(HELLO, reading.readAllBytes());
    }
    assertArrayEquals(HELLO, Samples.read(spool, stuck));
    spool.deferred(stuck, 0, "451 later still", "mx", Samples.NOON);
    assertTrue(Files.readString(root.resolve("mail/" + stuck + ".json")).contains("later still"));
    spool.delivered(stuck, 0, "250 ok", "mx");
    spool.failed(stuck, 1, "550 no", "mx");
    assertEquals(List.of(), files("mail"));
    assertEquals(Optional.empty(), spool.entry(stuck));
  }

  @Test
  void a_clean_stop_leaves_files_only() throws Exception {
    Spool spool = open();
    Id id = accept(spool, HELLO);
    spool.retireAll();
    spool.close();
    assertEquals(List.of(), files("journal"));
    assertEquals(List.of(id + ".eml", id + ".json"), files("mail"));
    assertThrows(SpoolUnavailable.class, () -> accept(spool, HELLO));
    assertEquals(1, open().entries().size());
  }

  @Test
  void a_member_that_only_a_later_release_knows_survives_a_change() throws Exception {
    Spool first = open();
    Id id = accept(first, HELLO);
    first.retireAll();
    first.close();
    Path json = root.resolve("mail/" + id + ".json");
    ObjectNode node = PaperJson.object(Files.readAllBytes(json));
    node.put("colour", "green");
    ((ObjectNode) node.get("recipients").get(1)).put("mood", "fine");
    Files.write(json, PaperJson.bytes(node));
    Spool spool = open();
    spool.deferred(id, 1, "451", "mx", Samples.NOON);
    ObjectNode after = PaperJson.object(Files.readAllBytes(json));
    assertEquals("green", after.get("colour").stringValue());
    assertEquals("fine", after.get("recipients").get(1).get("mood").stringValue());
    assertEquals(1, after.get("recipients").get(1).get("attempts").intValue());
  }

  @Test
  void what_a_later_release_wrote_is_refused_by_name_and_untouched() throws Exception {
    open().close();
    Path journal = Files.writeString(root.resolve("journal/00000007.hj"), "heddle-journal 2\n");
    SpoolRefused refused = assertThrows(SpoolRefused.class, this::open);
    assertTrue(refused.getMessage().contains("version 2"), refused.getMessage());
    Files.delete(journal);
    Path json = Files.writeString(root.resolve("mail/0123456789AB.json"), "{\"v\":9}");
    refused = assertThrows(SpoolRefused.class, this::open);
    assertTrue(refused.getMessage().contains("format 9"), refused.getMessage());
    assertTrue(Files.exists(json));
  }

  // ---- damage

  @Test
  void a_torn_tail_is_set_aside_and_told_once() throws Exception {
    Spool killed = open();
    Id first = accept(killed, HELLO);
    accept(killed, HELLO);
    Path journal = root.resolve("journal/00000001.hj");
    byte[] all = Files.readAllBytes(journal);
    Files.write(journal, Arrays.copyOf(all, all.length - 5));
    assertEquals(List.of(first), open().entries().stream().map(QueueEntry::id).toList());
    Event.SpoolDamaged damage = told(Event.SpoolDamaged.class).getFirst();
    byte[] kept = Files.readAllBytes(root.resolve(damage.keptAs()));
    assertArrayEquals(Arrays.copyOfRange(all, (int) damage.offset(), all.length - 5), kept);
    open();
    assertEquals(1, told(Event.SpoolDamaged.class).size());
  }

  @Test
  void a_flipped_bit_costs_one_message_and_no_other() throws Exception {
    Spool killed = open();
    List<Id> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(accept(killed, ("message " + i + "\n").getBytes(UTF_8)));
    }
    Path journal = root.resolve("journal/00000001.hj");
    byte[] all = Files.readAllBytes(journal);
    all[new String(all, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("message 2")] ^= 1;
    Files.write(journal, all);
    assertEquals(1, new SpoolFiles(disk).check().size());
    Spool spool = open();
    ids.remove(2);
    assertEquals(
        Set.copyOf(ids), Set.copyOf(spool.entries().stream().map(QueueEntry::id).toList()));
    assertTrue(
        Files.readString(root.resolve(told(Event.SpoolDamaged.class).getFirst().keptAs()))
            .contains("lessage 2"));
  }

  @Test
  void an_envelope_that_cannot_be_read_is_kept_with_its_text() throws Exception {
    Spool first = open();
    Id id = accept(first, HELLO);
    first.retireAll();
    first.close();
    Files.writeString(root.resolve("mail/" + id + ".json"), "{\"v\":1,");
    assertEquals(List.of(), open().entries());
    assertEquals(List.of(id + ".eml", id + ".json"), files("damaged"));
    assertEquals(List.of(), files("mail"));
    assertEquals(2, told(Event.SpoolDamaged.class).size());
  }

  // ---- when the disk says no

  @Test
  void a_force_that_fails_refuses_its_message_and_a_new_segment_goes_on() throws Exception {
    Spool spool = open();
    Id before = accept(spool, HELLO);
    disk.refused.add(Force.JOURNAL_RECORD);
    assertThrows(SpoolUnavailable.class, () -> accept(spool, HELLO));
    int forces = disk.forces(Force.JOURNAL_RECORD);
    disk.refused.clear();
    assertInstanceOf(SpoolStatus.Door.Open.class, spool.status().door());
    Id after = accept(spool, HELLO);
    assertEquals(forces + 1, disk.forces(Force.JOURNAL_RECORD));
    assertEquals(List.of("00000001.hj", "00000002.hj"), files("journal"));
    assertEquals(Set.of(before, after), ids(spool));
    // The one that was answered 452 may be on the disk; it does not come out.
    assertEquals(Set.of(before, after), ids(open()));
  }

  private static Set<Id> ids(Spool spool) {
    return Set.copyOf(spool.entries().stream().map(QueueEntry::id).toList());
  }

  @Test
  void a_disk_that_forces_nothing_closes_the_spool_until_a_forced_probe() throws Exception {
    Spool spool = open();
    Id before = accept(spool, HELLO);
    disk.refused.addAll(Set.of(Force.JOURNAL_RECORD, Force.PROBE));
    assertThrows(SpoolUnavailable.class, () -> accept(spool, HELLO));
    assertInstanceOf(SpoolStatus.Door.Closed.class, spool.status().door());
    assertThrows(SpoolUnavailable.class, () -> accept(spool, HELLO));
    assertThrows(SpoolUnavailable.class, () -> accept(spool, new byte[300_000]));
    spool.tick();
    assertInstanceOf(SpoolStatus.Door.Closed.class, spool.status().door());
    assertEquals(1, told(Event.SpoolClosed.class).size());
    disk.refused.clear();
    assertThrows(SpoolUnavailable.class, () -> accept(spool, HELLO));
    spool.tick();
    assertEquals(1, told(Event.SpoolOpened.class).size());
    Id after = accept(spool, HELLO);
    assertEquals(Set.of(before, after), ids(open()));
  }

  @Test
  void a_full_disk_refuses_and_leaves_no_rubbish() throws Exception {
    Spool spool = open();
    disk.full = true;
    assertThrows(SpoolUnavailable.class, () -> accept(spool, HELLO));
    assertThrows(SpoolUnavailable.class, () -> accept(spool, new byte[300_000]));
    for (int i = 0; i < 5; i++) {
      spool.tick();
    }
    assertEquals(List.of(), files("journal"));
    assertEquals(List.of(), files("tmp"));
    disk.full = false;
    spool.tick();
    accept(spool, HELLO);
    accept(spool, new byte[300_000]);
    assertEquals(2, spool.entries().size());
  }

  @Test
  void an_outcome_counts_though_it_cannot_be_written_and_is_written_later() throws Exception {
    Spool spool = open();
    Id id = accept(spool, HELLO);
    Id large = accept(spool, new byte[300_000]);
    disk.refused.addAll(Set.of(Force.JOURNAL_RECORD, Force.PROBE, Force.STATE_FOLDER));
    for (Id each : List.of(id, large)) {
      assertThrows(SpoolUnavailable.class, () -> spool.delivered(each, 0, "250 ok", "mx"));
      assertTrue(spool.entry(each).orElseThrow().recipients().getFirst().done());
    }
    assertThrows(SpoolUnavailable.class, () -> spool.hold(id, "why"));
    assertEquals(Optional.empty(), spool.entry(id).orElseThrow().held());
    disk.refused.clear();
    spool.tick();
    spool.tick();
    Spool anew = open();
    for (Id each : List.of(id, large)) {
      assertEquals(spool.entry(each), anew.entry(each));
    }
  }

  @Test
  void a_folder_that_cannot_be_forced_keeps_the_segment() throws Exception {
    Spool spool = open();
    Id id = accept(spool, HELLO);
    disk.refused.add(Force.FILED_FOLDER);
    retire(spool);
    assertEquals(List.of("00000001.hj"), files("journal"));
    assertEquals(1, told(Event.Warning.class).size());
    assertArrayEquals(HELLO, Samples.read(spool, id));
    disk.refused.clear();
    spool.deferred(id, 0, "451", "mx", Samples.NOON);
    QueueEntry state = spool.entry(id).orElseThrow();
    retire(spool);
    retire(spool);
    assertEquals(List.of(), files("journal"));
    assertEquals(List.of(state), open().entries());
  }

  // ---- with the server stopped

  @Test
  void a_stopped_spool_is_listed_shown_exported_and_not_changed() throws Exception {
    Spool killed = open();
    Id small = accept(killed, HELLO);
    byte[] text = Samples.text(random, 300_000);
    Id large = accept(killed, text);
    Id done = accept(killed, HELLO);
    killed.drop(done);
    var files = new SpoolFiles(disk);
    assertEquals(Set.copyOf(killed.entries()), Set.copyOf(files.list()));
    var out = new ByteArrayOutputStream();
    assertTrue(files.cat(small, out));
    assertArrayEquals(HELLO, out.toByteArray());
    assertFalse(files.cat(done, out));
    assertEquals(2, files.export(home.resolve("out")));
    assertArrayEquals(text, Files.readAllBytes(home.resolve("out/" + large + ".eml")));
    assertTrue(Files.readString(home.resolve("out/" + small + ".json")).contains("r1@example.net"));
    assertEquals(List.of(), files.check());
    assertEquals(killed.entries().size(), open().entries().size());
  }

  @Test
  void where_there_is_no_spool_there_is_nothing_to_list() throws Exception {
    assertEquals(List.of(), new SpoolFiles(disk).list());
    assertFalse(Files.exists(root));
  }
}
