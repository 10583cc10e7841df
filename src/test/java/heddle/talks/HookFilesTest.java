package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.Home;
import heddle.app.Refused;
import heddle.app.TestHome;
import heddle.control.Answer;
import heddle.event.Event;
import heddle.event.EventBus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the files of the hooks folder at start and at reload. */
class HookFilesTest {
  private static final String FILE = "etc/hooks/Site.java";
  private static final String CONFIG = "[session.auth]\nhook = \"Site\"\n";

  private static String saying(String words) {
    return """
    import static heddle.hook.Decisions.*;
    import heddle.hook.*;
    public class Site implements AuthHook {
      public Decision auth(AuthAttempt attempt) { return %s; }
    }
    """
        .formatted(words);
  }

  private static String login(Speaker client) throws Exception {
    return client.plain("carl@example.org", "x");
  }

  @Test
  void a_connection_keeps_the_hooks_it_began_with() throws Exception {
    try (TestServer server = TestServer.start(CONFIG, Map.of(FILE, saying("defer(\"old\")")));
        Speaker old = Speaker.named(server, "x")) {
      TestHome.write(server.home(), Map.of(FILE, saying("defer(\"new\")")));
      assertEquals("454 4.7.0 old", login(old));
      assertTrue(TestHome.ask(server.heddle(), "hook.reload").ok());
      assertEquals("454 4.7.0 old", login(old));
      try (Speaker young = Speaker.named(server, "x")) {
        assertEquals("454 4.7.0 new", login(young));
      }
    }
  }

  @Test
  void what_does_not_compile_at_reload_leaves_the_old_in_force() throws Exception {
    try (TestServer server = TestServer.start(CONFIG, Map.of(FILE, saying("defer(\"old\")")))) {
      TestHome.write(server.home(), Map.of(FILE, saying("defr(\"new\")")));
      Answer answer = TestHome.ask(server.heddle(), "hook.reload");
      assertEquals(78, answer.exit());
      assertTrue(answer.why().startsWith("Site.java:4:54  cannot find symbol"), answer.why());
      try (Speaker client = Speaker.named(server, "x")) {
        assertEquals("454 4.7.0 old", login(client));
      }
    }
  }

  private static Refused refused(Home home) throws Exception {
    List<Event> events = new CopyOnWriteArrayList<>();
    Refused refused =
        assertThrows(Refused.class, () -> TestHome.start(home, new EventBus(events::add)).close());
    TestHome.delete(home.root());
    return refused;
  }

  private static Home home(String config, String source) throws Exception {
    Home home =
        TestHome.make(
            "[listener.submissions]\nbind = [\"127.0.0.1:0\"]\ntls = \"implicit\"\n" + config);
    TestHome.write(home, Map.of(FILE, source));
    return home;
  }

  private static String why(Refused refused) {
    return TestHome.answer(refused).why();
  }

  @Test
  void a_class_that_is_named_but_not_there_is_an_error() throws Exception {
    Refused refused = refused(home("[session]\nproxy = \"Sight\"\n", saying("reject()")));
    assertTrue(
        why(refused).contains("session.proxy names Sight, and there is no such class"),
        why(refused));
    assertEquals(78, TestHome.answer(refused).exit());
  }

  @Test
  void a_class_of_another_kind_is_an_error() throws Exception {
    Refused refused = refused(home("[session]\nproxy = \"Site\"\n", saying("reject()")));
    assertTrue(why(refused).contains("Site, which is no ProxyHook"), why(refused));
  }

  @Test
  void what_does_not_compile_keeps_a_server_from_starting() throws Exception {
    Refused refused = refused(home(CONFIG, saying("1")));
    assertTrue(why(refused).contains("Site.java:4:54  incompatible types"), why(refused));
  }

  @Test
  void what_others_may_write_is_not_run() throws Exception {
    Home home = home(CONFIG, saying("reject()"));
    Files.setPosixFilePermissions(
        home.root().resolve(FILE), PosixFilePermissions.fromString("rw-rw-r--"));
    String why = why(refused(home));
    assertTrue(why.contains("Site.java: others may write it; do: chmod go-w "), why);
  }

  @Test
  void a_mechanism_that_nobody_speaks_is_an_error() throws Exception {
    Refused refused =
        refused(home("[session.auth]\nmechanisms = [\"PLAIN\", \"OTP\"]\n", saying("reject()")));
    assertTrue(
        why(refused).contains("\"OTP\" is not built in, and no hook is asked"), why(refused));
  }

  @Test
  void the_last_good_ones_of_unchanged_source_are_used_and_that_is_said() throws Exception {
    Home home = home(CONFIG, saying("defer(\"kept\")"));
    TestHome.start(home, new EventBus(_ -> {})).close();
    Path kept = home.root().resolve("var/hooks");
    assertTrue(Files.exists(kept.resolve("Site.class")));
    // As after an upgrade: the same source no longer compiles.
    Path source = home.root().resolve(FILE);
    Files.writeString(source, saying("1"));
    Files.writeString(kept.resolve("mark"), TestHome.markOfHooks(home));
    List<Event> events = new CopyOnWriteArrayList<>();
    TestHome.start(home, new EventBus(events::add)).close();
    assertTrue(
        events.stream()
            .anyMatch(
                e -> e instanceof Event.Warning w && w.what().contains("hooks do not compile")),
        events.toString());
    Files.writeString(source, saying("2"));
    assertTrue(why(refused(home)).contains("incompatible types"));
  }

  /** A jar with the class Site, made in a folder of its own. */
  private static void jar(Path jar, Path folder) throws Exception {
    Path source = folder.resolve("Site.java");
    Files.writeString(source, saying("defer(\"from a jar\")"));
    int exit =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertEquals(0, exit);
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("Site.class"));
      out.write(Files.readAllBytes(folder.resolve("Site.class")));
      out.closeEntry();
    }
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
  }

  @Test
  void a_class_in_a_jar_may_be_named(@TempDir Path folder) throws Exception {
    Map<String, String> helper = Map.of("etc/hooks/Helper.java", "class Helper { Site site; }");
    Home home = TestHome.make("[listener.submissions]\nbind = [\"127.0.0.1:0\"]\n" + CONFIG);
    TestHome.write(home, helper);
    jar(home.etc().resolve("hooks/site.jar"), folder);
    Answer list = TestHome.alone(home, "hook.list", Map.of());
    assertTrue(list.rows().toString().contains("hook=Site, kind=in a jar"), list.toString());
    List<Event> events = new CopyOnWriteArrayList<>();
    TestHome.start(home, new EventBus(events::add)).close();
    assertTrue(
        events.stream()
            .anyMatch(e -> e instanceof Event.HooksLoaded l && l.inUse().equals(List.of("Site"))),
        events.toString());
    TestHome.delete(home.root());
  }

  @Test
  void with_a_hook_nobody_else_need_be_asked() throws Exception {
    String config = CONFIG + "lookup = false\n";
    String source = saying("attempt.state() == 0 ? accept() : verify()");
    try (TestServer server = TestServer.start(config, Map.of(FILE, source));
        Speaker client = Speaker.named(server, "x")) {
      assertTrue(login(client).startsWith("235 "));
    }
    try (TestServer server = TestServer.start(config, Map.of(FILE, saying("verify()")));
        Speaker client = Speaker.named(server, "x")) {
      assertTrue(login(client).startsWith("454 4.7.0 "));
    }
  }

  @Test
  void hook_test_says_what_a_file_is() throws Exception {
    Home home = home(CONFIG, saying("reject()"));
    Path file = home.root().resolve(FILE);
    Answer good = TestHome.alone(home, "hook.test", Map.of("file", file.toString()));
    assertEquals("[{class=Site, kind=AuthHook}]", good.rows().toString());
    Answer list = TestHome.alone(home, "hook.list", Map.of());
    assertTrue(list.rows().toString().contains("hook=Site"), list.toString());
    Files.writeString(file, saying("1"));
    Answer bad = TestHome.alone(home, "hook.test", Map.of("file", file.toString()));
    assertTrue(bad.why().startsWith("Site.java:4:54  "), bad.why());
    assertEquals(5, TestHome.alone(home, "hook.reload", Map.of()).exit());
    TestHome.delete(home.root());
  }
}
