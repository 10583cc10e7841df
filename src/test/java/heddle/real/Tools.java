package heddle.real;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** What the tests with servers of other makers need: folders, ports, programs, patience. */
final class Tools {
  private Tools() {}

  /** A folder that servers may enter which give up their rights. */
  static Path folder(String name) throws IOException {
    return Files.setPosixFilePermissions(
        Files.createTempDirectory(name), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** A port of loopback on which nobody listens now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  static void awaitPort(int port) throws Exception {
    await(
        "a server on port " + port,
        Duration.ofSeconds(20),
        () -> {
          try (Socket there = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return true;
          } catch (IOException notYet) {
            return null;
          }
        });
  }

  /** Asks again and again until something else than null comes. */
  static <T> T await(String what, Duration patience, Callable<T> question) throws Exception {
    long until = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < until) {
      T answer = question.call();
      if (answer != null) {
        return answer;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("waited in vain for " + what);
  }

  /** Runs a program that has to succeed; what it printed. */
  static String run(String... command) throws Exception {
    var result = ServerProcess.run(List.of(command), "", Map.of());
    if (result.exit() != 0) {
      throw new IOException(String.join(" ", command) + ": " + result);
    }
    return result.out();
  }

  /** As {@link #run}, the file on its standard input. */
  static void feed(Path input, String... command) throws Exception {
    Path out = Files.createTempFile("out", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    int exit = process.waitFor();
    String said = Files.readString(out, StandardCharsets.ISO_8859_1);
    Files.delete(out);
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + ": " + exit + " " + said);
    }
  }
}
