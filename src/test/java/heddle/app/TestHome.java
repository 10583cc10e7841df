package heddle.app;

import heddle.config.HeddleConfig;
import heddle.control.Answer;
import heddle.control.Request;
import heddle.event.Event;
import heddle.event.EventBus;
import heddle.session.Surroundings;
import heddle.store.History;
import heddle.store.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;

/** Homes for tests, made and filled as the commands do it. */
public final class TestHome {
  private TestHome() {}

  /** Listeners of each kind at free ports of loopback, as a hook is rehearsed with. */
  public static final String LISTENERS = Rehearsal.CONFIG;

  /** What a rehearsal is patient with. */
  public static String patience(String config) {
    return Rehearsal.patience(config);
  }

  public static Home make(String config) throws IOException {
    Home home = new Home(Files.createTempDirectory("heddle"));
    Files.createDirectories(home.etc());
    Files.writeString(home.config(), config);
    return home;
  }

  /** Files below the home, that nobody else may write. */
  public static void write(Home home, Map<String, String> files) throws IOException {
    for (var each : files.entrySet()) {
      Path file = home.root().resolve(each.getKey());
      Files.createDirectories(file.getParent());
      Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.writeString(file, each.getValue());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
  }

  /** A refusal, for people. */
  public static Answer answer(Refused refused) {
    return refused.answer();
  }

  /** The mark of the hooks as they lie there. */
  public static String markOfHooks(Home home) throws Exception {
    return heddle.scripting.Marks.of(home.etc().resolve("hooks"));
  }

  /** What a running server answers. */
  public static Answer ask(Heddle heddle, String verb) {
    return ask(heddle, verb, Map.of());
  }

  public static Answer ask(Heddle heddle, String verb, Map<String, String> args) {
    return new ServerOffice(heddle).ask(Request.of(verb, args), "test");
  }

  /** Tells it as a room of the server would. */
  public static void tell(Heddle heddle, Event event) {
    heddle.events().tell(event);
  }

  /** Waits until nobody is connected, and what was told of them is written. */
  public static void settled(Heddle heddle) throws InterruptedException {
    await(() -> heddle.crowd().size() == 0);
    heddle.history().last();
  }

  /** Waits until nothing is left in the queue, and what was told of it is written. */
  public static void delivered(Heddle heddle) throws InterruptedException {
    settled(heddle);
    await(() -> heddle.spool().status().messages() == 0);
    var delivered = History.Question.newest(1).named(java.util.Set.of("delivered"));
    await(() -> count(heddle, delivered) > 0);
  }

  private static int count(Heddle heddle, History.Question question) {
    try {
      return heddle.history().count(question);
    } catch (StoreUnavailable trouble) {
      throw new IllegalStateException(trouble);
    }
  }

  private static void await(java.util.function.BooleanSupplier over) throws InterruptedException {
    for (int i = 0; i < 2000 && !over.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
  }

  /** What its conversations share. */
  public static Surroundings surroundings(Heddle heddle) {
    return heddle.around();
  }

  /** What the program answers where no server runs. */
  public static Answer alone(Home home, String verb, Map<String, String> args) {
    return new Program(home).ask(Request.of(verb, args));
  }

  /** What the doctor says where a server holds the home and answers nobody. */
  public static Answer silent(Home home) {
    return DoctorDesk.rows(StoppedDoctor.silent(home));
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
