package heddle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.control.Finding.State;
import heddle.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AlarmTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<Alert> heard = new ArrayList<>();
  private volatile List<Finding> now = List.of();
  private volatile Instant clock = Instant.parse("2026-11-25T12:00:00Z");
  private volatile boolean deaf;
  private Receiver receiver;

  private final Outlet ear =
      new Outlet() {
        @Override
        public String name() {
          return "ear";
        }

        @Override
        public void send(Alert alert) throws IOException {
          if (deaf) {
            throw new IOException("nobody there");
          }
          heard.add(alert);
        }
      };

  @BeforeEach
  void somebody_listens() throws Exception {
    receiver = Receiver.open();
  }

  @AfterEach
  void nobody_any_more() {
    receiver.close();
  }

  private Alarm alarm(DoctorMemory memory, boolean heartbeat, Outlet... outlets) {
    return new Alarm(
        new Alarm.Settings(
            "mail.example.org",
            Duration.ofDays(1),
            heartbeat ? Optional.of(receiver.url()) : Optional.empty()),
        List.of(outlets),
        new Web(PATIENCE),
        () -> now,
        memory,
        events::add,
        () -> clock);
  }

  private DoctorMemory memory() {
    return DoctorMemory.open(folder.resolve("doctor.json"));
  }

  private void is(State state) {
    now = List.of(new Finding("disk", state, "as it is", "mend it"));
  }

  private List<String> told() {
    List<String> told =
        heard.stream()
            .map(a -> a.was().word() + " " + a.finding().state().word() + (a.again() ? "!" : ""))
            .toList();
    heard.clear();
    return told;
  }

  @Test
  void each_turn_is_told_once() throws Exception {
    try (Alarm alarm = alarm(memory(), false, ear)) {
      is(State.OK);
      alarm.run();
      assertEquals(List.of(), told());
      for (State state : List.of(State.WARN, State.WARN, State.ERR, State.ERR, State.OK)) {
        is(state);
        alarm.run();
      }
      assertEquals(List.of("ok WARN", "WARN ERR", "ERR ok"), told());
    }
  }

  @Test
  void what_lasts_is_told_once_a_day_and_what_is_skipped_for_once_is_not_called_well()
      throws Exception {
    try (Alarm alarm = alarm(memory(), false, ear)) {
      is(State.ERR);
      alarm.run();
      is(State.SKIPPED);
      alarm.run();
      is(State.ERR);
      clock = clock.plus(Duration.ofHours(23));
      alarm.run();
      assertEquals(List.of("ok ERR"), told());
      clock = clock.plus(Duration.ofHours(2));
      alarm.run();
      alarm.run();
      assertEquals(List.of("ERR ERR!"), told());
    }
  }

  @Test
  void a_restart_tells_nothing_anew() throws Exception {
    is(State.WARN);
    try (Alarm alarm = alarm(memory(), false, ear)) {
      alarm.run();
    }
    try (Alarm alarm = alarm(memory(), false, ear)) {
      alarm.run();
    }
    assertEquals(List.of("ok WARN"), told());
  }

  @Test
  void what_did_not_leave_is_said_and_tried_again_by_that_way_only() throws Exception {
    is(State.ERR);
    receiver.answer = 503;
    try (var web = new Web(PATIENCE);
        Alarm alarm = alarm(memory(), false, ear, new WebOutlet(web, receiver.url()))) {
      assertFalse(alarm.run());
      assertFalse(alarm.run());
      assertEquals(1, events.size(), "the same is said once");
      String said = events.toString();
      assertTrue(said.contains("did not leave by webhook") && said.contains("503"), said);
      assertFalse(said.contains("secret-path"), said);
      receiver.answer = 200;
      receiver.all();
      assertTrue(alarm.run());
      assertEquals(1, receiver.all().size());
      assertTrue(alarm.run());
      assertEquals(0, receiver.all().size());
      assertEquals(List.of("ok ERR"), told());
    }
  }

  @Test
  void an_alert_leaves_where_nothing_can_be_written() throws Exception {
    Path missing = folder.resolve("missing").resolve("doctor.json");
    is(State.ERR);
    try (Alarm alarm = alarm(DoctorMemory.open(missing), false, ear)) {
      alarm.run();
      alarm.run();
      assertEquals(List.of("ok ERR"), told());
    }
  }

  @Test
  void the_heart_beats_only_while_there_is_no_error() throws Exception {
    try (Alarm alarm = alarm(memory(), true)) {
      for (State state : List.of(State.OK, State.WARN, State.SKIPPED)) {
        is(state);
        alarm.run();
        assertEquals(List.of("GET "), receiver.all(), state.word());
      }
      is(State.ERR);
      alarm.run();
      assertEquals(List.of(), receiver.all());
      is(State.OK);
      receiver.answer = 500;
      alarm.run();
      alarm.run();
      assertEquals(1, events.size(), events.toString());
    }
  }

  @Test
  void a_closed_spool_and_a_hook_that_hangs_do_not_wait_for_the_next_run() throws Exception {
    for (Event event :
        List.of(new Event.SpoolClosed("full"), new Event.HookStuck("Own", 16, "at Own"))) {
      is(State.OK);
      try (var web = new Web(PATIENCE);
          Alarm alarm = alarm(memory(), true, new WebOutlet(web, receiver.url()))) {
        alarm.start();
        while (receiver.all().isEmpty()) {
          Thread.sleep(5); // the first run is over when the heart has beaten
        }
        is(State.ERR);
        alarm.tell(new Event.SpoolOpened());
        alarm.tell(event);
        JsonNode alert = receiver.next("disk", PATIENCE);
        assertEquals("ERR", alert.path("state").asString(""));
        is(State.OK);
        alarm.run();
      }
    }
  }

  private Path script(String text) throws IOException {
    Path script = folder.resolve("alert.sh");
    Files.writeString(script, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  private Alert alert() {
    return new Alert(
        "mail.example.org",
        new Finding("queue", State.ERR, "a b@example.net \"said\"\r\nthis", "look"),
        State.OK,
        false,
        clock);
  }

  @Test
  void a_program_gets_the_alert_as_json_and_in_its_environment() throws Exception {
    Path out = folder.resolve("out");
    Path script =
        script("cat > " + out + "\necho \"$1 $HEDDLE_ALERT_CHECK $HEDDLE_ALERT_SAYS\" >> " + out);
    new ExecOutlet(List.of(script.toString(), "one two"), PATIENCE).send(alert());
    List<String> lines = Files.readAllLines(out);
    JsonNode json = JsonMapper.builder().build().readTree(lines.getFirst());
    assertEquals("a b@example.net \"said\"\r\nthis", json.path("says").asString(""));
    assertEquals("mail.example.org", json.path("host").asString(""));
    assertEquals(1, json.path("v").asInt(0));
    assertEquals("one two queue a b@example.net \"said\"??this", lines.get(1));
  }

  @Test
  void a_program_that_fails_or_is_not_there_has_not_taken_the_alert() throws Exception {
    Path script = script("exit 3");
    var failing = new ExecOutlet(List.of(script.toString()), PATIENCE);
    assertTrue(
        assertThrows(IOException.class, () -> failing.send(alert()))
            .getMessage()
            .endsWith("with 3"));
    var missing = new ExecOutlet(List.of(folder.resolve("none").toString()), PATIENCE);
    assertThrows(IOException.class, () -> missing.send(alert()));
  }

  @Test
  void a_program_that_does_not_end_is_killed_with_all_that_it_started() throws Exception {
    Path pids = folder.resolve("pids");
    Path script =
        script(
            "sleep 600 &\necho $! > "
                + pids
                + "\n(sleep 600 & echo $! >> "
                + pids
                + ")\necho $$ >> "
                + pids
                + "\nsleep 600\n");
    var slow = new ExecOutlet(List.of(script.toString()), Duration.ofSeconds(3));
    String why = assertThrows(IOException.class, () -> slow.send(alert())).getMessage();
    assertTrue(why.contains("did not end"), why);
    List<String> all = Files.readAllLines(pids);
    assertEquals(3, all.size());
    for (String pid : all) {
      for (int i = 0; i < 200 && alive(pid); i++) {
        Thread.sleep(20);
      }
      assertFalse(alive(pid), pid + " of " + all);
    }
  }

  /** Killed and not yet reaped, by a container without an init, is dead. */
  private static boolean alive(String pid) throws IOException {
    Path stat = Path.of("/proc", pid, "stat");
    try {
      return !Files.readString(stat).matches("(?s).*\\) [ZX] .*");
    } catch (IOException gone) {
      return ProcessHandle.of(Long.parseLong(pid)).isPresent()
          && !Files.isDirectory(Path.of("/proc"));
    }
  }
}
