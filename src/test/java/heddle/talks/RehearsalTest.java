package heddle.talks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import heddle.app.Home;
import heddle.app.TestHome;
import heddle.control.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hook test FILE --talk FILE}. */
class RehearsalTest {
  private static final String HELLO =
      "connect submissions\nTLS\nS~ 220 .*\nC: EHLO client\nS* 250\n";
  @TempDir private Path folder;

  private Answer play(Path hook, Path talk) throws Exception {
    Home home = TestHome.make("");
    try {
      return TestHome.alone(
          home, "hook.test", Map.of("file", hook.toString(), "talk", talk.toString()));
    } finally {
      TestHome.delete(home.root());
    }
  }

  private Answer play(String hook, String talk) throws Exception {
    Path source = folder.resolve(hook.replaceFirst("(?s).*public class (\\w+).*", "$1") + ".java");
    Files.writeString(source, hook);
    return play(source, Files.writeString(folder.resolve("x.talk"), talk));
  }

  @Test
  void the_talk_of_the_example_goes_as_it_is_written() throws Exception {
    Answer answer =
        play(Path.of("examples/hooks/CramMd5.java"), Path.of("examples/hooks/CramMd5.talk"));
    assertTrue(answer.ok(), answer.toString());
    assertEquals("CramMd5.talk went as it is written", answer.rows().getFirst().get("talk"));
    assertEquals(1, answer.rows().size());
  }

  @Test
  void a_talk_that_goes_another_way_is_told_by_line() throws Exception {
    Answer answer =
        play(
            Path.of("examples/hooks/CramMd5.java"),
            Files.writeString(
                folder.resolve("x.talk"), HELLO + "C: AUTH CRAM-MD5\nS: 235 2.7.0 Logged in\n"));
    assertEquals(Answer.FAILED, answer.exit());
    assertTrue(answer.why().matches("x\\.talk:7: heard \"334 .*\", not \"235 .*\""), answer.why());
    answer =
        play(
            Path.of("examples/hooks/CramMd5.java"),
            Files.writeString(folder.resolve("x.talk"), "C: EHLO\n"));
    assertTrue(answer.why().contains("x.talk:1: nobody has connected yet"), answer.why());
    answer =
        play(
            Path.of("examples/hooks/CramMd5.java"),
            Files.writeString(folder.resolve("x.talk"), "connect nowhere\n"));
    assertTrue(answer.why().contains("x.talk:1: there is no listener nowhere"), answer.why());
  }

  @Test
  void what_the_hook_threw_and_printed_is_told() throws Exception {
    Answer answer =
        play(
            "import heddle.hook.*;\npublic class Throws implements AuthHook {\n"
                + "  public Decision auth(AuthAttempt a) {\n"
                + "    System.out.println(\"here I am\");\n"
                + "    throw new IllegalStateException();\n  }\n}\n",
            HELLO + "C: AUTH PLAIN ${b64:\\0a\\0b}\nS~ 454 .*\n");
    assertTrue(answer.ok(), answer.toString());
    String told = answer.rows().toString();
    assertTrue(told.contains("Throws: IllegalStateException at Throws.java:5"), told);
    assertTrue(told.contains("Throws printed: here I am"), told);
  }

  @Test
  void a_password_hook_and_a_proxy_hook_stand_where_they_belong() throws Exception {
    Answer answer =
        play(
            "import heddle.hook.*;\npublic class Bosses implements PasswordHook {\n"
                + "  public boolean authPlain(String z, String c, heddle.mail.Secret p,"
                + " Connection o, java.util.concurrent.ConcurrentMap<String, Object> m) {\n"
                + "    return c.equals(\"boss@example.org\") && p.matches(\"pw\");\n  }\n}\n",
            HELLO + "C: AUTH PLAIN ${b64:\\0boss@example.org\\0pw}\nS~ 235 .*\n");
    assertTrue(answer.ok(), answer.toString());
    answer =
        play(
            "import heddle.hook.*;\npublic class Doorman implements ProxyHook {\n"
                + "  public ProxyDecision command(ProxyCommand c) {\n"
                + "    return c.verb().equals(\"XHI\") ? Decisions.proxyReply(\"hi\") : null;\n  }\n}\n",
            HELLO + "C: XHI\nS: 250 2.0.0 hi\n");
    assertTrue(answer.ok(), answer.toString());
  }

  @Test
  void what_does_not_compile_is_told_with_its_line() throws Exception {
    Answer answer = play("public class Broken {\n  nonsense\n}\n", HELLO);
    assertTrue(!answer.ok() && answer.why().contains("Broken.java:2"), answer.toString());
    answer = play(folder.resolve("Nobody.java"), folder.resolve("nobody.talk"));
    assertTrue(!answer.ok(), answer.toString());
  }
}
