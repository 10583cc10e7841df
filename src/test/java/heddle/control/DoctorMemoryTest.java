package heddle.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import heddle.control.Finding.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorMemoryTest {
  @TempDir Path folder;

  private static Finding disk(State state) {
    return new Finding("disk", state, "so it is", "");
  }

  private List<Finding> news(DoctorMemory memory, State state) {
    return memory.news(List.of(disk(state)));
  }

  @Test
  void only_what_is_other_than_last_time_is_news() {
    var memory = DoctorMemory.open(folder.resolve("doctor.json"));
    assertEquals(0, news(memory, State.OK).size());
    assertEquals(1, news(memory, State.WARN).size());
    assertEquals(0, news(memory, State.WARN).size());
    assertEquals(1, news(memory, State.ERR).size());
    assertEquals(1, news(memory, State.OK).size());
    assertEquals(0, news(memory, State.SKIPPED).size());
    assertEquals(0, news(memory, State.OK).size());
  }

  @Test
  void it_outlives_the_process_and_is_nobody_elses_to_read() throws Exception {
    Path file = folder.resolve("doctor.json");
    var memory = DoctorMemory.open(file);
    news(memory, State.WARN);
    Instant at = Instant.parse("2026-11-25T12:00:00Z");
    memory.tell("exec", "disk", State.WARN, at);
    memory.save();
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    var again = DoctorMemory.open(file);
    assertEquals(0, news(again, State.WARN).size());
    assertEquals(Optional.of(new DoctorMemory.Told(State.WARN, at)), again.told("exec", "disk"));
  }

  @Test
  void a_damaged_or_newer_file_makes_everything_news() throws Exception {
    Path file = folder.resolve("doctor.json");
    for (String text :
        List.of(
            "",
            "{",
            "[]",
            "{\"v\":2,\"shown\":{\"disk\":\"WARN\"}}",
            "{\"v\":1,\"shown\":{\"disk\":\"WARN\"},\"told\":{\"x\":{\"y\":{\"at\":\"?\"}}}}")) {
      Files.writeString(file, text);
      assertEquals(1, news(DoctorMemory.open(file), State.WARN).size(), text);
    }
  }

  @Test
  void what_cannot_be_written_is_remembered_all_the_same() throws Exception {
    var memory = DoctorMemory.open(folder.resolve("missing").resolve("doctor.json"));
    news(memory, State.WARN);
    assertThrows(IOException.class, memory::save);
    assertEquals(0, news(memory, State.WARN).size());
  }
}
