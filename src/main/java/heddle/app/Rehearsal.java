package heddle.app;

import heddle.control.Answer;
import heddle.control.Request;
import heddle.event.Event;
import heddle.event.EventBus;
import heddle.scripting.Hooks;
import heddle.scripting.HooksRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays a talk with one hook: on a server of its own with a home of its own, at ports of loopback,
 * that is gone afterwards. Anna is there, as in the talks of the tests.
 */
final class Rehearsal {
  static final String CONFIG =
      """
      hostname = "mail.example.org"
      domains = ["example.org"]
      [listener.submission]
      bind = ["127.0.0.1:0"]
      tls = "starttls"
      [listener.submissions]
      bind = ["127.0.0.1:0"]
      tls = "implicit"
      [listener.clear]
      bind = ["127.0.0.1:0"]
      tls = "none"
      """;

  private static final String HOME = "heddle.home";
  static final String ANNA = "anna@example.org";
  static final String PASSWORD = "correct horse";
  private static final Pattern AUTH = Pattern.compile("(?i)C[:>] AUTH ([A-Z0-9_-]{1,20})(?: .*)?");

  private final Path hook;
  private final Path talk;

  Rehearsal(Path hook, Path talk) {
    this.hook = hook;
    this.talk = talk;
  }

  /**
   * Plays it.
   *
   * @return what went wrong in the hook meanwhile
   * @throws Talk.Failed where the conversation went another way
   * @throws Refused where the hook or what the talk configures is of no use
   */
  List<String> play() throws Talk.Failed, Refused, IOException {
    List<String> lines = Files.readAllLines(talk);
    Path root = Files.createTempDirectory("heddle-rehearsal");
    try {
      var home = new Home(root);
      Files.createDirectories(home.etc().resolve("hooks"));
      Path copy = home.etc().resolve("hooks").resolve(String.valueOf(hook.getFileName()));
      Files.copy(hook, copy);
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
      String wanted = config(lines);
      Files.writeString(home.config(), CONFIG + patience(wanted) + wanted);
      return play(home, lines);
    } finally {
      delete(root);
    }
  }

  /** A rehearsal's failed logins all come from here, and are no siege. */
  static String patience(String config) {
    return config.contains("[limit") ? "" : "[limit]\nexempt = [\"127.0.0.0/8\", \"::1\"]\n";
  }

  private List<String> play(Home home, List<String> lines)
      throws Talk.Failed, Refused, IOException {
    List<String> failures = new CopyOnWriteArrayList<>();
    var events = new EventBus(event -> failure(event, failures));
    var config = new ConfigDesk(home).load(events);
    try (Books books = Books.open(home, InstantSource.system(), Extras.of(config))) {
      Request anna = Request.of("user.add", Map.of("address", ANNA, "password", PASSWORD));
      if (!books.users().ask(anna).map(Answer::ok).orElse(false)) {
        throw new IOException("anna cannot be added");
      }
    }
    // Hooks find their files below the home: below this one, not below that of a server in use.
    String usual = System.setProperty(HOME, home.root().toString());
    try (Heddle heddle = Heddle.start(home, config, events)) {
      new Talk(talk, lines, listener -> heddle.address(listener).getPort()).run();
    } finally {
      if (usual == null) {
        System.clearProperty(HOME);
      } else {
        System.setProperty(HOME, usual);
      }
    }
    return List.copyOf(failures);
  }

  private static void failure(Event event, List<String> failures) {
    if (event instanceof Event.HookFailed failed) {
      failures.add(failed.hook() + ": " + failed.why());
    } else if (event instanceof Event.HookPrinted printed) {
      failures.add(printed.hook() + " printed: " + printed.words());
    }
  }

  /** What the talk wants, and the hook where it belongs; a talk that has a table has all of it. */
  private String config(List<String> lines) throws Refused {
    List<String> wanted = Talk.config(lines);
    StringBuilder config = new StringBuilder(String.join("\n", wanted)).append('\n');
    Map<String, String> classes = new LinkedHashMap<>();
    look().forEach((name, kind) -> classes.putIfAbsent(kind, name));
    if (!wanted.contains("[session]") && classes.containsKey("ProxyHook")) {
      config.append("[session]\nproxy = \"" + classes.get("ProxyHook") + "\"\n");
    }
    if (!wanted.contains("[session.auth]")) {
      config.append("[session.auth]\nmechanisms = [" + mechanisms(lines) + "]\n");
      if (classes.containsKey("AuthHook")) {
        config.append("hook = \"" + classes.get("AuthHook") + "\"\n");
      }
      if (classes.containsKey("PasswordHook")) {
        config.append("lookup = [\"hook/" + classes.get("PasswordHook") + "\", \"local\"]\n");
      }
    }
    if (!wanted.contains("[session.auth.errors]")) {
      config.append("[session.auth.errors]\nwait = \"1ms\"\ntotal = 100\n");
    }
    return config.toString();
  }

  private Map<String, String> look() throws Refused {
    try {
      return Hooks.look(hook);
    } catch (HooksRefused refused) {
      throw SiteHooks.refused(hook + " does not compile", refused);
    }
  }

  /** PLAIN, LOGIN, and what the talk tries. */
  private static String mechanisms(List<String> lines) {
    Set<String> names = new LinkedHashSet<>(List.of("PLAIN", "LOGIN"));
    for (String line : lines) {
      Matcher auth = AUTH.matcher(line);
      if (auth.matches()) {
        names.add(auth.group(1).toUpperCase(java.util.Locale.ROOT));
      }
    }
    return String.join(", ", names.stream().map(n -> '"' + n + '"').toList());
  }

  private static void delete(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
