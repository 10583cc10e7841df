package heddle.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolMemoryIT {
  @Test
  void sixteen_messages_of_25_megabytes_fit_into_32_megabytes_of_heap(@TempDir Path home)
      throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx32m",
                "-cp",
                System.getProperty("java.class.path"),
                SixteenLargeMessages.class.getName(),
                home.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    assertTrue(said.contains("accepted 16"), said);
  }
}
