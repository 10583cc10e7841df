package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.TestHome;
import heddle.event.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hooks that throw, recurse, loop, sleep and print for ever; meanwhile the others log in. */
class BadHooksTest {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final List<String> BAD =
      List.of("Throws", "Recurses", "Loops", "Sleeps", "Prints");

  private static final String MISDEEDS =
      """
      public final class Misdeeds {
        static int deeper(int n) { return deeper(n + 1) + 1; }
        static void of(String name) throws Exception {
          switch (name) {
            case "Throws" -> throw new IllegalStateException("the client said secret");
            case "Recurses" -> deeper(0);
            case "Loops" -> { while (System.getProperty("heddle.mercy") == null) {} }
            case "Sleeps" -> Thread.sleep(60_000);
            default -> { while (System.getProperty("heddle.mercy") == null) System.out.println("for ever"); }
          }
        }
      }
      """;

  @BeforeAll
  static void noMercy() {
    System.clearProperty("heddle.mercy");
  }

  /** No loop can be stopped from outside; these would keep the tests behind them from the cores. */
  @AfterAll
  static void mercy() {
    System.setProperty("heddle.mercy", "yes");
  }

  private static String hook(String name, String kind) {
    String method =
        switch (kind) {
          case "Auth" -> "Decision auth(AuthAttempt a)";
          case "Proxy" -> "ProxyDecision command(ProxyCommand c)";
          default ->
              "boolean authPlain(String z, String c, heddle.mail.Secret p, Connection o,"
                  + " java.util.concurrent.ConcurrentMap<String, Object> m)";
        };
    return "import heddle.hook.*;\npublic class %s%s implements %sHook { public %s throws Exception { Misdeeds.of(\"%s\"); %s } }\n"
        .formatted(
            name,
            kind,
            kind,
            method,
            name,
            kind.equals("Password") ? "return true;" : "return null;");
  }

  private static TestServer start(String kind, String key) throws Exception {
    Map<String, String> files = new java.util.HashMap<>();
    files.put("etc/hooks/Misdeeds.java", MISDEEDS);
    StringBuilder rules = new StringBuilder("[");
    for (String name : BAD) {
      files.put("etc/hooks/" + name + kind + ".java", hook(name, kind));
      rules.append(
          "{ if = \"helo\", eq = \"%s\", then = \"%s%s%s\" }, "
              .formatted(name, kind.equals("Password") ? "hook/" : "", name, kind));
    }
    rules.append(kind.equals("Password") ? "{ else = \"local\" }]" : "{ else = false }]");
    String config =
        key.equals("proxy")
            ? "[session]\nproxy = " + rules + "\n"
            : "[session.auth]\n" + key + " = " + rules + "\n";
    return TestServer.start(config + "[hooks]\ntimeout = \"1s\"\n", files);
  }

  /** What each bad hook's client hears, while others log in one after the other. */
  private static void suffer(String kind, String key, String command, String expected)
      throws Exception {
    try (TestServer server = start(kind, key);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var over = new AtomicBoolean();
      Future<Integer> others =
          threads.submit(
              () -> {
                int logins = 0;
                while (!over.get()) {
                  try (Speaker good = Speaker.named(server, "good")) {
                    long began = System.nanoTime();
                    String reply = good.plain("anna@example.org", "correct horse");
                    assertTrue(reply.startsWith("235 "), reply);
                    assertTrue(System.nanoTime() - began < 3_000_000_000L, "slow");
                    logins++;
                  }
                }
                return logins;
              });
      List<Future<String>> answers =
          BAD.stream()
              .map(name -> threads.submit((Callable<String>) () -> told(server, name, command)))
              .toList();
      for (int i = 0; i < BAD.size(); i++) {
        String answer = answers.get(i).get();
        assertTrue(answer.startsWith(expected), BAD.get(i) + ": " + answer);
      }
      over.set(true);
      assertTrue(others.get() > 0, "nobody else logged in");
      List<String> why =
          server.events().stream()
              .filter(e -> e instanceof Event.HookFailed)
              .map(e -> ((Event.HookFailed) e).why())
              .toList();
      assertTrue(
          why.stream().anyMatch(w -> w.matches("IllegalStateException at Misdeeds.java:5")),
          why.toString());
      assertTrue(why.toString().contains("StackOverflowError at Misdeeds.java:2"), why.toString());
      assertTrue(why.toString().contains("no answer within 1.0 s"), why.toString());
      assertTrue(!why.toString().contains("secret"), why.toString());
    }
  }

  private static String told(TestServer server, String name, String command) throws Exception {
    try (Speaker client = Speaker.named(server, name)) {
      long began = System.nanoTime();
      String reply = client.ask(command);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      boolean atOnce = name.equals("Throws") || name.equals("Recurses");
      Duration most = atOnce ? PATIENCE : PATIENCE.plusSeconds(1);
      return took.compareTo(most) < 0 ? reply : "late, after " + took;
    }
  }

  /** The kernel's number for how willingly each thread of a hook gives way; 0 is the usual. */
  private static List<Integer> niceness(String hook) throws Exception {
    List<Integer> found = new java.util.ArrayList<>();
    try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        String stat = Files.readString(task.resolve("stat"));
        if (stat.contains("(hook " + hook + ")")) {
          // proc(5): behind the name in brackets the 17th field is nice.
          String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
          found.add(Integer.parseInt(fields[16]));
        }
      }
    } catch (java.nio.file.NoSuchFileException | java.io.UncheckedIOException ended) {
      // One ended meanwhile; the others are there.
    }
    return found;
  }

  private static String login() {
    return "AUTH PLAIN " + Speaker.base64("\0anna@example.org\0correct horse");
  }

  @Test
  @Tag("A30")
  void a_bad_auth_hook_is_454() throws Exception {
    suffer("Auth", "hook", login(), "454 4.7.0 ");
  }

  @Test
  @Tag("A30")
  @Tag("E7")
  void a_bad_password_hook_is_454() throws Exception {
    suffer("Password", "lookup", login(), "454 4.7.0 ");
  }

  @Test
  @Tag("C24")
  void a_bad_proxy_hook_is_421() throws Exception {
    suffer("Proxy", "proxy", "NOOP", "421 4.3.0 ");
  }

  @Test
  @Tag("A30")
  void stuck_calls_are_refused_at_once_and_told_and_a_reload_begins_afresh() throws Exception {
    try (TestServer server = start("Auth", "hook")) {
      for (int i = 0; i < 4; i++) {
        try (Speaker client = Speaker.named(server, "Loops")) {
          assertTrue(client.ask(login()).startsWith("454 "));
        }
      }
      assertEquals(List.of(15, 15, 15, 15), niceness("LoopsAuth"), "they take no core from others");
      try (Speaker client = Speaker.named(server, "Loops")) {
        long began = System.nanoTime();
        assertTrue(client.ask(login()).startsWith("454 "));
        assertTrue(System.nanoTime() - began < PATIENCE.toNanos() / 2, "not at once");
      }
      Event.HookStuck told =
          (Event.HookStuck)
              server.events().stream()
                  .filter(e -> e instanceof Event.HookStuck)
                  .findFirst()
                  .orElseThrow();
      assertEquals("LoopsAuth", told.hook());
      assertTrue(told.stack().contains("Misdeeds.of(Misdeeds.java:7)"), told.stack());
      String row =
          TestHome.ask(server.heddle(), "hook.list").rows().stream()
              .filter(r -> "LoopsAuth".equals(r.get("hook")))
              .findFirst()
              .orElseThrow()
              .toString();
      assertTrue(row.contains("state=stuck") && row.contains("Misdeeds.java:7"), row);
      // Calls that end when they are told to are slow, and not stuck.
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var sleepers =
            java.util.stream.IntStream.range(0, 6)
                .mapToObj(_ -> threads.submit(() -> told(server, "Sleeps", login())))
                .toList();
        for (var sleeper : sleepers) {
          assertTrue(sleeper.get().startsWith("454 "), sleeper.get());
        }
      }
      assertEquals(1, server.events().stream().filter(e -> e instanceof Event.HookStuck).count());
      // The other hooks go on as before.
      try (Speaker client = Speaker.named(server, "Throws")) {
        assertTrue(client.ask(login()).startsWith("454 "));
      }
      assertTrue(TestHome.ask(server.heddle(), "hook.reload").ok());
      String fresh = TestHome.ask(server.heddle(), "hook.list").rows().toString();
      assertTrue(!fresh.contains("state=stuck"), fresh);
    }
  }
}
