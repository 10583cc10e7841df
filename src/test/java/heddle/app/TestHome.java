package heddle.app;

import heddle.config.HeddleConfig;
import heddle.control.Answer;
import heddle.control.Request;
import heddle.event.EventBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;

/** Homes for tests, made and filled as the commands do it. */
public final class TestHome {
  private TestHome() {}

  public static Home make(String config) throws IOException {
    Home home = new Home(Files.createTempDirectory("heddle"));
    Files.createDirectories(home.etc());
    Files.writeString(home.config(), config);
    return home;
  }

  public static void addUser(Home home, String address, String password) throws Exception {
    ask(home, "user.add", Map.of("address", address, "password", password));
  }

  public static void disableUser(Home home, String address) throws Exception {
    ask(home, "user.disable", Map.of("address", address));
  }

  private static void ask(Home home, String verb, Map<String, String> args) throws Exception {
    try (Books books = Books.open(home, InstantSource.system(), Extras.of(home))) {
      Answer answer = books.users().ask(Request.of(verb, args)).orElseThrow();
      if (!answer.ok()) {
        throw new IllegalStateException(answer.toString());
      }
    }
  }

  public static Heddle start(Home home, EventBus events) throws Exception {
    HeddleConfig config = new ConfigDesk(home).load(events);
    return Heddle.start(home, config, events);
  }

  public static void delete(Heddle heddle) throws IOException {
    delete(heddle.home().root());
  }

  public static void delete(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
