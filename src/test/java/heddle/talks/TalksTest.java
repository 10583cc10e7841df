package heddle.talks;

import heddle.app.Talk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every talk in {@code src/test/talks} is one test. */
class TalksTest {
  private static final Map<List<String>, TestServer> SERVERS = new HashMap<>();

  @TestFactory
  Stream<DynamicTest> talks() throws Exception {
    try (var files = Files.list(Path.of("src/test/talks"))) {
      return files
          .filter(f -> f.toString().endsWith(".talk"))
          .sorted()
          .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), f.toUri(), () -> run(f)))
          .toList()
          .stream();
    }
  }

  private static void run(Path file) throws Exception {
    List<String> lines = Files.readAllLines(file);
    List<String> config = Talk.config(lines);
    TestServer server = SERVERS.get(config);
    if (server == null) {
      server = TestServer.start(String.join("\n", config));
      SERVERS.put(config, server);
    }
    new Talk(file, lines, server::port).run();
  }

  @AfterAll
  static void stop() {
    SERVERS.values().forEach(TestServer::close);
    SERVERS.clear();
  }
}
