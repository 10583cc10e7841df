package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.event.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many clients at once: limits, and the way everybody is sent home. */
class CrowdTest {
  private static BufferedReader lines(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static Socket clear(TestServer server) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port("clear"));
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  @Test
  void a_stop_tells_everybody_who_waits_and_waits_for_nobody_who_does_not_read() throws Exception {
    TestServer server = TestServer.start("[queue]\ndrain = \"6s\"\n");
    Socket idle = clear(server);
    lines(idle).readLine();
    // Behind TLS the farewell ends with close_notify: the end of the stream, no broken line.
    Socket plain = new Socket("127.0.0.1", server.port("submissions"));
    plain.setSoTimeout(20_000);
    Socket secure = server.tls(plain);
    BufferedReader heard = lines(secure);
    heard.readLine();
    say(secure, "EHLO client");
    while (heard.readLine().charAt(3) == '-') {
      // the extensions
    }
    say(secure, "AUTH LOGIN");
    assertEquals("334 VXNlcm5hbWU6", heard.readLine());
    Socket deaf = new Socket();
    deaf.setReceiveBufferSize(4096);
    deaf.connect(new InetSocketAddress("127.0.0.1", server.port("clear")));
    Thread talker =
        Thread.startVirtualThread(
            () -> {
              try {
                while (true) {
                  say(deaf, "HELP\r\n".repeat(499) + "HELP");
                }
              } catch (IOException sentHome) {
                // At last.
              }
            });
    Thread.sleep(3_000);

    long began = System.nanoTime();
    Thread stop = Thread.ofPlatform().start(() -> server.heddle().stop("test"));
    assertTrue(lines(idle).readLine().startsWith("421 4.3.2 "));
    assertTrue(heard.readLine().startsWith("421 4.3.2 "));
    assertEquals(-1, heard.read());
    double seconds = (System.nanoTime() - began) / 1e9;
    assertTrue(seconds < 15, "the deaf one kept the others waiting for " + seconds + " s");
    stop.join(60_000);
    assertEquals(1, last(server.events(), Event.Stopped.class).cut(), "only the deaf one was cut");
    deaf.close();
    talker.join();
    server.close();
  }

  private static <T extends Event> T last(List<Event> events, Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList().getLast();
  }

  @Test
  void one_address_has_so_many_connections_and_hears_why_there_are_no_more() throws Exception {
    try (TestServer server = TestServer.start("[limit]\nconnections-per-address = 3\n")) {
      List<Socket> held = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Socket socket = clear(server);
        assertTrue(lines(socket).readLine().startsWith("220 "));
        held.add(socket);
      }
      try (Socket fourth = clear(server)) {
        assertTrue(lines(fourth).readLine().startsWith("421 4.7.0 "));
      }
      try (Socket fifth = server.tls(new Socket("127.0.0.1", server.port("submissions")))) {
        assertTrue(lines(fifth).readLine().startsWith("421 4.7.0 "));
      }
      // Those turned away who do not even shake hands keep nobody out.
      List<Socket> silent = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        silent.add(new Socket("127.0.0.1", server.port("submissions")));
      }
      while (server.events().stream().filter(Event.ConnectionRefused.class::isInstance).count()
          < 202) {
        Thread.sleep(10);
      }
      held.removeLast().close();
      String greeting = "";
      for (int i = 0; i < 50 && !greeting.startsWith("220 "); i++) {
        Thread.sleep(100);
        try (Socket again = clear(server)) {
          greeting = lines(again).readLine();
        }
      }
      assertTrue(greeting.startsWith("220 "), greeting);
      for (Socket socket : silent) {
        socket.close();
      }
      for (Socket socket : held) {
        socket.close();
      }
    }
  }
}
