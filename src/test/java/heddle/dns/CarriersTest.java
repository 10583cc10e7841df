package heddle.dns;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One silent name server must not stop a server of virtual threads. */
class CarriersTest {
  private static String run(List<String> options, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:ActiveProcessorCount=2", "-XX:+UseSerialGC", "-Xmx128m"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Carriers.class.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS), text);
    return text;
  }

  private static String freePort() throws Exception {
    try (var free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return "" + free.getLocalPort();
    }
  }

  private static long number(String text, String before) {
    return text.lines()
        .filter(line -> line.startsWith(before))
        .mapToLong(line -> Long.parseLong(line.substring(before.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError(text));
  }

  @Test
  void four_hundred_look_ups_of_a_silent_name_server_hold_no_carrier() throws Exception {
    String port = freePort();
    String text =
        run(List.of("-Dorg.dnsjava.spi.enable=true", "-Ddns.server=127.0.0.1:" + port), port);
    assertTrue(text.contains("check: well"), text);
    assertTrue(number(text, "asked: ") > 50, "the look-ups did not reach the name server: " + text);
    long waited = number(text, "waited: ");
    assertTrue(waited >= 0 && waited < 500, text);
  }

  @Test
  void without_the_switch_the_check_warns() throws Exception {
    String text = run(List.of());
    assertTrue(text.contains("check: Names are looked up by the JDK's own resolver."), text);
  }
}
