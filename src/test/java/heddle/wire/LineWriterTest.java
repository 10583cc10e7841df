package heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineWriterTest {
  private final List<String> writes = new ArrayList<>();
  private final LineWriter writer =
      new LineWriter(
          new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] b, int off, int len) {
              writes.add(new String(b, off, len, StandardCharsets.UTF_8));
            }
          });

  @Test
  void what_is_said_goes_out_in_one_write_at_the_flush() throws Exception {
    writer.say("250 one\r\n");
    writer.say("250 zwölf\r\n");
    assertEquals(List.of(), writes);
    writer.flush();
    assertEquals(List.of("250 one\r\n250 zwölf\r\n"), writes);
  }

  @Test
  void nothing_is_said_twice_and_silence_is_no_write() throws Exception {
    writer.say("250 " + "x".repeat(10_000) + "\r\n");
    writer.flush();
    writer.flush();
    writer.say("221 Bye\r\n");
    writer.flush();
    assertEquals(2, writes.size());
    assertEquals("221 Bye\r\n", writes.get(1));
  }
}
