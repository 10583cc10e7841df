package heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A read ends by its deadline, by itself or because somebody looked at the clock. */
final class TimedInputTest {
  private static final int NONE_IS_SHORT = -1;
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SOON = Duration.ofMillis(200);
  private Socket client;
  private Socket server;

  @BeforeEach
  void connect() throws IOException {
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      client = new Socket(listening.getInetAddress(), listening.getLocalPort());
      server = listening.accept();
    }
  }

  @AfterEach
  void hangUp() throws IOException {
    client.close();
    server.close();
  }

  private static CompletableFuture<Integer> reading(TimedInput in, Duration time) {
    var heard = new CompletableFuture<Integer>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                heard.complete(in.read(new byte[16], 0, 16, Deadline.in(time)));
              } catch (IOException end) {
                heard.completeExceptionally(end);
              }
            });
    return heard;
  }

  @Test
  void what_comes_in_time_is_heard() throws Exception {
    var heard = reading(new TimedInput(server, NONE_IS_SHORT), LONG);
    client.getOutputStream().write("NOOP\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertEquals(6, heard.get(10, TimeUnit.SECONDS));
  }

  @Test
  void a_short_wait_ends_by_itself() throws IOException {
    var in = new TimedInput(server);
    assertThrows(
        SocketTimeoutException.class, () -> in.read(new byte[16], 0, 16, Deadline.in(SOON)));
  }

  @Test
  void a_deadline_that_is_over_hears_nothing_any_more() throws IOException {
    client.getOutputStream().write('x');
    var in = new TimedInput(server);
    var over = Deadline.in(Duration.ZERO);
    assertThrows(SocketTimeoutException.class, () -> in.read(new byte[16], 0, 16, over));
  }

  @Test
  void a_long_wait_is_ended_by_whoever_looks_at_the_clock_too_late_for_it() throws Exception {
    var in = new TimedInput(server, NONE_IS_SHORT);
    var heard = reading(in, SOON);
    while (!heard.isDone()) {
      in.endIfLate();
      Thread.sleep(20);
    }
    var end = assertThrows(ExecutionException.class, heard::get);
    assertInstanceOf(SocketTimeoutException.class, end.getCause());
  }

  @Test
  void looking_at_the_clock_in_time_ends_nothing() throws Exception {
    var in = new TimedInput(server, NONE_IS_SHORT);
    var heard = reading(in, LONG);
    for (int i = 0; i < 10; i++) {
      in.endIfLate();
      Thread.sleep(10);
    }
    assertFalse(heard.isDone());
    assertFalse(server.isInputShutdown());
  }

  @Test
  void after_the_end_we_can_still_say_why() throws Exception {
    var in = new TimedInput(server, NONE_IS_SHORT);
    var heard = reading(in, SOON);
    while (!heard.isDone()) {
      in.endIfLate();
      Thread.sleep(20);
    }
    server.getOutputStream().write('4');
    client.setSoTimeout(10_000);
    assertEquals('4', client.getInputStream().read());
  }

  @Test
  void a_client_that_hangs_up_is_no_late_one() throws Exception {
    var heard = reading(new TimedInput(server, NONE_IS_SHORT), LONG);
    client.close();
    assertEquals(-1, heard.get(10, TimeUnit.SECONDS));
    assertTrue(heard.isDone());
  }
}
